"""Pods of the shipped PCI deployment on its nodes, by the real scheduler: the platform's with a zone gone, and teams'.

Kyverno's command line changes pods of teams as it does at admission.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.capacity import GUARDDUTY_AGENT
from config.deployment import Deployment
from config.generated import ROOT
from config.loader import SCHEMA_KEY, load_one
from config.policies import DIRECTORY, FILE
from config.sizing import SIZINGS
from constructs_lib.karpenter.pools import pool_values
from constructs_lib.synth import render, write
from tests.cluster.test_platform_pods import (
    MINOR,
    NAMESPACE,
    NOT_READY,
    SYSTEM,
    ZONES,
    Scene,
    cluster_stacks,
    manned,
    settled,
)
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.component_pods import daemons, of_charts, of_rows, platform_nodes
from tests.kubernetes.nodes import ZONE, Shape, delete_all, remove, running, smallest, system_group, unplaced
from tests.kubernetes.releases import release, releases_of
from tests.kubernetes.workloads import manifests
from tests.kyverno import cli
from tests.synth import Synth

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]

STACKS = ("cluster-eks", "cluster-addons", "cluster-karpenter")
TEAMS = {"team-payments": "pci-workloads", "team-others": None}
KINDS = ("deployments", "statefulsets", "daemonsets", "replicasets")


def deployment_of(profile: str) -> Deployment:
    """The shipped deployment in a sizing profile, with a team that fits into the smallest."""
    keys = json.loads((ROOT / "envs/pci/v1/deployment.json").read_text(encoding="utf-8"))
    (team,) = keys["deployment:teams"]
    keys |= {"deployment:sizing": profile, "deployment:teams": [team | {"quotas": {"cpu": "4", "memory": "8Gi"}}]}
    return load_one({key: value for key, value in keys.items() if key != SCHEMA_KEY}, source="test.json")


@pytest.fixture(scope="module")
def pci() -> Deployment:
    return deployment_of("ha")


def pool_nodes(deployment: Deployment, name: str, count: int) -> list[dict[str, Any]]:
    """``count`` nodes of Karpenter's pool ``name``."""
    (pool,) = [each for each in pool_values(deployment) if each["name"] == name]
    shape = Shape(
        pool=name,
        instance_type=smallest(pool["instanceTypes"], pool["maxPods"]),
        max_pods=pool["maxPods"],
        labels={**pool["labels"], "karpenter.sh/nodepool": name},
        taints=pool["taints"],
    )
    return shape.nodes(ZONES, count)


@pytest.fixture(name="_classes")
def classes(cluster: Cluster, shipped: Synth) -> Iterator[None]:
    """The priority classes of chart cluster-base."""
    base = release(shipped, "idp-pci-cluster-addons", "cluster-base").manifests(MINOR)
    made = [each for each in base if each["kind"] == "PriorityClass"]
    missing = [each for each in made if each["metadata"]["name"] not in cluster.names("priorityclasses")]
    if missing:
        cluster.apply(*missing)
    yield
    if missing:
        cluster.delete("priorityclass", *(each["metadata"]["name"] for each in missing))


@pytest.fixture(params=SIZINGS)
def scene(
    request: pytest.FixtureRequest, cluster: Cluster, shipped: Synth, tmp_path: Path, _classes: None
) -> Iterator[Scene]:
    """The platform's workloads on its steady nodes, with two nodes of each pool of teams beside them."""
    pci = deployment_of(request.param)
    cluster.make_namespace(NAMESPACE)
    write(render([pci], cluster_stacks), tmp_path)
    synth = Synth(tmp_path)
    stacks = {name: synth.stack(f"{pci.id}-{name}") for name in STACKS}
    own = [each for each in shipped.stacks() if each.name.startswith(f"{pci.id}-")]
    charts = [each for stack in own for each in releases_of(shipped, stack)]
    shape, limit = platform_nodes(pci)
    steady = SIZINGS[pci.sizing].platform_pool(pci.components.enabled()).steady
    found = Scene(
        shape=shape,
        spare=limit - steady,
        components=[*of_rows(pci, NAMESPACE), *of_charts(charts, pci, NAMESPACE, MINOR)],
        system=manifests(synth, iter(stacks.values())),
    )
    group = system_group(stacks["cluster-eks"])
    teams = [node for name in ("workloads", "pci-workloads") for node in pool_nodes(pci, name, 2)]
    nodes = [*group.shape.nodes(ZONES, group.count), *shape.nodes(ZONES, steady), *teams]
    with running(cluster, nodes, [*daemons(), GUARDDUTY_AGENT]):
        try:
            cluster.apply(*found.agents)
            manned(cluster, found)
            cluster.apply(*(each for each in found.components if each not in found.agents), *found.system)
            yield found
        finally:
            for kind in KINDS:
                delete_all(cluster, f"apis/apps/v1/namespaces/{NAMESPACE}/{kind}")
            cluster.delete("deployment", *(each["metadata"]["name"] for each in found.system), namespace=SYSTEM)


def pools_of_pods(cluster: Cluster, namespace: str) -> dict[str, set[str]]:
    """Kind of what owns pods → pools that they are on."""
    pool = {
        each["metadata"]["name"]: each["metadata"]["labels"].get("platform/pool") for each in cluster.items("nodes")
    }
    found: dict[str, set[str]] = {}
    for pod in cluster.items("pods", namespace):
        if "nodeName" in pod["spec"]:
            owner = pod["metadata"].get("ownerReferences", [{"kind": "Pod"}])[0]["kind"]
            found.setdefault(owner, set()).add(pool[pod["spec"]["nodeName"]])
    return found


def test_the_platform_fits_on_its_nodes_with_a_zone_gone_and_nothing_of_it_but_agents_is_among_cardholder_data(
    cluster: Cluster, scene: Scene
) -> None:
    settled(cluster, scene)
    assert unplaced(cluster, SYSTEM) == []
    lost = [each["metadata"]["name"] for each in cluster.items("nodes") if each["metadata"]["labels"][ZONE] == ZONES[0]]
    remove(cluster, lost)
    spare = [scene.shape.node(f"spare-{index}", ZONES[1 + index % 2]) for index in range(scene.spare)]
    for node in spare:
        node["spec"]["taints"].append({"key": NOT_READY, "effect": "NoSchedule"})
    cluster.create(*spare)
    manned(cluster, scene)
    cluster.kubectl("taint", "nodes", *(node["metadata"]["name"] for node in spare), f"{NOT_READY}-")
    settled(cluster, scene)
    pools = pools_of_pods(cluster, NAMESPACE)
    # Falco and the log collector watch every node.
    assert "pci-workloads" in pools.pop("DaemonSet")
    assert set().union(*pools.values()) == {"platform"}
    assert pools_of_pods(cluster, SYSTEM)["ReplicaSet"] == {"system"}


def placed_by_policy(*pods: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``pods`` as they leave Kyverno. Fails where a policy refuses one."""
    (place,) = DIRECTORY.glob("*/place-on-pool")
    labels = {
        name: {"platform/scope": "team"} | ({"platform/pool": pool} if pool else {}) for name, pool in TEAMS.items()
    }
    made = cli.made([yaml.safe_load((place / FILE).read_text(encoding="utf-8"))], pods, namespaces=labels)
    checking = [policy_at(name) for name in ("keep-to-pool", "restrict-pools")]
    assert {each.result for each in cli.apply(checking, made, namespaces=labels)} == {"pass"}
    return made


def policy_at(name: str) -> dict[str, Any]:
    (place,) = DIRECTORY.glob(f"*/{name}")
    found: dict[str, Any] = yaml.safe_load(Path(place / FILE).read_text(encoding="utf-8"))
    found["spec"]["validationActions"] = ["Deny"]
    return found


def pod(name: str, namespace: str, **spec: Any) -> dict[str, Any]:
    resources = {"requests": {"cpu": "500m", "memory": "512Mi"}}
    containers = [{"name": "web", "image": "registry.example.com/web:1.0.0", "resources": resources}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"containers": containers, **spec},
    }


def where(cluster: Cluster, namespace: str) -> dict[str, str]:
    """Pod → pool of the node that it is on."""
    pool = {each["metadata"]["name"]: each["metadata"]["labels"]["platform/pool"] for each in cluster.items("nodes")}
    pods = [each for each in cluster.items("pods", namespace) if "nodeName" in each["spec"]]
    return {each["metadata"]["name"]: pool[each["spec"]["nodeName"]] for each in pods}


@pytest.fixture
def teams(cluster: Cluster) -> Iterator[None]:
    for name in TEAMS:
        cluster.make_namespace(name)
    yield
    for name in TEAMS:
        delete_all(cluster, f"api/v1/namespaces/{name}/pods")


@pytest.mark.proves("2.2.3")
@pytest.mark.usefixtures("teams")
def test_cardholder_pods_are_on_their_pool_and_nobody_elses_are_however_full_the_others(
    cluster: Cluster, pci: Deployment
) -> None:
    nodes = [*pool_nodes(pci, "workloads", 1), *pool_nodes(pci, "pci-workloads", 3)]
    with running(cluster, nodes):
        cardholder = [pod(f"payments-{index}", "team-payments") for index in range(4)]
        others = [pod(f"other-{index}", "team-others") for index in range(5)]
        # It asks for the pool by its label, which is no right to be there.
        wishing = pod("wishing", "team-others", nodeSelector={"platform/pool": "pci-workloads"})
        cluster.create(*placed_by_policy(*cardholder, *others, wishing))
        cluster.until(lambda: len(where(cluster, "team-payments")) == 4, "nodes of payments")
        # Three pods of half a core fit on the one open node.
        cluster.until(
            lambda: len(where(cluster, "team-others")) == 3 and len(unplaced(cluster, "team-others")) == 3,
            "a full node",
        )
        assert set(where(cluster, "team-payments").values()) == {"pci-workloads"}
        assert set(where(cluster, "team-others").values()) == {"workloads"}
        cluster.until(
            lambda: all("untolerated taint" in each for each in unplaced(cluster, "team-others")),
            "the taint to be named",
        )


@pytest.mark.usefixtures("teams")
def test_without_the_policy_a_pod_of_payments_would_be_among_others(cluster: Cluster, pci: Deployment) -> None:
    """The test above can fail: it is the policy that brings pods to the pool, and not the pool."""
    with running(cluster, [*pool_nodes(pci, "workloads", 1), *pool_nodes(pci, "pci-workloads", 1)]):
        cluster.create(pod("unchanged", "team-payments"))
        cluster.until(lambda: bool(where(cluster, "team-payments")), "a node")
        assert where(cluster, "team-payments") == {"unchanged": "workloads"}

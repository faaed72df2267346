"""Every pod of the platform's components has a node in each sizing profile, and again with a zone gone.

By the real scheduler, on as many nodes as the pool runs steadily. With the fullest zone gone Karpenter adds nodes in
the others up to the pool's limit, for which the lost ones still count. Volumes aren't looked at: a zonal one keeps its
pod waiting for the zone (JetStream's quorum is two of three).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load_one
from config.sizing import SIZINGS
from constructs_lib.engine import App
from constructs_lib.stack import PlatformStack
from constructs_lib.synth import render, write
from stacks.cluster.addons import AddonsStack
from stacks.cluster.eks import EksStack
from stacks.cluster.karpenter import KarpenterStack
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.component_pods import WORKLOAD, daemons, of_charts, of_rows, overlapping, platform_nodes, replicas
from tests.kubernetes.nodes import ZONE, Shape, delete_all, remove, running, system_group, unplaced
from tests.kubernetes.releases import release, releases
from tests.kubernetes.workloads import manifests
from tests.synth import Synth

# One worker of the long rest: each has a control plane of its own.
pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900), pytest.mark.xdist_group("platform-pods")]
SOAK = pytest.mark.soak

MINOR = "1.34"
NAMESPACE, SYSTEM = "platform-pods", "kube-system"
ZONES = ("us-west-2a", "us-west-2b", "us-west-2c")
STACKS: tuple[type[PlatformStack], ...] = (EksStack, AddonsStack, KarpenterStack)
OPTIONAL = ("crossplane", "falco", "velero")
# Seconds. A loaded machine takes its time over hundreds of pods.
PATIENCE = 180.0
# Kubernetes documentation, "Taints and Tolerations": a node has it until it is ready; DaemonSets tolerate it.
NOT_READY = "node.kubernetes.io/not-ready"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """``shape`` of the platform pool's nodes, how many ``spare`` ones its limit leaves, and the workloads: those of
    components, and those of kube-system."""

    shape: Shape
    spare: int
    components: Sequence[Mapping[str, Any]]
    system: Sequence[Mapping[str, Any]]

    @property
    def agents(self) -> list[Mapping[str, Any]]:
        """What runs on every node."""
        return [each for each in self.components if each["kind"] == "DaemonSet"]


@pytest.fixture(scope="module")
def ours(cluster: Cluster, everything: Synth, everything_on: Deployment) -> Iterator[list[dict[str, Any]]]:
    """What our own charts run. The priority classes of chart cluster-base are there."""
    base = release(everything, "idp-cluster-addons", "cluster-base").manifests(MINOR)
    classes = [each for each in base if each["kind"] == "PriorityClass"]
    missing = [each for each in classes if each["metadata"]["name"] not in cluster.names("priorityclasses")]
    if missing:
        cluster.apply(*missing)
    cluster.make_namespace(NAMESPACE)
    found = of_charts(releases(everything), everything_on, NAMESPACE, MINOR)
    assert found, "our charts run nothing"
    yield found
    # Helm wouldn't take over what it didn't make.
    if missing:
        cluster.delete("priorityclass", *(each["metadata"]["name"] for each in missing))


def deployment_of(context: Mapping[str, Any], profile: str, optional: bool) -> Deployment:
    """The shipped deployment in a sizing profile, with the components of choice or without."""
    components = context["deployment:components"] | {name: {"enabled": True} for name in OPTIONAL if optional}
    keys = {name: value for name, value in context.items() if name != "deployments"}
    return load_one(keys | {"deployment:sizing": profile, "deployment:components": components}, source="test.json")


def cluster_stacks(app: App, deployment: Deployment) -> Sequence[PlatformStack]:
    return [kind(app, deployment) for kind in STACKS]


@pytest.fixture(
    scope="module",
    params=[
        *(pytest.param((profile, False), id=profile) for profile in SIZINGS),
        *(
            pytest.param((profile, True), id=f"{profile} and optional", marks=() if profile == "ha" else SOAK)
            for profile in SIZINGS
        ),
    ],
)
def scene(
    request: pytest.FixtureRequest,
    cluster: Cluster,
    ours: list[dict[str, Any]],
    shipped_context: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Scene]:
    """All workloads of a deployment, on as many nodes as its system group and its platform pool run."""
    deployment = deployment_of(shipped_context, *request.param)
    out = tmp_path_factory.mktemp("cluster-stacks")
    write(render([deployment], cluster_stacks), out)
    synth = Synth(out)
    stacks = {kind.stack: synth.stack(f"{deployment.id}-{kind.layer}-{kind.stack}") for kind in STACKS}
    group = system_group(stacks["eks"])
    shape, limit = platform_nodes(deployment)
    steady = SIZINGS[deployment.sizing].platform_pool(deployment.components.enabled()).steady
    found = Scene(
        shape=shape,
        spare=limit - steady,
        components=[*of_rows(deployment, NAMESPACE), *ours],
        system=manifests(synth, iter(stacks.values())),
    )
    nodes = [*group.shape.nodes(ZONES, group.count), *shape.nodes(ZONES, steady)]
    with running(cluster, nodes, daemons()):
        try:
            if found.agents:
                cluster.apply(*found.agents)
                manned(cluster, found)
            cluster.apply(*(each for each in found.components if each not in found.agents), *found.system)
            yield found
        finally:
            for kind in ("deployments", "statefulsets", "daemonsets", "replicasets"):
                delete_all(cluster, f"apis/apps/v1/namespaces/{NAMESPACE}/{kind}")
            cluster.delete("deployment", *(each["metadata"]["name"] for each in found.system), namespace=SYSTEM)


def settled(cluster: Cluster, scene: Scene) -> None:
    """Wait until every component has all of its pods, each on a node; say which pods have none, and why."""
    try:
        cluster.until(lambda: not lacking(cluster, scene.components), "node for every pod", patience=PATIENCE)
    except AssertionError as late:
        raise AssertionError(f"{late}: {lacking(cluster, scene.components)}, {unplaced(cluster, NAMESPACE)}") from None


def manned(cluster: Cluster, scene: Scene) -> None:
    """Wait until the agents are on every node. They come first: other pods wait until a node is ready."""
    cluster.until(lambda: not lacking(cluster, scene.agents), "agent on every node", patience=PATIENCE)


def lacking(cluster: Cluster, workloads: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Workload → pods that it lacks on nodes."""
    nodes = len(cluster.items("nodes"))
    evict(cluster)
    found = {each["metadata"]["name"]: replicas(each, nodes) for each in workloads}
    for pod in cluster.items("pods", NAMESPACE):
        labels = pod["metadata"]["labels"]
        if "nodeName" in pod["spec"] and labels[WORKLOAD] in found:
            found[labels[WORKLOAD]] -= 1
    return {name: count for name, count in found.items() if count}


def tried(cluster: Cluster) -> bool:
    """Whether the scheduler has placed every pod or found no node for it, and none is leaving."""
    evict(cluster)
    pods = cluster.items("pods", NAMESPACE)
    leaving = [pod for pod in pods if "deletionTimestamp" in pod["metadata"]]
    untried = [pod for pod in pods if "nodeName" not in pod["spec"] and not pod.get("status", {}).get("conditions")]
    return not leaving and not untried


def evict(cluster: Cluster) -> None:
    """Take away pods that gave way to more important ones, as their node's kubelet would."""
    leaving = [pod["metadata"] for pod in cluster.items("pods", NAMESPACE) if "deletionTimestamp" in pod["metadata"]]
    if leaving:
        cluster.delete("pod", *(each["name"] for each in leaving), namespace=NAMESPACE, wait=False)


def test_every_pod_has_a_node(cluster: Cluster, scene: Scene) -> None:
    settled(cluster, scene)
    assert unplaced(cluster, SYSTEM) == []


def test_every_pod_has_a_node_with_the_fullest_zone_gone(cluster: Cluster, scene: Scene) -> None:
    nodes = cluster.items("nodes")
    remove(cluster, [node["metadata"]["name"] for node in nodes if node["metadata"]["labels"][ZONE] == ZONES[0]])
    # New nodes take a minute: before they come, pods that may displace others have done so.
    cluster.until(lambda: tried(cluster), "try at every pod", patience=PATIENCE)
    spare = [scene.shape.node(f"spare-{index}", ZONES[1 + index % 2]) for index in range(scene.spare)]
    for node in spare:
        node["spec"]["taints"].append({"key": NOT_READY, "effect": "NoSchedule"})
    cluster.create(*spare)
    manned(cluster, scene)
    cluster.kubectl("taint", "nodes", *(node["metadata"]["name"] for node in spare), f"{NOT_READY}-")
    settled(cluster, scene)


@pytest.mark.parametrize("profile", SIZINGS)
def test_no_row_selects_the_pods_of_another(shipped_context: dict[str, Any], profile: str) -> None:
    assert list(overlapping(deployment_of(shipped_context, profile, optional=True))) == []

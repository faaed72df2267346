"""Every pod of the cluster's own stacks has a node, with all zones and with any one gone, by the real scheduler."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.synth import synthesize
from stacks.layers import build
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.nodes import ZONE, SystemGroup, remove, running, system_group, unplaced
from tests.kubernetes.workloads import manifests
from tests.synth import Synth

pytestmark = pytest.mark.cluster

NAMESPACE = "kube-system"
ZONES = ("us-west-2a", "us-west-2b", "us-west-2c")
STACKS = ("idp-cluster-eks", "idp-cluster-addons", "idp-cluster-karpenter")


@dataclass(frozen=True)
class Scene:
    """The system nodes and what shall run on them."""

    group: SystemGroup
    workloads: list[dict[str, Any]]

    @property
    def pods(self) -> int:
        return sum(each["spec"]["replicas"] for each in self.workloads)


@contextmanager
def placed(cluster: Cluster, synth: Synth) -> Iterator[Scene]:
    """All workloads of a deployment placed on as many nodes as its group runs."""
    found = Scene(system_group(synth.stack(STACKS[0])), manifests(synth, (synth.stack(name) for name in STACKS)))
    with running(cluster, found.group.shape.nodes(ZONES, found.group.count)):
        cluster.apply(*found.workloads)
        try:
            settled(cluster, found)
            yield found
        finally:
            names = [each["metadata"]["name"] for each in found.workloads]
            cluster.delete("deployment", *names, namespace=NAMESPACE)


@pytest.fixture
def scene(cluster: Cluster, shipped: Synth) -> Iterator[Scene]:
    """The shipped deployment's workloads, placed."""
    with placed(cluster, shipped) as found:
        yield found


@pytest.fixture
def sized(tmp_path: Path, deployment_with: Callable[..., Deployment]) -> Callable[[str], Synth]:
    """Synthesize the shipped deployment with another sizing profile."""

    def synth(profile: str) -> Synth:
        synthesize([deployment_with({"deployment:sizing": profile})], build, tmp_path)
        return Synth(tmp_path)

    return synth


def settled(cluster: Cluster, scene: Scene) -> None:
    """Wait until all pods are there and have a node; say which haven't and why."""
    try:
        cluster.until(lambda: len(deployed(cluster)) == scene.pods and not unplaced(cluster, NAMESPACE), "placement")
    except AssertionError as late:
        raise AssertionError(f"{late}: {unplaced(cluster, NAMESPACE)}") from None


def deployed(cluster: Cluster) -> list[dict[str, Any]]:
    """Pods of Deployments."""
    pods = cluster.items("pods", NAMESPACE)
    return [pod for pod in pods if pod["metadata"]["ownerReferences"][0]["kind"] == "ReplicaSet"]


def test_replicas_lie_in_different_zones(cluster: Cluster, scene: Scene) -> None:
    zone = {node["metadata"]["name"]: node["metadata"]["labels"][ZONE] for node in cluster.items("nodes")}
    zones: dict[str, set[str]] = {}
    for pod in deployed(cluster):
        owner = pod["metadata"]["ownerReferences"][0]["name"].rpartition("-")[0]
        zones.setdefault(owner, set()).add(zone[pod["spec"]["nodeName"]])
    expected = {each["metadata"]["name"]: min(each["spec"]["replicas"], len(ZONES)) for each in scene.workloads}
    assert {name: len(found) for name, found in zones.items()} == expected


@pytest.mark.parametrize("gone", ZONES)
def test_every_pod_finds_a_node_with_a_zone_gone(cluster: Cluster, scene: Scene, gone: str) -> None:
    lost = lose(cluster, gone)
    settled(cluster, scene)
    assert not {pod["spec"]["nodeName"] for pod in deployed(cluster)} & set(lost)


def test_the_large_profile_bears_a_zone_gone_too(cluster: Cluster, sized: Callable[[str], Synth]) -> None:
    with placed(cluster, sized("large")) as scene:
        lose(cluster, ZONES[0])
        settled(cluster, scene)


def test_the_smallest_profile_waits_for_the_node_that_its_group_puts_elsewhere(
    cluster: Cluster, sized: Callable[[str], Synth]
) -> None:
    """Two nodes are too few to lose one: Karpenter's replicas never share a node. The group keeps its size."""
    with placed(cluster, sized("seed-cost")) as scene:
        lose(cluster, ZONES[0])
        cluster.until(lambda: any("karpenter" in each for each in unplaced(cluster, NAMESPACE)), "Karpenter to wait")
        cluster.create(scene.group.shape.node("system-again", ZONES[1]))
        settled(cluster, scene)


def lose(cluster: Cluster, zone: str) -> list[str]:
    """Take the nodes of a zone away, with their pods; returns their names."""
    lost = [node["metadata"]["name"] for node in cluster.items("nodes") if node["metadata"]["labels"][ZONE] == zone]
    assert lost
    remove(cluster, lost)
    return lost


def test_without_its_toleration_a_pod_would_be_seen_to_wait(cluster: Cluster, scene: Scene) -> None:
    """The test can fail: the taint of the system nodes holds for what doesn't tolerate it."""
    spec = scene.workloads[0]["spec"]["template"]["spec"] | {"tolerations": []}
    labels = {"probe": "untolerated"}
    stranger = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "stranger", "namespace": NAMESPACE, "labels": labels},
        "spec": {key: value for key, value in spec.items() if key in ("containers", "tolerations", "nodeSelector")},
    }
    cluster.create(stranger)
    try:
        cluster.until(lambda: any("untolerated taint" in each for each in unplaced(cluster, NAMESPACE)), "refusal")
    finally:
        cluster.delete("pod", "stranger", namespace=NAMESPACE)

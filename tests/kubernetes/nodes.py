"""Nodes as objects: what the scheduler sees of a pool's nodes, of the size that the capacity calculator computes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from config.capacity import BASE_DAEMONS, INSTANCE_TYPES, Overhead
from tests.kubernetes.cluster import Cluster
from tests.synth import StackJson

ZONE = "topology.kubernetes.io/zone"
_MAX_PODS = re.compile(r"^max-pods = (\d+)$", re.MULTILINE)
# EKS API reference, "Taint", and Kubernetes' own spelling.
_EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
_NAMESPACE = "kube-system"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What all nodes of a pool share. ``taints`` are those of Kubernetes: key, value, effect."""

    pool: str
    instance_type: str
    max_pods: int
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Sequence[Mapping[str, str]] = ()

    def nodes(self, zones: Sequence[str], count: int) -> list[dict[str, Any]]:
        """``count`` nodes, dealt out over the zones as an Auto Scaling group does."""
        return [self.node(f"{self.pool}-{index}", zones[index % len(zones)]) for index in range(count)]

    def node(self, name: str, zone: str) -> dict[str, Any]:
        """A node that is ready and empty."""
        kind = INSTANCE_TYPES[self.instance_type]
        known = {
            "kubernetes.io/hostname": name,
            "kubernetes.io/os": "linux",
            "kubernetes.io/arch": kind.arch,
            "node.kubernetes.io/instance-type": self.instance_type,
            ZONE: zone,
        }
        pods = str(self.max_pods)
        capacity = {"cpu": str(kind.vcpu), "memory": f"{kind.visible_mib}Mi", "pods": pods}
        allocatable = {
            "cpu": f"{kind.allocatable_cpu}m",
            "memory": f"{kind.allocatable_mib(self.max_pods)}Mi",
            "pods": pods,
        }
        ready = {"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "ready"}
        return {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": name, "labels": known | dict(self.labels)},
            "spec": {"taints": [dict(taint) for taint in self.taints]},
            "status": {"capacity": capacity, "allocatable": allocatable, "conditions": [ready]},
        }


@dataclass(frozen=True, kw_only=True)
class SystemGroup:
    """The managed node group of the cluster's own pods, as its stack's JSON says: how many run, and their shape."""

    count: int
    shape: Shape


def system_group(stack: StackJson) -> SystemGroup:
    """The system node group of a ``cluster-eks`` stack; of several instance types, the one with the least memory."""
    group = stack.resource("aws_eks_node_group.system")
    stated = _MAX_PODS.search(stack.document["locals"]["system_user_data"])
    assert stated, "the system nodes' user data states no max-pods"
    max_pods = int(stated.group(1))
    shape = Shape(
        pool="system",
        instance_type=smallest(group["instance_types"], max_pods),
        max_pods=max_pods,
        labels=dict(group["labels"]) | {"eks.amazonaws.com/nodegroup": group["node_group_name"]},
        taints=[
            {"key": taint["key"], "value": taint["value"], "effect": _EFFECTS[taint["effect"]]}
            for taint in group.get("taint", [])
        ],
    )
    return SystemGroup(count=group["scaling_config"]["desired_size"], shape=shape)


def smallest(instance_types: Sequence[str], max_pods: int) -> str:
    """The type with the least memory for pods."""
    return min(instance_types, key=lambda name: INSTANCE_TYPES[name].allocatable_mib(max_pods))


def daemon_set(daemon: Overhead) -> dict[str, Any]:
    """A pod on every node that takes what ``daemon`` takes, as those of EKS do: at once, whatever the taints."""
    labels = {"app": daemon.name}
    requests = {"cpu": f"{daemon.cpu}m", "memory": f"{daemon.mib}Mi"}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": daemon.name, "namespace": _NAMESPACE},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    "priorityClassName": "system-node-critical",
                    "tolerations": [{"operator": "Exists"}],
                    "containers": [
                        {"name": daemon.name, "image": "registry.example.com/x", "resources": {"requests": requests}}
                    ],
                },
            },
        },
    }


@contextmanager
def running(
    cluster: Cluster, nodes: Sequence[Mapping[str, Any]], overheads: Sequence[Overhead] = BASE_DAEMONS
) -> Iterator[None]:
    """These nodes, with a DaemonSet for each of ``overheads``; gone afterwards, with every pod that was on them."""
    daemons = [daemon_set(each) for each in overheads]
    try:
        cluster.create(*nodes)
        cluster.apply(*daemons)
        yield
    finally:
        cluster.delete("daemonset", *(each["metadata"]["name"] for each in daemons), namespace=_NAMESPACE)
        remove(cluster, [node["metadata"]["name"] for node in cluster.items("nodes")])


def remove(cluster: Cluster, names: Sequence[str]) -> None:
    """Take nodes away, with their pods, as when a zone is lost and the pods' eviction time is over."""
    if not names:
        return
    cluster.delete("node", *names)
    pods = cluster.items("pods")
    lost = {(pod["metadata"]["namespace"], pod["spec"].get("nodeName")) for pod in pods}
    for namespace, node in sorted(each for each in lost if each[1] in names):
        delete_all(cluster, f"api/v1/namespaces/{namespace}/pods", f"spec.nodeName%3D{node}")


def delete_all(cluster: Cluster, collection: str, fields: str = "") -> None:
    """Delete a whole collection, or what has ``fields`` of it, by one request: kubectl would send one for each object.

    Objects go at once, without a kubelet's word.
    """
    chosen = f"&fieldSelector={fields}" if fields else ""
    cluster.kubectl("delete", f"--raw=/{collection}?gracePeriodSeconds=0&propagationPolicy=Background{chosen}")


def unplaced(cluster: Cluster, namespace: str) -> list[str]:
    """Pods of a namespace that have no node, each with what the scheduler says of it."""
    found = []
    for pod in cluster.items("pods", namespace):
        if "nodeName" not in pod["spec"]:
            conditions = pod.get("status", {}).get("conditions", [])
            why = " ".join(each.get("message", "") for each in conditions if each["type"] == "PodScheduled")
            found.append(f"{pod['metadata']['name']}: {why}")
    return found

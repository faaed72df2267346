"""Pods of platform components as objects: of third-party charts by the registry's rows, of our own by Helm.

Third-party charts can't be rendered offline. That their values carry what the rows say is the templates' part, which
``tests/unit`` and ``tests/charts`` look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from config.capacity import BASE_DAEMONS, Overhead
from config.deployment import Deployment
from constructs_lib.addons.namespaces import platform_namespaces
from constructs_lib.components.component import Component
from constructs_lib.components.pods import PLATFORM_POOL, Kind, Pods, number, placed
from constructs_lib.components.registry import CATALOG, enabled
from constructs_lib.eks.node_settings import POOL_LABEL
from constructs_lib.karpenter.pools import pool_values
from tests.kubernetes.nodes import Shape, smallest
from tests.kubernetes.releases import Release

Manifest = dict[str, Any]
# On every pod: the name of its workload here.
WORKLOAD = "test/workload"
_HOST = "kubernetes.io/hostname"
# Where a kind keeps its pods' template.
_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "CronJob": ("jobTemplate", "spec", "template"),
    "DaemonSet": ("template",),
    "Deployment": ("template",),
    "Job": ("template",),
    "StatefulSet": ("template",),
}
# A Job waits longer and longer before it replaces a pod that was lost; for the scheduler its pods are as others.
_KINDS: Mapping[Kind, str] = {
    "DaemonSet": "DaemonSet",
    "Deployment": "Deployment",
    "Job": "Deployment",
    "StatefulSet": "StatefulSet",
}
_SCHEDULING = ("affinity", "nodeSelector", "priorityClassName", "tolerations", "topologySpreadConstraints")


def of_rows(deployment: Deployment, namespace: str) -> list[Manifest]:
    """A workload in ``namespace`` for each row of each component that is on, but for rows without pods of their own."""
    return [
        _workload(component, row, deployment, namespace)
        for component in enabled(deployment).values()
        for row in component.running(deployment)
        if row.kind == "DaemonSet" or number(row.replicas, deployment)
    ]


def of_charts(releases: Iterable[Release], deployment: Deployment, namespace: str, minor: str) -> list[Manifest]:
    """What our own charts run on the platform's nodes and no row speaks of, each template once, in ``namespace``."""
    ours = {each.name for each in platform_namespaces(deployment)}
    known = [row.labels.items() for component in enabled(deployment).values() for row in component.running(deployment)]
    found = []
    for release in releases:
        for each in release.manifests(minor) if release.local else ():
            if each["kind"] in _TEMPLATES and each["metadata"].get("namespace", release.namespace) in ours:
                template = _template(each)
                labels, chosen = template["metadata"]["labels"].items(), template["spec"].get("nodeSelector", {})
                if chosen.get(POOL_LABEL) == PLATFORM_POOL and not any(row <= labels for row in known):
                    found.append(_of_template(each, namespace))
    return found


def _template(workload: Mapping[str, Any]) -> Any:
    found: Any = workload["spec"]
    for key in _TEMPLATES[workload["kind"]]:
        found = found[key]
    return found


def daemons() -> list[Overhead]:
    """What runs on every node beside the rows, which are EKS's own: agents that a row speaks of are left out."""
    rows = [row.name for component in CATALOG.values() for row in component.pods if row.kind == "DaemonSet"]
    return [each for each in BASE_DAEMONS if each.name not in rows]


def platform_nodes(deployment: Deployment) -> tuple[Shape, int]:
    """The platform pool's nodes, of its smallest type, and their limit."""
    (pool,) = (each for each in pool_values(deployment) if each["name"] == "platform")
    shape = Shape(
        pool="platform",
        instance_type=smallest(pool["instanceTypes"], pool["maxPods"]),
        max_pods=pool["maxPods"],
        labels={**pool["labels"], "karpenter.sh/nodepool": pool["name"]},
        taints=pool["taints"],
    )
    return shape, int(pool["limits"]["nodes"])


def replicas(workload: Mapping[str, Any], nodes: int) -> int:
    """Pods that ``workload`` shall have on ``nodes`` nodes."""
    spec = workload["spec"]
    if workload["kind"] == "DaemonSet":
        return nodes
    return int(spec["replicas"])


def _workload(component: Component, row: Pods, deployment: Deployment, namespace: str) -> Manifest:
    name, count = f"{component.name}-{row.name}", number(row.replicas, deployment)
    labels = {**row.labels, WORKLOAD: name}
    spec: dict[str, Any] = {"template": {"metadata": {"labels": labels}, "spec": _pod(row, deployment)}}
    if row.kind == "StatefulSet":
        spec |= {"serviceName": name, "podManagementPolicy": "Parallel"}
    if row.kind != "DaemonSet":
        spec |= {"replicas": count}
    return _manifest(_KINDS[row.kind], name, namespace, row.labels, spec)


def _manifest(kind: str, name: str, namespace: str, labels: Mapping[str, str], spec: Mapping[str, Any]) -> Manifest:
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": {"matchLabels": dict(labels)}, **spec},
    }


def _pod(row: Pods, deployment: Deployment) -> dict[str, Any]:
    seen = placed(row, deployment)
    spec: dict[str, Any] = {
        "priorityClassName": seen.priority,
        "containers": [
            {"name": name, "image": "registry.example.com/x", "resources": dict(resources)}
            for name, resources in seen.containers.items()
        ],
        **seen.placement,
    }
    if row.kind not in ("DaemonSet", "Job"):
        spec["topologySpreadConstraints"] = seen.spread
    if row.one_per_node:
        term = {"labelSelector": {"matchLabels": dict(row.labels)}, "topologyKey": _HOST}
        spec["affinity"] = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    return spec


def _of_template(workload: Mapping[str, Any], namespace: str) -> Manifest:
    template = _template(workload)
    spec = {key: template["spec"][key] for key in _SCHEDULING if key in template["spec"]}
    containers = [
        {"name": each["name"], "image": each["image"], "resources": each.get("resources", {})}
        for each in template["spec"]["containers"]
    ]
    name = f"{workload['kind'].lower()}-{workload['metadata']['name']}"
    labels = {**template["metadata"]["labels"], WORKLOAD: name}
    pods = {"metadata": {"labels": labels}, "spec": spec | {"containers": containers}}
    return _manifest("Deployment", name, namespace, labels, {"replicas": 1, "template": pods})


def overlapping(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Pairs of rows of which one's labels are part of the other's: the one would count and select the other's pods."""
    rows = [
        (f"{component.name}/{row.name}", component.namespace, row.labels.items())
        for component in enabled(deployment).values()
        for row in component.running(deployment)
    ]
    for name, namespace, labels in rows:
        for other, others_namespace, others in rows:
            if name != other and namespace == others_namespace and labels <= others:
                yield name, other

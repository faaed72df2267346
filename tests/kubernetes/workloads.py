"""Pods of charts and add-ons that can't be rendered offline, built from the values that we set for them.

What our values leave out is what the chart does by itself (each project's chart or, for EKS add-ons, the chart of the
same software): so a toleration that we forget leaves the pod pending here as it would on the cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.kubernetes.releases import releases_of
from tests.synth import StackJson, Synth

Values = Mapping[str, Any]

_CRITICAL = "system-cluster-critical"
_ZONE, _HOST = "topology.kubernetes.io/zone", "kubernetes.io/hostname"
_KARPENTER = {"app.kubernetes.io/name": "karpenter"}
# Chart karpenter: never on nodes that it made itself, never two on one node, zones filled evenly.
_KARPENTERS_OWN: Values = {
    "affinity": {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [
                    {"matchExpressions": [{"key": "karpenter.sh/nodepool", "operator": "DoesNotExist"}]}
                ]
            }
        },
        "podAntiAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [
                {"labelSelector": {"matchLabels": _KARPENTER}, "topologyKey": _HOST}
            ]
        },
    },
    "topologySpreadConstraints": [
        {
            "maxSkew": 1,
            "topologyKey": _ZONE,
            "whenUnsatisfiable": "DoNotSchedule",
            "labelSelector": {"matchLabels": _KARPENTER},
        }
    ],
    "priorityClassName": _CRITICAL,
}
_PLACEMENT = ("nodeSelector", "tolerations", "affinity", "topologySpreadConstraints", "priorityClassName")


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A Deployment of a third party in kube-system.

    ``containers`` maps each container to the path of its resources in the values, ``replicas`` is the path of their
    number, ``under`` that of the map with the placement. ``own`` is the chart's placement where the values are silent.
    """

    name: str
    labels: Mapping[str, str]
    replicas: str
    containers: Mapping[str, str]
    under: str = ""
    own: Values = field(default_factory=dict)

    def manifest(self, values: Values) -> dict[str, Any]:
        """Its Deployment with our values. Raises LookupError where they state no replicas or no requests."""
        placement = at(values, self.under) if self.under else values
        pod = {key: placement.get(key, self.own.get(key)) for key in _PLACEMENT}
        pod["containers"] = [self._container(name, path, values) for name, path in self.containers.items()]
        return {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": self.name, "namespace": "kube-system"},
            "spec": {
                "replicas": at(values, self.replicas),
                "selector": {"matchLabels": dict(self.labels)},
                "template": {
                    "metadata": {"labels": dict(self.labels)},
                    "spec": {key: value for key, value in pod.items() if value},
                },
            },
        }

    def _container(self, name: str, path: str, values: Values) -> dict[str, Any]:
        resources = at(values, path)
        missing = {"cpu", "memory"} - resources.get("requests", {}).keys()
        if missing:
            raise LookupError(f"{self.name}: {path} requests no {', '.join(sorted(missing))}")
        return {"name": name, "image": "registry.example.com/x", "resources": resources}


# Keys are EKS add-ons and charts. None is one without pods but for DaemonSets, which the capacity calculator counts.
WORKLOADS: Mapping[str, Workload | None] = {
    "vpc-cni": None,
    "kube-proxy": None,
    "eks-pod-identity-agent": None,
    "aws-guardduty-agent": None,
    "karpenter-crd": None,
    "karpenter": Workload(
        name="karpenter",
        labels=_KARPENTER,
        replicas="replicas",
        containers={"controller": "controller.resources"},
        own=_KARPENTERS_OWN,
    ),
    "aws-load-balancer-controller": Workload(
        name="aws-load-balancer-controller",
        labels={"app.kubernetes.io/name": "aws-load-balancer-controller"},
        replicas="replicaCount",
        containers={"controller": "resources"},
        own={"priorityClassName": _CRITICAL},
    ),
    "coredns": Workload(
        name="coredns",
        labels={"k8s-app": "kube-dns"},
        replicas="replicaCount",
        containers={"coredns": "resources"},
        own={"priorityClassName": _CRITICAL},
    ),
    "metrics-server": Workload(
        name="metrics-server",
        labels={"app.kubernetes.io/name": "metrics-server"},
        replicas="replicas",
        containers={"metrics-server": "resources"},
        own={"priorityClassName": _CRITICAL},
    ),
    "aws-ebs-csi-driver": Workload(
        name="ebs-csi-controller",
        labels={"app": "ebs-csi-controller"},
        replicas="controller.replicaCount",
        under="controller",
        containers={
            "ebs-plugin": "controller.resources",
            "csi-provisioner": "sidecars.provisioner.resources",
            "csi-attacher": "sidecars.attacher.resources",
            "csi-snapshotter": "sidecars.snapshotter.resources",
            "csi-resizer": "sidecars.resizer.resources",
            "liveness-probe": "sidecars.livenessProbe.resources",
        },
        own={"priorityClassName": _CRITICAL},
    ),
    "snapshot-controller": Workload(
        name="snapshot-controller",
        labels={"app.kubernetes.io/name": "snapshot-controller"},
        replicas="replicaCount",
        containers={"snapshot-controller": "resources"},
    ),
}


def manifests(synth: Synth, stacks: Iterator[StackJson]) -> list[dict[str, Any]]:
    """Deployments of all add-ons and third-party releases of ``stacks``. Raises KeyError for one not in the table."""
    found = []
    for stack in stacks:
        configured = {**dict(addon_values(stack)), **third_party_values(synth, stack)}
        for name, values in configured.items():
            workload = WORKLOADS[name]
            if workload is not None:
                found.append(workload.manifest(values))
    return found


def addon_values(stack: StackJson) -> Iterator[tuple[str, Values]]:
    """Configuration of each EKS add-on of a stack, which is a local value there."""
    for arguments in stack.of_type("aws_eks_addon").values():
        stated = arguments.get("configuration_values")
        local = stated.removeprefix("${jsonencode(local.").removesuffix(")}") if stated else None
        yield arguments["addon_name"], stack.document["locals"][local] if local else {}


def third_party_values(synth: Synth, stack: StackJson) -> dict[str, Values]:
    """Values of each third-party release of a stack."""
    return {each.name: each.values for each in releases_of(synth, stack) if not each.local}


def at(values: Values, path: str) -> Any:
    """The value at a dotted path. Raises LookupError where there is none."""
    found: Any = values
    for key in path.split("."):
        if not isinstance(found, Mapping) or key not in found:
            raise LookupError(f"the values state no {path}")
        found = found[key]
    return found

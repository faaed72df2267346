"""The EKS add-ons that need nodes: what each is, and how it is configured. Pure: imports no engine.

Keys of a configuration are the add-on's own schema, which `aws eks describe-addon-configuration` prints for a version;
EKS refuses a configuration that breaks it. Requests are stated so that capacity can be reckoned (docs/adr/0011).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.capacity import GUARDDUTY_AGENT
from config.deployment import Deployment
from config.sizing import SIZINGS
from constructs_lib.eks.node_settings import POOL_LABEL, SYSTEM_POOL, TAINT_KEY

ON_SYSTEM_NODES: Mapping[str, Any] = {
    "nodeSelector": {POOL_LABEL: SYSTEM_POOL},
    "tolerations": [{"key": TAINT_KEY, "operator": "Exists", "effect": "NoSchedule"}],
}


@dataclass(frozen=True, kw_only=True)
class Addon:
    """``workload`` names the identity whose role its ``service_account`` gets (``constructs_lib.iam.workloads``)."""

    name: str
    configuration: Mapping[str, Any] = field(default_factory=dict)
    service_account: str | None = None
    workload: str | None = None


def spread(labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """One pod a zone as far as zones have nodes; the selector is written out, since without one nothing is counted."""
    return [
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": dict(labels)},
        }
    ]


def requests(cpu: str, memory: str, *, limit: str | None = None) -> dict[str, Any]:
    """Requests, with memory limited to ``limit`` or to the request. CPU has no limit: throttling slows, never saves."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": limit or memory}}


def addons(deployment: Deployment) -> tuple[Addon, ...]:
    """The add-ons after the nodes, those first that others need."""
    return (
        Addon(name="coredns", configuration=_coredns(deployment)),
        Addon(name="snapshot-controller", configuration=_snapshot_controller()),
        Addon(
            name="aws-ebs-csi-driver",
            configuration=_ebs_csi(deployment),
            service_account="ebs-csi-controller-sa",
            workload="ebs-csi-sa",
        ),
        Addon(name="metrics-server", configuration=_metrics_server()),
        *(Addon(name=name) for name in deployment.eks.extra_addons),
    )


def guardduty_agent() -> Addon:
    """The agent that tells GuardDuty what happens on each node. It has no role: nodes' endpoint policy lets it send.

    Requests are the least that its schema takes. Source: Amazon GuardDuty User Guide, "Configure GuardDuty security
    agent (add-on) parameters for Amazon EKS".
    """
    configuration = {
        # It pushes others aside: a node without it is a node that nobody watches.
        "priorityClassName": "aws-guardduty-agent.priorityclass-high",
        # The VPC's resolver by the node, since the agent is in its network.
        "dnsPolicy": "Default",
        "resources": requests(f"{GUARDDUTY_AGENT.cpu}m", f"{GUARDDUTY_AGENT.mib}Mi", limit="1024Mi"),
    }
    return Addon(name=GUARDDUTY_AGENT.name, configuration=configuration)


def _coredns(deployment: Deployment) -> dict[str, Any]:
    return {
        "replicaCount": SIZINGS[deployment.sizing].coredns_replicas,
        **ON_SYSTEM_NODES,
        "topologySpreadConstraints": spread({"k8s-app": "kube-dns"}),
        "resources": requests("100m", "70Mi", limit="170Mi"),
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
    }


def _snapshot_controller() -> dict[str, Any]:
    return {
        "replicaCount": 2,
        **ON_SYSTEM_NODES,
        "topologySpreadConstraints": spread({"app.kubernetes.io/name": "snapshot-controller"}),
        "resources": requests("10m", "32Mi", limit="64Mi"),
    }


def _ebs_csi(deployment: Deployment) -> dict[str, Any]:
    sidecar = {"resources": requests("10m", "40Mi", limit="256Mi")}
    return {
        "controller": {
            "replicaCount": 2,
            **ON_SYSTEM_NODES,
            "topologySpreadConstraints": spread({"app": "ebs-csi-controller"}),
            "resources": requests("10m", "40Mi", limit="256Mi"),
            # On every volume: whose it is, so that cost reports and the permissions boundary can tell.
            "extraVolumeTags": {"deployment": deployment.id},
        },
        "sidecars": {name: sidecar for name in ("attacher", "provisioner", "resizer", "snapshotter", "livenessProbe")},
        # The driver's node part runs wherever pods with volumes may run.
        "node": {"tolerateAllTaints": True, "resources": requests("10m", "40Mi", limit="256Mi")},
    }


def _metrics_server() -> dict[str, Any]:
    return {
        "replicas": 2,
        **ON_SYSTEM_NODES,
        "topologySpreadConstraints": spread({"app.kubernetes.io/name": "metrics-server"}),
        "resources": requests("100m", "200Mi", limit="400Mi"),
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
    }

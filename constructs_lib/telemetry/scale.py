"""How many things of each kind a cluster has that metrics are counted by. Pure: imports no engine.

What the platform runs is counted from the registry; what teams run is an assumption, stated here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from config.deployment import Deployment
from config.sizing import SIZINGS, SizingProfile
from constructs_lib.components.component import Component
from constructs_lib.components.pods import Pods, number
from constructs_lib.telemetry.kept import Unit

# Nodes of the workload pools that steadily run beside the platform's (docs/adr/0011-sizing.md).
WORKERS: Mapping[SizingProfile, int] = {"seed-cost": 1, "ha": 2, "large": 10}
# A team's share: three Deployments of two pods of one container, one pod of a workflow at a time, which has three.
TEAM_DEPLOYMENTS = 3
TEAM_CONTAINERS = 9
TEAM_APPLICATIONS = 3
TEAM_SECRETS = 2
TEAM_QUOTAS = 1
# Of the platform's own, which no table lists: certificates in the cluster, and volumes of the event bus.
CERTIFICATES = 5
VOLUMES = 3
SCHEDULES = 3

# Add-ons and controllers in kube-system: Deployments of two pods as (containers of a pod), and DaemonSets likewise.
# Source: EKS User Guide, "Amazon EKS add-ons"; charts aws-load-balancer-controller, metrics-server and karpenter.
_CONTROLLERS = {
    "karpenter": 1,
    "aws-load-balancer-controller": 1,
    "metrics-server": 1,
    "coredns": 1,
    "ebs-csi-controller": 6,
    "snapshot-controller": 1,
}
_CONTROLLER_PODS = 2
_DAEMONS = {"aws-node": 2, "kube-proxy": 1, "eks-pod-identity-agent": 1, "ebs-csi-node": 3}


@dataclass(frozen=True, kw_only=True)
class Scale:
    """``platform`` holds what the platform has, ``teams`` what teams add, by unit."""

    platform: Mapping[Unit, int]
    teams: Mapping[Unit, int]

    def of(self, unit: Unit, *, teams: bool) -> int:
        return self.platform.get(unit, 0) + (self.teams.get(unit, 0) if teams else 0)


def nodes(deployment: Deployment) -> int:
    """Nodes that steadily run."""
    sizing = SIZINGS[deployment.sizing]
    platform = sizing.platform_pool(deployment.components.enabled())
    return sizing.system_nodes + platform.steady + WORKERS[deployment.sizing]


def replicas(row: Pods, deployment: Deployment) -> int:
    """Pods of a row that run all the time; none of a Job."""
    if row.kind == "Job":
        return 0
    return nodes(deployment) if row.kind == "DaemonSet" else number(row.replicas, deployment)


def scale(deployment: Deployment, components: Mapping[str, Component]) -> Scale:
    """What ``deployment`` has where ``components`` are on."""
    rows = [row for component in components.values() for row in component.running(deployment)]
    everywhere = nodes(deployment)
    containers = sum(replicas(row, deployment) * len(row.containers) for row in rows)
    containers += everywhere if deployment.account.guardduty == "managed" else 0
    containers += sum(_CONTROLLERS.values()) * _CONTROLLER_PODS + sum(_DAEMONS.values()) * everywhere
    teams = len(deployment.teams)
    platform: dict[Unit, int] = {
        "node": everywhere,
        "container": containers,
        "deployment": sum(row.kind == "Deployment" for row in rows) + len(_CONTROLLERS),
        "statefulset": sum(row.kind == "StatefulSet" for row in rows),
        "daemonset": sum(row.kind == "DaemonSet" for row in rows) + len(_DAEMONS),
        "volume": VOLUMES,
        "application": 1,
        "external secret": sum(len(component.secrets) for component in components.values()),
        "certificate": CERTIFICATES,
        "schedule": SCHEDULES,
        "workflow namespace": 1,
    }
    of_teams: dict[Unit, int] = {
        "container": teams * TEAM_CONTAINERS,
        "deployment": teams * TEAM_DEPLOYMENTS,
        "quota": teams * TEAM_QUOTAS,
        "application": teams * TEAM_APPLICATIONS,
        "rollout": teams,
        "external secret": teams * TEAM_SECRETS,
        "workflow namespace": teams,
    }
    return Scale(platform=platform, teams=of_teams)


def whole(series: float) -> int:
    """Series are whole; what only some have is rounded up, less the error of binary fractions."""
    return math.ceil(round(series, 6))

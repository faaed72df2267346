"""The pods of a component: how many, what they request, where they run. Pure: imports no engine.

Values files and the scheduling test read the same rows. Requests of containers that a chart leaves without are
estimates; a row says where its numbers come from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from config.deployment import Deployment
from config.pools import Pool as NodePool
from config.sizing import SIZINGS, SizingProfile
from constructs_lib.addons.eks_addons import ON_SYSTEM_NODES, spread
from constructs_lib.components.traffic import Flow
from constructs_lib.eks.node_settings import POOL_LABEL

Pool = Literal["system", "platform", "every"]
Kind = Literal["Deployment", "StatefulSet", "DaemonSet", "Job"]
# Priority classes of chart cluster-base.
Priority = Literal["platform-agent", "platform-critical", "platform"]

PLATFORM_POOL = "platform"
ON_PLATFORM_NODES: Mapping[str, Any] = {
    "nodeSelector": {POOL_LABEL: PLATFORM_POOL},
    "tolerations": [{"key": POOL_LABEL, "operator": "Equal", "value": PLATFORM_POOL, "effect": "NoSchedule"}],
}
ON_EVERY_NODE: Mapping[str, Any] = {"nodeSelector": {}, "tolerations": [{"operator": "Exists"}]}
_PLACES: Mapping[Pool, Mapping[str, Any]] = {
    "system": ON_SYSTEM_NODES,
    "platform": ON_PLATFORM_NODES,
    "every": ON_EVERY_NODE,
}


def platform_pool(deployment: Deployment) -> NodePool:
    """Karpenter's pool for the platform, which every deployment has."""
    (pool,) = (pool for pool in deployment.karpenter.pools if pool.name == PLATFORM_POOL)
    return pool


def steady_platform_nodes(deployment: Deployment) -> int:
    """How many nodes of that pool run steadily."""
    steady = SIZINGS[deployment.sizing].platform_pool(deployment.components.enabled()).steady
    return min(steady, platform_pool(deployment).limits.nodes)


@dataclass(frozen=True, kw_only=True)
class Sized:
    """A number by sizing profile; ``ha`` where a profile has none of its own."""

    ha: int
    seed_cost: int | None = None
    large: int | None = None

    def of(self, profile: SizingProfile) -> int:
        own = {"seed-cost": self.seed_cost, "ha": self.ha, "large": self.large}[profile]
        return self.ha if own is None else own


# The last form reads the number from the deployment file.
Number = int | Sized | Callable[[Deployment], int]


def number(value: Number, deployment: Deployment) -> int:
    """What ``value`` is in ``deployment``."""
    if isinstance(value, int):
        return value
    return value.of(deployment.sizing) if isinstance(value, Sized) else value(deployment)


@dataclass(frozen=True, kw_only=True)
class Container:
    """Requests of one container: ``cpu`` in millicores, ``mib`` in MiB; memory is limited to ``limit_mib``."""

    cpu: Number
    mib: Number
    limit_mib: Number | None = None


@dataclass(frozen=True, kw_only=True)
class Pods:
    """One workload of a component.

    ``labels`` select its pods: they must be part of its Service's own selector (``network.pod_policies``).
    ``containers``: by name, the main one first. ``replicas`` is 0 for a DaemonSet, which has a pod on every node.
    ``metrics`` is the port that is scraped, ``webhooks`` are ports that the control plane calls, ``from_teams`` those
    that what runs in teams' namespaces connects to, ``egress`` is where the pods connect to beside name resolution.
    Who connects to them follows from the others' rows.
    ``own_budget``: whether our chart makes the disruption budget (of more than one replica); else theirs does.
    ``one_per_node``: whether two of these pods never share a node.
    ``priority`` of a DaemonSet is "platform-agent": its pod is bound to its node, where what displaced it would stay.
    """

    name: str
    labels: Mapping[str, str]
    containers: Mapping[str, Container]
    source: str
    replicas: Number = 1
    kind: Kind = "Deployment"
    pool: Pool = "platform"
    priority: Priority = "platform"
    metrics: int | None = None
    webhooks: tuple[int, ...] = ()
    from_teams: tuple[int, ...] = ()
    egress: tuple[Flow, ...] = ()
    own_budget: bool = True
    one_per_node: bool = False
    when: Callable[[Deployment], bool] = field(default=lambda _deployment: True)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One row as a values template sees it. ``resources`` are the main container's; ``placement`` holds nodeSelector
    and tolerations."""

    replicas: int
    labels: Mapping[str, str]
    containers: Mapping[str, Mapping[str, Any]]
    priority: str
    placement: Mapping[str, Any]
    spread: list[dict[str, Any]]

    @property
    def resources(self) -> Mapping[str, Any]:
        return next(iter(self.containers.values()))

    @property
    def budget(self) -> bool:
        """Whether the pods have a disruption budget; on a single pod it would block every drain."""
        return self.replicas > 1


def placed(pods: Pods, deployment: Deployment) -> Placed:
    """``pods`` with the numbers of ``deployment``."""
    return Placed(
        replicas=number(pods.replicas, deployment),
        labels=pods.labels,
        containers={name: _resources(each, deployment) for name, each in pods.containers.items()},
        priority=pods.priority,
        placement=_PLACES[pods.pool],
        spread=spread(pods.labels),
    )


def requested(pods: Pods, deployment: Deployment) -> tuple[int, int]:
    """What one pod requests: millicores and MiB."""
    containers = pods.containers.values()
    return (
        sum(number(each.cpu, deployment) for each in containers),
        sum(number(each.mib, deployment) for each in containers),
    )


def _resources(container: Container, deployment: Deployment) -> dict[str, Any]:
    """CPU has no limit: throttling slows a component and saves nothing."""
    mib = number(container.mib, deployment)
    limit = mib if container.limit_mib is None else number(container.limit_mib, deployment)
    requests = {"cpu": f"{number(container.cpu, deployment)}m", "memory": f"{mib}Mi"}
    return {"requests": requests, "limits": {"memory": f"{limit}Mi"}}

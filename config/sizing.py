"""The sizing profiles: how many nodes of which type, and what the cluster's own controllers get.

Each profile was packed with the requests of its components, one zone lost (docs/adr/0011).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

SizingProfile = Literal["seed-cost", "ha", "large"]

# Components that the platform's pool has room for where one of them is on.
OPTIONAL = frozenset({"crossplane", "falco", "velero"})


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """``steady`` is how many nodes of a pool hold all pods, ``limit`` how many there may be: nodes of a lost zone count
    until they are gone, so it leaves room for those that take their place (docs/adr/0019)."""

    steady: int
    limit: int


@dataclass(frozen=True, kw_only=True)
class Sizing:
    """``platform`` are the nodes of the platform's pool; ``platform_and_options`` where one of ``OPTIONAL`` is on.

    ``workload_nodes`` is a pool's limit.
    ``system_nodes`` is how many system nodes run, between the least and the most that the group may have.
    ``karpenter_cpu`` and ``karpenter_memory`` are the requests of each of its two controllers.
    """

    system_instance_types: tuple[str, ...]
    system_nodes: int
    system_min_nodes: int
    system_max_nodes: int
    platform_instance_types: tuple[str, ...]
    platform: Nodes
    platform_and_options: Nodes
    workload_nodes: int
    karpenter_cpu: str
    karpenter_memory: str
    coredns_replicas: int

    def platform_pool(self, components: Iterable[str]) -> Nodes:
        """Nodes of the platform's pool where ``components`` are on."""
        return self.platform_and_options if OPTIONAL & set(components) else self.platform


SIZINGS: Mapping[SizingProfile, Sizing] = {
    "seed-cost": Sizing(
        system_instance_types=("t3a.medium",),
        system_nodes=2,
        system_min_nodes=2,
        system_max_nodes=4,
        platform_instance_types=("t3a.large",),
        platform=Nodes(steady=2, limit=4),
        platform_and_options=Nodes(steady=3, limit=5),
        workload_nodes=5,
        karpenter_cpu="200m",
        karpenter_memory="512Mi",
        coredns_replicas=2,
    ),
    "ha": Sizing(
        system_instance_types=("t3a.medium",),
        system_nodes=3,
        system_min_nodes=2,
        system_max_nodes=4,
        platform_instance_types=("t3a.large",),
        platform=Nodes(steady=3, limit=6),
        platform_and_options=Nodes(steady=4, limit=7),
        workload_nodes=20,
        karpenter_cpu="500m",
        karpenter_memory="1Gi",
        coredns_replicas=2,
    ),
    "large": Sizing(
        system_instance_types=("t3a.large",),
        system_nodes=3,
        system_min_nodes=2,
        system_max_nodes=4,
        platform_instance_types=("m6a.xlarge",),
        platform=Nodes(steady=5, limit=8),
        platform_and_options=Nodes(steady=6, limit=9),
        workload_nodes=100,
        karpenter_cpu="1",
        karpenter_memory="1Gi",
        coredns_replicas=3,
    ),
}

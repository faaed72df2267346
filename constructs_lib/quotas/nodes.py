"""vCPU and nodes of a deployment: at the least, and at its pools' limits. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Sequence

from config.capacity import INSTANCE_TYPES
from config.deployment import Deployment
from config.pools import CapacityType, Pool
from config.quantities import millicores
from constructs_lib.components.pods import platform_pool, steady_platform_nodes


def pool_vcpu(pool: Pool) -> int:
    """vCPU of ``pool`` at its limits, with its largest type on every node; types that nobody knows count nothing."""
    most = pool.limits.nodes * _largest(pool.instance_types)
    cpu = pool.limits.cpu
    return most if cpu is None else min(most, millicores(cpu) // 1000)


def steady_vcpu(deployment: Deployment) -> int:
    """vCPU of the nodes that steadily run, without teams: the system's and the platform pool's."""
    system = deployment.eks.system_nodes
    platform = platform_pool(deployment).instance_types
    own = system.desired * _largest(system.instance_types[:1])
    return own + steady_platform_nodes(deployment) * _largest(platform[:1])


def on_demand_vcpu(deployment: Deployment) -> int:
    """At most: system nodes, and the pools that may be on demand."""
    system = deployment.eks.system_nodes
    return system.max * _largest(system.instance_types) + _pools(deployment, "on-demand")


def spot_vcpu(deployment: Deployment) -> int:
    """At most."""
    return _pools(deployment, "spot")


def nodes(deployment: Deployment) -> int:
    """At most: system nodes, and each pool's limit."""
    return deployment.eks.system_nodes.max + sum(pool.limits.nodes for pool in deployment.karpenter.pools)


def _largest(types: Sequence[str]) -> int:
    return max((INSTANCE_TYPES[kind].vcpu for kind in types if kind in INSTANCE_TYPES), default=0)


def _pools(deployment: Deployment, kind: CapacityType) -> int:
    return sum(pool_vcpu(pool) for pool in deployment.karpenter.pools if kind in pool.capacity_types)

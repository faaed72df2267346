"""vCPU and nodes of a deployment: at the least, and at its pools' limits. Pure: imports no engine."""

from __future__ import annotations

from config.capacity import INSTANCE_TYPES
from config.deployment import Deployment
from config.pools import CapacityType, Pool
from config.quantities import millicores
from constructs_lib.components.pods import platform_pool, steady_platform_nodes


def pool_vcpu(pool: Pool) -> int:
    """vCPU of ``pool`` at its limits, with its largest type on every node."""
    largest = max(INSTANCE_TYPES[kind].vcpu for kind in pool.instance_types)
    most = pool.limits.nodes * largest
    cpu = pool.limits.cpu
    return most if cpu is None else min(most, millicores(cpu) // 1000)


def steady_vcpu(deployment: Deployment) -> int:
    """vCPU of the nodes that steadily run, without teams: the system's and the platform pool's."""
    system = deployment.eks.system_nodes
    own = system.desired * INSTANCE_TYPES[system.instance_types[0]].vcpu
    kind = platform_pool(deployment).instance_types[0]
    return own + steady_platform_nodes(deployment) * INSTANCE_TYPES[kind].vcpu


def on_demand_vcpu(deployment: Deployment) -> int:
    """At most: system nodes, and the pools that may be on demand."""
    system = deployment.eks.system_nodes
    largest = max(INSTANCE_TYPES[kind].vcpu for kind in system.instance_types)
    return system.max * largest + _pools(deployment, "on-demand")


def spot_vcpu(deployment: Deployment) -> int:
    """At most."""
    return _pools(deployment, "spot")


def nodes(deployment: Deployment) -> int:
    """At most: system nodes, and each pool's limit."""
    return deployment.eks.system_nodes.max + sum(pool.limits.nodes for pool in deployment.karpenter.pools)


def _pools(deployment: Deployment, kind: CapacityType) -> int:
    return sum(pool_vcpu(pool) for pool in deployment.karpenter.pools if kind in pool.capacity_types)

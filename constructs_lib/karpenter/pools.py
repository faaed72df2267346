"""The pools of a deployment as chart ``node-pools`` takes them. Pure: imports no engine."""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from config.pools import Pool
from constructs_lib.eks.hardening import image_parameter
from constructs_lib.eks.node_settings import POOL_LABEL


def pool_values(deployment: Deployment) -> list[dict[str, Any]]:
    """One entry for each pool: what a node is, how many there may be, when Karpenter may take one away."""
    return [_pool(deployment, pool) for pool in deployment.karpenter.pools]


def _pool(deployment: Deployment, pool: Pool) -> dict[str, Any]:
    limits, parameter = pool.limits, image_parameter(deployment, pool.arch)
    return {
        "name": pool.name,
        "weight": pool.weight,
        "instanceTypes": list(pool.instance_types),
        "capacityTypes": list(pool.capacity_types),
        "arch": pool.arch,
        "maxPods": pool.max_pods,
        "diskSize": f"{pool.disk_gib}Gi",
        "labels": {POOL_LABEL: pool.name} | pool.labels,
        "taints": [taint.model_dump() for taint in pool.taints],
        "userNamespaces": pool.user_namespaces,
        "limits": {"nodes": str(limits.nodes)}
        | {name: value for name, value in (("cpu", limits.cpu), ("memory", limits.memory)) if value},
        "consolidationPolicy": pool.consolidation,
        "consolidateAfter": pool.consolidate_after,
        "budgets": [budget.model_dump(exclude_none=True) for budget in pool.budgets],
        "expireAfter": pool.expire_after,
        "terminationGracePeriod": pool.termination_grace_period,
    } | ({"amiParameter": parameter} if parameter else {})

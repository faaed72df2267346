"""Quotas and limits of namespaces, as Kubernetes writes them. Pure: imports no engine."""

from __future__ import annotations

from typing import Any

from config.capacity import Room
from config.quantities import mebibytes, millicores
from config.teams import Quotas

# What a container has that says nothing.
DEFAULT_CPU, DEFAULT_MEMORY, DEFAULT_MEMORY_LIMIT = "100m", "128Mi", "512Mi"
PODS_PER_CORE, LEAST_PODS = 10, 20
STORAGE_PER_MEMORY = 8
# How far memory may be promised beyond what is requested.
MEMORY_OVERCOMMIT = 2


def hard(quotas: Quotas) -> dict[str, str]:
    """``spec.hard`` of the namespace's ResourceQuota.

    Load balancers and node ports by Service go around the shared load balancer: none.
    """
    memory = mebibytes(quotas.memory)
    storage = quotas.storage or f"{STORAGE_PER_MEMORY * memory}Mi"
    pods = quotas.pods or max(LEAST_PODS, PODS_PER_CORE * millicores(quotas.cpu) // 1000)
    return {
        "requests.cpu": quotas.cpu,
        "requests.memory": quotas.memory,
        "limits.memory": f"{MEMORY_OVERCOMMIT * memory}Mi",
        "requests.storage": storage,
        "persistentvolumeclaims": str(max(LEAST_PODS, pods // 2)),
        "pods": str(pods),
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    }


def limit_range(quotas: Quotas, largest: Room | None) -> dict[str, Any]:
    """Limits of a container: defaults, and no more than the quota and the largest node hold.

    A container that fits on no node would wait for ever and say nothing.
    """
    cpu, mib = millicores(quotas.cpu), mebibytes(quotas.memory)
    if largest is not None:
        cpu, mib = min(cpu, largest.cpu), min(mib, largest.mib)
    return {
        "max": {"cpu": f"{cpu}m", "memory": f"{mib}Mi"},
        "default": {"memory": _least(DEFAULT_MEMORY_LIMIT, mib)},
        "defaultRequest": {"cpu": f"{min(millicores(DEFAULT_CPU), cpu)}m", "memory": _least(DEFAULT_MEMORY, mib)},
    }


def _least(quantity: str, mib: int) -> str:
    return quantity if mebibytes(quantity) <= mib else f"{mib}Mi"

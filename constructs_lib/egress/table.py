"""Component × way out: what a firewall admits, and what replaces the rest. Pure: imports no engine."""

from __future__ import annotations

from config.deployment import Deployment
from config.egress import needs


def names(deployment: Deployment) -> tuple[str, ...]:
    """Domain names that a firewall must admit at port 443 for the components that are on; sorted, each once.

    Without those of ``vpc.allowed_egress``, which are the workloads'. A ``*.`` in front stands for every name below.
    """
    return tuple(sorted({name for need in needs(deployment) for name in need.names(deployment)}))

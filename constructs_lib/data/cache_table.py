"""Which components keep state in ElastiCache. Pure.

None that we ship: Argo CD's redis-ha and Argo Events' JetStream run in the cluster. A component that asks is added
here, and the data stack then makes the subnet group that a cache needs.
"""

from __future__ import annotations

from collections.abc import Collection

from config.deployment import Deployment

NEEDS_CACHE: frozenset[str] = frozenset()


def needs_cache(deployment: Deployment, components: Collection[str] = NEEDS_CACHE) -> bool:
    """Whether an enabled component of ``deployment`` is among ``components``."""
    return bool(set(deployment.components.enabled()) & set(components))

"""Rules of the quotas that a deployment file says were raised."""

from __future__ import annotations

from collections.abc import Iterator

from config.deployment import Deployment
from config.quotas import KEY, by_key
from config.rules.finding import Finding


def ceilings(deployment: Deployment) -> Iterator[Finding]:
    """No quota is declared larger than AWS grants."""
    rows = by_key()
    for key, value in deployment.service_quotas.items():
        row = rows[key]
        if row.ceiling is not None and value > row.ceiling:
            yield Finding(
                key=f"{KEY}.{key}",
                value=value,
                message=f"must be {row.ceiling} or less: more of {row.name} AWS doesn't grant ({row.source})",
                remedy="write the value that Service Quotas shows for the account",
            )


DEPLOYMENT_RULES = (ceilings,)

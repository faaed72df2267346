"""What a whole deployment costs in a month: its lines, each at least, as expected and at most. Pure.

An estimate in USD, without tax. What is counted and what isn't: docs/COST.md.
"""

from __future__ import annotations

import datetime

from config.deployment import Deployment
from config.support import EXTENDED_PRICE, STANDARD_PRICE
from config.versions import MINORS
from constructs_lib.components.registry import CATALOG
from constructs_lib.cost.bounds import Bounds, Entry, fixed
from constructs_lib.cost.counts import keys, secrets
from constructs_lib.cost.network import network
from constructs_lib.cost.nodes import builds, platform_nodes
from constructs_lib.cost.prices import HOURS, SERVICES
from constructs_lib.cost.security import security
from constructs_lib.cost.share import Line, database, own, units
from constructs_lib.cost.teams import all_teams
from constructs_lib.cost.use import MUCH, USES, by_use

# Logs are compressed where they are kept: part of what came in. An estimate.
_COMPRESSED = 0.15
_DAYS_OF_A_MONTH = 30


def month(deployment: Deployment) -> list[Line]:
    """The platform before teams run anything, as expected, in standard support. Raises UnpricedError."""
    return [Line(what=entry.what, usd=entry.bounds.expected, how=entry.how) for entry in platform(deployment, None)]


def platform(deployment: Deployment, today: datetime.date | None) -> list[Entry]:
    """All lines but those of teams. ``today`` says which support the minor is in; None: standard.

    Raises UnpricedError where no type of a pool has a price.
    """
    return [
        *control_plane(deployment, today),
        *platform_nodes(deployment),
        *builds(deployment),
        *network(deployment),
        _database(deployment),
        Entry(what="keys", bounds=fixed(keys(deployment) * SERVICES["key"].usd), how=f"{keys(deployment)}"),
        Entry(what="secrets", bounds=fixed(secrets(deployment) * SERVICES["secret"].usd), how=f"{secrets(deployment)}"),
        *_logs(deployment),
        Entry(
            what="storage, images, names", bounds=by_use(USES[deployment.sizing].stored_usd), how="by use, an estimate"
        ),
        *_volumes(deployment),
        *security(deployment),
    ]


def whole(deployment: Deployment, today: datetime.date | None) -> list[Entry]:
    """All lines. Raises UnpricedError."""
    return [*platform(deployment, today), *all_teams(deployment)]


def control_plane(deployment: Deployment, today: datetime.date | None) -> list[Entry]:
    """The cluster, and what extended support takes beside it where ``today`` is past standard support.

    With ``deployment:eks:supportType`` STANDARD AWS upgrades the cluster instead (config.support).
    """
    lines = [Entry(what="control plane", bounds=fixed(STANDARD_PRICE * HOURS), how="standard support")]
    support = MINORS[deployment.eks.version]
    if today is not None and today > support.standard_until and deployment.eks.support_type == "EXTENDED":
        how = f"Kubernetes {deployment.eks.version} since {support.standard_until}"
        lines.append(Entry(what="extended support", bounds=fixed(extended_usd()), how=how))
    return lines


def extended_usd() -> float:
    """USD a month that extended support takes beside standard support."""
    return (EXTENDED_PRICE - STANDARD_PRICE) * HOURS


def _database(deployment: Deployment) -> Entry:
    """Each instance between its least and its largest capacity; storage by use, which grows and never shrinks."""
    instances, usd = database(deployment)
    aurora = deployment.aurora
    unit = instances * SERVICES["Aurora capacity unit"].usd * HOURS
    running = Bounds(minimum=aurora.min_capacity * unit, expected=usd, maximum=aurora.max_capacity * unit)
    stored = by_use(USES[deployment.sizing].database_gib * SERVICES["database GiB"].usd)
    how = f"{instances} at {units(deployment)} units, of {aurora.min_capacity} to {aurora.max_capacity}"
    return Entry(what="database", bounds=running + stored, how=how)


def _volumes(deployment: Deployment) -> list[Entry]:
    """Those that components claim for themselves."""
    lines = [line for name in deployment.components.enabled() for line in own(CATALOG[name], deployment)]
    usd = sum(line.usd for line in lines if line.what == "volumes")
    return [Entry(what="volumes of components", bounds=fixed(usd), how="gp3")] if usd else []


def _logs(deployment: Deployment) -> list[Entry]:
    use = USES[deployment.sizing]
    rows = (
        ("logs", use.logs_gib, deployment.eks.log_retention_days),
        ("flow logs", use.flow_logs_gib, deployment.vpc.flow_log_retention_days),
    )
    return [_log(what, gib, days) for what, gib, days in rows]


def _log(what: str, gib: float, days: int) -> Entry:
    """Taken in once, and kept for ``days``."""
    months = days / _DAYS_OF_A_MONTH
    usd = gib * (SERVICES["log GiB"].usd + _COMPRESSED * months * SERVICES["kept log GiB"].usd)
    how = f"{gib:.0f} GiB a month, kept for {days} days; at most {MUCH} times as many"
    return Entry(what=what, bounds=by_use(usd), how=how)

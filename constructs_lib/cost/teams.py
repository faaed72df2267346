"""What teams cost: by their quotas at most, by an assumed share of these as expected. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Mapping

from config.deployment import Deployment
from config.quantities import mebibytes, millicores
from config.team_capacity import pools_of
from config.teams import PREVIEW_QUOTA, SHARED_QUOTAS, Quotas, Team
from constructs_lib.cost.bounds import NOTHING, Bounds, Entry, fixed, total
from constructs_lib.cost.nodes import limit, shares, spot
from constructs_lib.cost.prices import SERVICES
from constructs_lib.cost.use import TEAM_SHARE

# Of what is no team's own (config.teams.SHARED_QUOTAS).
SHARED = "shared namespaces"
# A namespace's volumes where its quota doesn't say: Team, "storage".
_STORAGE_OF_MEMORY = 8
_GIB = 1024


def teams(deployment: Deployment) -> Mapping[str, tuple[Entry, ...]]:
    """Team → its lines; the shared namespaces by ``SHARED``. Raises UnpricedError."""
    found = {team.name: tuple(_team(deployment, team)) for team in deployment.teams}
    if not deployment.teams:
        return found
    shared = tuple(_namespace(deployment, quotas, None, name) for name, quotas in SHARED_QUOTAS.items())
    return found | {SHARED: shared}


def all_teams(deployment: Deployment) -> list[Entry]:
    """Nodes and volumes of all teams together: no more than the pools that they run on may hold."""
    of_teams = [entry for entries in teams(deployment).values() for entry in entries]
    if not of_teams:
        return []
    used = {pool.name: pool for team in deployment.teams for pool in pools_of(deployment, team.pool)}
    # Shared namespaces run on the open pools.
    used |= {pool.name: pool for pool in pools_of(deployment, None)}
    asked = total(entry for entry in of_teams if not entry.what.startswith(("volumes", "secrets")))
    most = min(asked.maximum, limit(used.values()))
    nodes = Bounds(minimum=0, expected=min(asked.expected, most), maximum=most)
    volumes = total(entry for entry in of_teams if entry.what.startswith("volumes"))
    return [
        Entry(
            what="nodes for teams",
            bounds=nodes,
            how=f"{TEAM_SHARE:.0%} of all quotas; at most all of them, within the pools' limits",
        ),
        Entry(what="volumes of teams", bounds=volumes, how="of the quotas for storage, the same"),
    ]


def _team(deployment: Deployment, team: Team) -> list[Entry]:
    entries = [_namespace(deployment, team.resources, team.pool, "nodes")]
    if team.previews:
        one = _namespace(deployment, PREVIEW_QUOTA, team.pool, "previews")
        how = f"up to {team.preview_limit} pull requests"
        entries.append(Entry(what="previews", bounds=one.bounds.times(team.preview_limit), how=how))
    gib = _storage(team.resources)
    most = gib * SERVICES["volume GiB"].usd
    entries.append(
        Entry(
            what="volumes",
            bounds=Bounds(minimum=0, expected=TEAM_SHARE * most, maximum=most),
            how=f"{TEAM_SHARE:.0%} of {gib:.0f} GiB",
        )
    )
    if team.secrets:
        usd = len(team.secrets) * SERVICES["secret"].usd
        entries.append(Entry(what="secrets", bounds=fixed(usd), how=f"{len(team.secrets)}"))
    return entries


def _namespace(deployment: Deployment, quotas: Quotas, pool: str | None, what: str) -> Entry:
    """Nodes that ``quotas`` take of ``pool``, of the open pools where it is None."""
    cpu, mib = millicores(quotas.cpu), mebibytes(quotas.memory)
    pools = pools_of(deployment, pool)
    found = [(each, shares(deployment, each, cpu, mib)) for each in pools]
    bounds = NOTHING
    if found:
        # Where Karpenter looks first.
        preferred, first = max(found, key=lambda pair: pair[0].weight)
        bounds = Bounds(
            minimum=0,
            expected=TEAM_SHARE * first[0] * spot(preferred),
            maximum=max(usd for _, usds in found for usd in usds),
        )
    how = f"{TEAM_SHARE:.0%} of {quotas.cpu} cores and {quotas.memory}, by Spot where the pool may"
    return Entry(what=what, bounds=bounds, how=how)


def _storage(quotas: Quotas) -> float:
    """GiB that the volumes of a namespace may have together."""
    if quotas.storage is not None:
        return mebibytes(quotas.storage) / _GIB
    return _STORAGE_OF_MEMORY * mebibytes(quotas.memory) / _GIB

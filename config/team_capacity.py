"""How much room the pools have that teams may use. Pure."""

from __future__ import annotations

from config.capacity import INSTANCE_TYPES, Room, daemons, room
from config.deployment import Deployment
from config.pools import Pool, Taint
from config.quantities import mebibytes, millicores
from config.teams import PREVIEW_QUOTA, SHARED_QUOTAS


def open_pools(deployment: Deployment) -> list[Pool]:
    """Pools that take pods without a toleration."""
    return [pool for pool in deployment.karpenter.pools if not reserved_taints(pool)]


def pools_of(deployment: Deployment, name: str | None) -> list[Pool]:
    """The pool ``name``, which is a team's; the open pools where it is None."""
    if name is None:
        return open_pools(deployment)
    return [pool for pool in deployment.karpenter.pools if pool.name == name]


def reserved_taints(pool: Pool) -> list[Taint]:
    """Taints of ``pool`` that keep pods without a toleration away."""
    return [taint for taint in pool.taints if _repels(taint.effect)]


def largest_room(deployment: Deployment, pool: str | None = None) -> Room | None:
    """What the largest node of the open pools, or of ``pool``, has left for pods, and the largest pod by that.

    None where no type is known.
    """
    rooms = [each for every in pools_of(deployment, pool) for each in _rooms(every, deployment)]
    if not rooms:
        return None
    return Room(
        cpu=max(each.cpu for each in rooms), mib=max(each.mib for each in rooms), pods=max(each.pods for each in rooms)
    )


def capacity(deployment: Deployment, pool: str | None = None) -> Room | None:
    """What the open pools, or ``pool``, hold at their limits, with their largest nodes; None where no type is known."""
    found = [_at_limits(each, rooms) for each in pools_of(deployment, pool) if (rooms := _rooms(each, deployment))]
    if not found:
        return None
    return Room(
        cpu=sum(each.cpu for each in found), mib=sum(each.mib for each in found), pods=sum(each.pods for each in found)
    )


def promised(deployment: Deployment, pool: str | None = None) -> tuple[int, int]:
    """Millicores and MiB that quotas promise in sum of ``pool``: those of its teams.

    Of the open pools: those of all other teams, of as many pull requests' namespaces as teams may have, and of the
    shared namespaces.
    """
    quotas = [team.resources for team in deployment.teams if team.pool == pool]
    if pool is None:
        quotas += SHARED_QUOTAS.values()
        for team in deployment.teams:
            quotas += [PREVIEW_QUOTA] * (team.preview_limit if team.previews else 0)
    return sum(millicores(each.cpu) for each in quotas), sum(mebibytes(each.memory) for each in quotas)


def _rooms(pool: Pool, deployment: Deployment) -> list[Room]:
    known = (INSTANCE_TYPES[name] for name in pool.instance_types if name in INSTANCE_TYPES)
    agents = daemons(deployment.components.enabled(), guardduty=deployment.account.guardduty == "managed")
    return [room(kind, pool.max_pods, agents) for kind in known]


def _at_limits(pool: Pool, rooms: list[Room]) -> Room:
    nodes, limits = pool.limits.nodes, pool.limits
    cpu = nodes * max(each.cpu for each in rooms)
    mib = nodes * max(each.mib for each in rooms)
    return Room(
        cpu=min(cpu, millicores(limits.cpu)) if limits.cpu else cpu,
        mib=min(mib, mebibytes(limits.memory)) if limits.memory else mib,
        pods=nodes * max(each.pods for each in rooms),
    )


def _repels(effect: str) -> bool:
    return effect in ("NoSchedule", "NoExecute")

"""What nodes cost: at least, as expected, and with every pool at its limit. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from config.capacity import INSTANCE_TYPES, Room, daemons, room
from config.deployment import Deployment
from config.pools import Pool
from constructs_lib.components.pods import platform_pool
from constructs_lib.cost.bounds import NOTHING, Bounds, Entry
from constructs_lib.cost.prices import HOURS, NODES, SERVICES, UnpricedError
from constructs_lib.cost.share import nodes
from constructs_lib.cost.use import BUILDS, SPOT

BUILDS_POOL = "builds"


def hourly(types: Sequence[str]) -> list[float]:
    """USD an hour of those ``types`` that have a price, in their order. Raises UnpricedError where none has."""
    found = [NODES[kind].usd for kind in types if kind in NODES]
    if not found:
        raise UnpricedError(", ".join(types))
    return found


def disk(gib: int) -> float:
    """USD a month of a node's data volume."""
    return gib * SERVICES["volume GiB"].usd


def platform_nodes(deployment: Deployment) -> list[Entry]:
    """System nodes, and those of the platform's pool, with their volumes.

    A pool's nodes are of its first type, and of its dearest at most; volumes are those of as many nodes.
    """
    system, steady = deployment.eks.system_nodes, nodes(deployment)
    pool = platform_pool(deployment)
    counts = (
        (hourly(system.instance_types), system.disk_gib, system.min, system.desired, system.max),
        (
            hourly(pool.instance_types),
            pool.disk_gib,
            steady["platform"].count,
            steady["platform"].count,
            pool.limits.nodes,
        ),
    )
    running = sum(desired for *_, desired, _ in counts)
    computing, volumes = _sum(counts)
    return [
        Entry(what="nodes", bounds=computing, how=f"{running} run steadily, at most {sum(c[4] for c in counts)}"),
        Entry(what="volumes of nodes", bounds=volumes, how="gp3"),
    ]


def _sum(counts: Iterable[tuple[list[float], int, int, int, int]]) -> tuple[Bounds, Bounds]:
    computing, volumes = NOTHING, NOTHING
    for prices, gib, least, steady, most in counts:
        first, dearest, cheapest = prices[0], max(prices), min(prices)
        computing += Bounds(
            minimum=least * cheapest * HOURS, expected=steady * first * HOURS, maximum=most * dearest * HOURS
        )
        volumes += Bounds(minimum=least * disk(gib), expected=steady * disk(gib), maximum=most * disk(gib))
    return computing, volumes


def builds(deployment: Deployment) -> list[Entry]:
    """The pool for builds, where there is one: no node without a build."""
    found = [pool for pool in deployment.karpenter.pools if pool.name == BUILDS_POOL]
    return [
        Entry(
            what="nodes for builds", bounds=_at_limit(pool), how=f"one {BUILDS:.0%} of the time, by Spot where it may"
        )
        for pool in found
    ]


def _at_limit(pool: Pool) -> Bounds:
    prices = hourly(pool.instance_types)
    one = prices[0] * HOURS * spot(pool) + disk(pool.disk_gib)
    most = pool.limits.nodes * (max(prices) * HOURS + disk(pool.disk_gib))
    return Bounds(minimum=0, expected=min(BUILDS * one, most), maximum=most)


def spot(pool: Pool) -> float:
    """What a node costs in times of its on-demand price, where Karpenter finds what it prefers."""
    return SPOT if "spot" in pool.capacity_types else 1.0


def limit(pools: Iterable[Pool]) -> float:
    """USD a month of ``pools`` with as many of their dearest nodes as they may have, on demand."""
    return sum(_at_limit(pool).maximum for pool in pools)


def shares(deployment: Deployment, pool: Pool, cpu: int, mib: int) -> list[float]:
    """USD a month, on demand, that ``cpu`` millicores and ``mib`` MiB take of nodes of each priced type of ``pool``.

    Of what a node has left for pods: what runs on every node anyway is paid by those whom the node is for. Raises
    UnpricedError.
    """
    hourly(pool.instance_types)
    agents = daemons(deployment.components.enabled(), guardduty=deployment.account.guardduty == "managed")
    found = []
    for kind in pool.instance_types:
        if kind in NODES and kind in INSTANCE_TYPES:
            left: Room = room(INSTANCE_TYPES[kind], pool.max_pods, agents)
            node = NODES[kind].usd * HOURS + disk(pool.disk_gib)
            found.append(max(cpu / left.cpu, mib / left.mib) * node)
    return found

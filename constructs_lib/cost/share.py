"""What falls to a component of a deployment's monthly cost. Pure: imports no engine.

An estimate. A pod costs the larger of its two shares of a node: of the cores that pods may request, and of the memory.
What nobody requests, and what runs on every node anyway, falls to no component.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.capacity import INSTANCE_TYPES
from config.deployment import Deployment, SystemNodes
from config.pools import Pool
from config.sizing import SizingProfile
from constructs_lib.components.component import Component
from constructs_lib.components.pods import Pods, number, platform_pool, requested, steady_platform_nodes
from constructs_lib.components.wiring import refresh_interval
from constructs_lib.cost.prices import HOURS, NODES, SERVICES, UnpricedError
from constructs_lib.data.databases_table import databases
from constructs_lib.data.secrets_table import rows as secrets

# Mean use of one instance of Aurora, above the floor of 0.5, by profile: an estimate.
AURORA_UNITS: Mapping[SizingProfile, float] = {"seed-cost": 0.75, "ha": 0.75, "large": 2.5}
# Mean use of a load balancer's capacity: an estimate.
LOAD_BALANCER_UNITS = 1.0
# Bucket → component that fills it, and GiB once its lifecycle rules are in balance with what is written: estimates.
BUCKETS: Mapping[str, tuple[str, int]] = {
    "artifacts": ("argo-workflows", 50),
    "backups": ("velero", 50),
    "techdocs": ("backstage", 1),
}
# (component, pods) → GiB of the volume that each pod claims.
VOLUMES: Mapping[tuple[str, str], int] = {("argo-events", "bus"): 10}
_READINGS = {"1m": HOURS * 60, "1h": HOURS}


@dataclass(frozen=True, kw_only=True)
class Node:
    """Nodes of one pool: ``count`` is how many run steadily, at ``usd`` a month each beside their disk."""

    count: int
    disk_gib: int
    cpu: int
    mib: int
    usd: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """One part of a component's cost, in USD a month; ``how`` says what was counted."""

    what: str
    usd: float
    how: str


def nodes(deployment: Deployment) -> Mapping[str, Node]:
    """Nodes that steadily run: the system's, and the platform's pool. Raises UnpricedError."""
    system = deployment.eks.system_nodes
    return {
        "system": _node(system, system.desired),
        "platform": _node(platform_pool(deployment), steady_platform_nodes(deployment)),
    }


def all_nodes(deployment: Deployment) -> float:
    """What the system nodes and those of the platform's pool cost, in USD a month."""
    return sum(node.usd * node.count for node in nodes(deployment).values())


def _node(pool: SystemNodes | Pool, count: int) -> Node:
    kind = pool.instance_types[0]
    if kind not in NODES:
        raise UnpricedError(kind)
    found = INSTANCE_TYPES[kind]
    return Node(
        count=count,
        disk_gib=pool.disk_gib,
        cpu=found.allocatable_cpu,
        mib=found.allocatable_mib(pool.max_pods),
        usd=NODES[kind].usd * HOURS,
    )


def of_nodes(component: Component, deployment: Deployment) -> float:
    """What the pods of ``component`` cost, in USD a month. Jobs run for seconds and cost nothing."""
    return sum(_pods(row, deployment) for row in component.running(deployment))


def _pods(row: Pods, deployment: Deployment) -> float:
    if row.kind == "Job":
        return 0
    cpu, mib = requested(row, deployment)
    there = nodes(deployment)
    if row.pool == "every":
        return sum(_share(cpu, mib, node) * node.usd * node.count for node in there.values())
    return _share(cpu, mib, there[row.pool]) * there[row.pool].usd * number(row.replicas, deployment)


def _share(cpu: int, mib: int, node: Node) -> float:
    return max(cpu / node.cpu, mib / node.mib)


def own(component: Component, deployment: Deployment) -> list[Line]:
    """What ``component`` costs beside its nodes. What several components share is divided evenly between them."""
    found = [*_load_balancer(component, deployment), *_database(component, deployment)]
    found += [*_secrets(component, deployment), *_storage(component, deployment)]
    return found


def total(component: Component, deployment: Deployment) -> float:
    """All of it, in USD a month."""
    return of_nodes(component, deployment) + sum(line.usd for line in own(component, deployment))


def load_balancer(deployment: Deployment, *, public: bool) -> float:
    """One load balancer, in USD a month; a public one has an address in each zone."""
    hourly = SERVICES["load balancer"].usd + LOAD_BALANCER_UNITS * SERVICES["load balancer capacity unit"].usd
    if public:
        hourly += len(deployment.vpc.zones) * SERVICES["public address"].usd
    return hourly * HOURS


def database(deployment: Deployment) -> tuple[int, float]:
    """Instances of the database, and what they cost together in USD a month."""
    instances = 1 + deployment.aurora.readers
    return instances, instances * units(deployment) * SERVICES["Aurora capacity unit"].usd * HOURS


def units(deployment: Deployment) -> float:
    """Capacity units that one instance of the database uses on average, within what it may."""
    return min(max(AURORA_UNITS[deployment.sizing], deployment.aurora.min_capacity), deployment.aurora.max_capacity)


def _load_balancer(component: Component, deployment: Deployment) -> list[Line]:
    hosts = deployment.components.hosts()
    if component.name not in hosts:
        return []
    exposure = hosts[component.name].exposure
    sharing = sum(1 for host in hosts.values() if host.exposure == exposure)
    usd = load_balancer(deployment, public=exposure == "public") / sharing
    return [Line(what="load balancer", usd=usd, how=f"a {_part(sharing)} of the {exposure} load balancer")]


def _database(component: Component, deployment: Deployment) -> list[Line]:
    sharing = databases(deployment)
    if component.name not in {row.component for row in sharing}:
        return []
    instances, usd = database(deployment)
    how = f"a {_part(len(sharing))} of {instances} instances at {units(deployment)} units"
    return [Line(what="database", usd=usd / len(sharing), how=how)]


def _secrets(component: Component, deployment: Deployment) -> list[Line]:
    on = set(deployment.components.enabled())
    mine = [row for row in secrets(deployment) if component.name in row.components]
    if not mine:
        return []
    kept = sum(SERVICES["secret"].usd / len(on & set(row.components)) for row in mine)
    calls = sum(_READINGS[refresh_interval(secret.path)] for secret in component.secrets)
    # Each namespace that receives it reads for itself.
    of_scope = {"staging": 1, "team": len(deployment.teams)}
    calls += sum(
        _READINGS[refresh_interval(row.path)] * of_scope[scope]
        for row in mine
        for reader in row.readers
        for scope in reader.scopes
    )
    # Each reading decrypts by the secret's own key.
    usd = kept + calls * (SERVICES["reading of a secret"].usd + SERVICES["use of a key"].usd)
    return [Line(what="secrets", usd=usd, how=f"{len(mine)} kept, {calls:,} readings")]


def _storage(component: Component, deployment: Deployment) -> list[Line]:
    buckets = {purpose: gib for purpose, (name, gib) in BUCKETS.items() if name == component.name}
    found = [
        Line(what="bucket", usd=gib * SERVICES["stored GiB"].usd, how=f"{gib} GiB in {deployment.id}-{purpose}")
        for purpose, gib in buckets.items()
    ]
    for row in component.running(deployment):
        gib = VOLUMES.get((component.name, row.name), 0) * number(row.replicas, deployment)
        if gib:
            how = f"{gib} GiB of volumes of {row.name}"
            found.append(Line(what="volumes", usd=gib * SERVICES["volume GiB"].usd, how=how))
    return found


def _part(sharing: int) -> str:
    words = {1: "whole", 2: "half", 3: "third", 4: "quarter", 5: "fifth"}
    return words.get(sharing, f"{sharing}th")

"""A deployment's cost by line, component and team; and what a change makes of it. Pure: imports no engine."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from config.deployment import Deployment
from constructs_lib.components.registry import CATALOG
from constructs_lib.cost.bounds import NOTHING, Bounds, Entry, fixed, total
from constructs_lib.cost.month import whole
from constructs_lib.cost.share import of_nodes, own
from constructs_lib.cost.teams import teams

# Own line of a component → the deployment's line that it is a part of; what isn't here doesn't vary.
_PART_OF = {
    "load balancer": "load balancers",
    "database": "database",
    "bucket": "storage, images, names",
}


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """USD a month. ``lines`` are the deployment's, teams included; of these, what falls to components and teams."""

    deployment: str
    region: str
    lines: tuple[Entry, ...]
    components: tuple[Entry, ...]
    teams: tuple[Entry, ...]

    @property
    def total(self) -> Bounds:
        return total(self.lines)


@dataclass(frozen=True, kw_only=True)
class Delta:
    """What changes from one estimate to another: lines, components and teams that do, and the sum of all lines."""

    lines: Mapping[str, Bounds] = field(default_factory=dict)
    components: Mapping[str, Bounds] = field(default_factory=dict)
    teams: Mapping[str, Bounds] = field(default_factory=dict)
    total: Bounds = NOTHING


def estimate(deployment: Deployment, today: datetime.date | None = None) -> Estimate:
    """All of it. ``today`` says which support the Kubernetes minor is in; None: standard. Raises UnpricedError."""
    lines = tuple(whole(deployment, today))
    return Estimate(
        deployment=deployment.id,
        region=deployment.platform.region,
        lines=lines,
        components=tuple(_components(deployment, {entry.what: entry.bounds for entry in lines})),
        teams=tuple(
            Entry(what=name, bounds=total(entries), how="; ".join(f"{entry.what}: {entry.how}" for entry in entries))
            for name, entries in teams(deployment).items()
        ),
    )


def _components(deployment: Deployment, lines: Mapping[str, Bounds]) -> Iterable[Entry]:
    """Each component that is on: its pods' share of nodes, and its part of what several share."""
    for name in sorted(deployment.components.enabled()):
        component = CATALOG[name]
        bounds = _scaled(of_nodes(component, deployment), lines["nodes"])
        parts = own(component, deployment)
        for line in parts:
            bounds += _scaled(line.usd, lines[_PART_OF[line.what]]) if line.what in _PART_OF else fixed(line.usd)
        how = "; ".join(["nodes", *(f"{line.what}: {line.how}" for line in parts)])
        yield Entry(what=name, bounds=bounds, how=how)


def _scaled(usd: float, whole: Bounds) -> Bounds:
    """A part of ``usd`` that varies as the whole does."""
    return whole.times(usd / whole.expected) if whole.expected else fixed(usd)


def delta(before: Estimate, after: Estimate) -> Delta:
    """What ``after`` costs more than ``before``; negative where it costs less."""
    return Delta(
        lines=_changes(before.lines, after.lines),
        components=_changes(before.components, after.components),
        teams=_changes(before.teams, after.teams),
        total=after.total - before.total,
    )


def _changes(before: Iterable[Entry], after: Iterable[Entry]) -> dict[str, Bounds]:
    old = {entry.what: entry.bounds for entry in before}
    new = {entry.what: entry.bounds for entry in after}
    names = [*old, *(name for name in new if name not in old)]
    found = {name: new.get(name, NOTHING) - old.get(name, NOTHING) for name in names}
    return {name: bounds for name, bounds in found.items() if bounds != NOTHING}

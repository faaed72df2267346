"""The table: who may connect to whom, at which ports. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.reachability.evaluator import End, Evaluator, Place, Pod, Reach
from constructs_lib.reachability.policy import policy
from constructs_lib.reachability.world import World

# (from, to) → ports; pairs that may not connect are left out.
Ways = Mapping[tuple[str, str], Reach]


def evaluator(manifests: Iterable[Mapping[str, Any]], world: World, *, blocks_hold_pods: bool = True) -> Evaluator:
    """The policies ``manifests`` over the namespaces of ``world``."""
    return Evaluator(map(policy, manifests), world.namespaces, blocks_hold_pods=blocks_hold_pods)


def ways(
    found: Evaluator, world: World, sources: Sequence[End] | None = None, destinations: Sequence[End] | None = None
) -> Ways:
    """Every way from ``sources`` to ``destinations``, where one of the two is a pod; without them, of everybody."""
    ends: Sequence[End] = (*world.everybody, *world.places)
    pairs = _pairs(ends if sources is None else sources, ends if destinations is None else destinations)
    reached = ((source, destination, found.reach(source, destination)) for source, destination in pairs)
    return {(source.name, destination.name): reach for source, destination, reach in reached if reach.some}


def _pairs(sources: Iterable[End], destinations: Sequence[End]) -> Iterator[tuple[End, End]]:
    for source in sources:
        for destination in destinations:
            both = isinstance(source, Place) and isinstance(destination, Place)
            if not both:
                yield source, destination


def text_of(reach: Reach, destination: End) -> str:
    """Ports as the page shows them; a place may be open in part only."""
    if isinstance(destination, Pod) or reach.some == reach.every:
        return str(reach.some)
    always = f"{reach.every}; " if reach.every else ""
    return f"{always}in part: {reach.some}"

"""The graph of stacks as a drawing: layered by what reads what, without edges that others imply. Pure.

Teams that read the same and that nobody reads are one node, so that hundreds of them can be drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 200, 46
GAP_X, GAP_Y, MARGIN = 14, 34, 12
# Nodes side by side; more of one layer take a further row.
ROW = 5
# From this many stacks on that read the same, one node stands for all.
MANY = 6


@dataclass(frozen=True, kw_only=True)
class Node:
    """One box: ``stacks`` are those that it stands for, ``x`` and ``y`` its upper left corner."""

    stacks: tuple[str, ...]
    x: int
    y: int

    @property
    def id(self) -> str:
        return self.stacks[0]


@dataclass(frozen=True, kw_only=True)
class Edge:
    """From a stack to one that reads it, by the ids of their nodes; ``path`` is SVG's."""

    start: str
    end: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def drawing(reads: Mapping[str, frozenset[str]]) -> Drawing:
    """The drawing of stacks, given as name → names of those that it reads. There must be no circle."""
    merged = _merged(reads)
    graph = {group[0]: reads[group[0]] for group in merged}
    groups = {group[0]: group for group in merged}
    edges = without_implied(graph)
    rows = _rows(graph, edges)
    widest = max((len(row) for row in rows), default=0)
    total = 2 * MARGIN + widest * (WIDTH + GAP_X) - GAP_X
    nodes: dict[str, Node] = {}
    for number, row in enumerate(rows):
        left = (total - len(row) * (WIDTH + GAP_X) + GAP_X) // 2
        for place, name in enumerate(row):
            x, y = left + place * (WIDTH + GAP_X), MARGIN + number * (HEIGHT + GAP_Y)
            nodes[name] = Node(stacks=groups[name], x=x, y=y)
    return Drawing(
        width=total,
        height=2 * MARGIN + len(rows) * (HEIGHT + GAP_Y) - GAP_Y,
        nodes=tuple(nodes.values()),
        edges=tuple(
            Edge(start=producer, end=name, path=_path(nodes[producer], nodes[name]))
            for name in nodes
            for producer in sorted(edges[name])
        ),
    )


def levels(reads: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """Name → length of the longest way to it from a stack that reads none."""
    found: dict[str, int] = {}

    def level(name: str) -> int:
        if name not in found:
            found[name] = 1 + max((level(each) for each in sorted(reads[name])), default=-1)
        return found[name]

    for name in sorted(reads):
        level(name)
    return found


def _merged(reads: Mapping[str, frozenset[str]]) -> list[tuple[str, ...]]:
    read = {producer for producers in reads.values() for producer in producers}
    alike: dict[frozenset[str], list[str]] = {}
    for name in sorted(reads):
        if name not in read and reads[name]:
            alike.setdefault(reads[name], []).append(name)
    groups = [tuple(names) for names in alike.values() if len(names) >= MANY]
    grouped = {name for group in groups for name in group}
    return sorted([*groups, *((name,) for name in reads if name not in grouped)])


def without_implied(graph: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Edges that no longer way replaces."""
    above: dict[str, frozenset[str]] = {}
    order = levels(graph)
    for name in sorted(graph, key=lambda each: (order[each], each)):
        above[name] = frozenset(graph[name]).union(*(above[each] for each in graph[name]))
    return {
        name: frozenset(each for each in producers if not any(each in above[other] for other in producers))
        for name, producers in graph.items()
    }


def _rows(graph: Mapping[str, frozenset[str]], edges: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Rows from top to bottom; in a row, each stands near those that it reads."""
    order = levels(graph)
    middle: dict[str, float] = {}
    rows: list[list[str]] = []
    for level in sorted(set(order.values())):
        names = [name for name in sorted(graph) if order[name] == level]
        names.sort(key=lambda name: (_mean([middle[each] for each in sorted(edges[name])]), name))
        count = -(-len(names) // ROW)
        size = -(-len(names) // count)
        for start in range(0, len(names), size):
            row = names[start : start + size]
            middle |= {name: place - (len(row) - 1) / 2 for place, name in enumerate(row)}
            rows.append(row)
    return rows


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _path(start: Node, end: Node) -> str:
    """A curve from the bottom of one box to the top of the other."""
    x1, y1, x2, y2 = start.x + WIDTH // 2, start.y + HEIGHT, end.x + WIDTH // 2, end.y
    bend = (y2 - y1) // 2
    return f"M{x1} {y1}C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}"

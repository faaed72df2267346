"""Flowcharts of Mermaid, read strictly: what isn't understood here is an error, and so is what Mermaid refuses.

Source: Mermaid documentation, "Flowcharts - Basic Syntax".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_ID = r"[A-Za-z]\w*"
_LABEL = r'"([^"]+)"'
_SHAPES = (rf"\[{_LABEL}\]", rf"\(\[{_LABEL}\]\)", rf"\[\({_LABEL}\)\]", rf"\[\[{_LABEL}\]\]", rf"\{{\{{{_LABEL}\}}\}}")
_NODE = [re.compile(rf"({_ID}){shape}") for shape in (*_SHAPES, rf">{_LABEL}\]")]
_GROUP = re.compile(rf"subgraph ({_ID})\[{_LABEL}\]")
_EDGE = re.compile(rf"({_ID}) (?:-->|-\.->)(?:\|{_LABEL}\|)? ({_ID})")
_CODES = {"lt": "<", "gt": ">", "quot": '"', "amp": "&", "35": "#"}
# Words that Mermaid keeps for itself.
_RESERVED = {"end", "graph", "flowchart", "subgraph", "default", "class", "click", "style", "direction"}


class Wrong(Exception):
    """The text is no flowchart; the message says where."""


@dataclass
class Chart:
    """``nodes``, ``groups``: id → lines of the label; ``parents``: id → group around it; ``edges``: from, to, label."""

    nodes: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    edges: list[tuple[str, str, list[str]]] = field(default_factory=list)

    def named(self, first: str, within: str = "") -> str:
        """The id of the one node or group whose label begins with the line ``first``, in the group ``within``."""
        found = [name for name, lines in (self.nodes | self.groups).items() if lines[0] == first]
        if within:
            found = [name for name in found if self.named(within) in self.around(name)]
        (one,) = found
        return one

    def between(self, source: str, target: str, within: str = "") -> list[list[str]]:
        """Labels of the edges between two, by their labels' first lines."""
        ends = (self.named(source, within), self.named(target, within))
        return [label for one, other, label in self.edges if (one, other) == ends]

    def around(self, name: str) -> Iterator[str]:
        while name in self.parents:
            name = self.parents[name]
            yield name


def charts(page: str) -> list[Chart]:
    """Every flowchart of a Markdown page. Raises Wrong."""
    return [parsed(block) for block in re.findall(r"^```mermaid\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)]


def parsed(text: str) -> Chart:
    """Raises Wrong."""
    first, *lines = text.rstrip("\n").split("\n")
    if first != "flowchart TB":
        raise Wrong(f"begins with {first}")
    chart, open_groups = Chart(), list[str]()
    for number, line in enumerate((line.strip() for line in lines), start=2):
        if line == "end":
            if not open_groups:
                raise Wrong(f"line {number}: end of nothing")
            open_groups.pop()
        elif not (_taken(chart, line, open_groups) or _edge(chart, line)):
            raise Wrong(f"line {number} isn't understood: {line}")
    if open_groups:
        raise Wrong(f"no end of {open_groups}")
    _check(chart)
    return chart


def _taken(chart: Chart, line: str, open_groups: list[str]) -> bool:
    group = _GROUP.fullmatch(line)
    found = group or next((hit for pattern in _NODE if (hit := pattern.fullmatch(line))), None)
    if found is None:
        return False
    name, label = found.groups()
    if name in chart.nodes or name in chart.groups or name in _RESERVED:
        raise Wrong(f"id {name} is taken")
    (chart.groups if group else chart.nodes)[name] = _lines(label)
    if open_groups:
        chart.parents[name] = open_groups[-1]
    if group:
        open_groups.append(name)
    return True


def _edge(chart: Chart, line: str) -> bool:
    found = _EDGE.fullmatch(line)
    if found:
        chart.edges.append((found.group(1), found.group(3), _lines(found.group(2) or "")))
    return found is not None


def _lines(label: str) -> list[str]:
    bare = label.replace("<br/>", "\n")
    if re.search(r"[<>]|&(?!\w+;)", bare) or re.search(r"#(?!(?:lt|gt|quot|amp|35);)", bare):
        raise Wrong(f"not escaped: {label}")
    # What Mermaid would take for Markdown.
    if re.match(r"\d+\. |[-*] |`", bare):
        raise Wrong(f"begins like Markdown: {label}")
    return [re.sub(r"#(\w+);", lambda code: _CODES[code.group(1)], line) for line in bare.split("\n")]


def _check(chart: Chart) -> None:
    known = chart.nodes.keys() | chart.groups.keys()
    for source, target, _ in chart.edges:
        for each in (source, target):
            if each not in known:
                raise Wrong(f"an edge to {each}, which is no node")
        if source in chart.around(target) or target in chart.around(source):
            raise Wrong(f"an edge between {source} and {target}, of which one is in the other")
    for group in chart.groups:
        if group not in chart.parents.values():
            raise Wrong(f"nothing is in {group}")

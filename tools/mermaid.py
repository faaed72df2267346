"""Flowcharts of Mermaid, put together node by node. Source: Mermaid documentation, "Flowcharts - Basic Syntax"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

_SHAPES = {"step": ('["', '"]'), "start": ('(["', '"])'), "store": ('[("', '")]'), "call": ('[["', '"]]')}
_SHAPES |= {"wait": ('{{"', '"}}'), "note": ('>"', '"]')}
_ARROWS = {"then": "-->", "else": "-.->", "uses": "-.->"}
# Mermaid documentation, "Entity codes to escape characters"; # first, since the others have it.
_ESCAPES = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;"}


def identifier(*parts: str) -> str:
    """An id of ``parts``. With a letter and a line first it is none of Mermaid's words, such as ``end``."""
    return "n_" + "__".join(re.sub(r"\W|_", "_", part) for part in parts)


def label(lines: Iterable[str]) -> str:
    """``lines`` as the inside of a quoted label; empty ones are left out."""
    return "<br/>".join(_escaped(line) for line in lines if line)


def _escaped(text: str) -> str:
    for character, code in _ESCAPES.items():
        text = text.replace(character, code)
    return " ".join(text.split())


@dataclass
class _Group:
    """Nodes as lines, and groups, in the order in which they were made."""

    identifier: str
    title: str
    parts: list[str | _Group] = field(default_factory=list)

    def lines(self, indent: str) -> Iterator[str]:
        yield f'{indent}subgraph {self.identifier}["{self.title}"]'
        for part in self.parts:
            if isinstance(part, str):
                yield f"{indent}  {part}"
            else:
                yield from part.lines(f"{indent}  ")
        yield f"{indent}end"


class Graph:
    """A flowchart from top to bottom. Raises ValueError for an id that is there already, or an edge to none."""

    def __init__(self) -> None:
        self._open = [_Group("", "")]
        self._ids: dict[str, str] = {}
        self._edges: dict[str, None] = {}

    def node(self, name: str, lines: Sequence[str], shape: str = "step") -> str:
        """Put in a node where the open group is; its id."""
        start, end = _SHAPES[shape]
        self._taken(name, label(lines))
        self._open[-1].parts.append(f"{name}{start}{label(lines)}{end}")
        return name

    @contextmanager
    def group(self, name: str, lines: Sequence[str]) -> Iterator[str]:
        """A group that is open meanwhile."""
        self._taken(name, label(lines))
        group = _Group(name, label(lines))
        self._open[-1].parts.append(group)
        self._open.append(group)
        yield name
        self._open.pop()

    def edge(self, source: str, target: str, lines: Sequence[str] = (), kind: str = "then") -> None:
        """``kind``: ``then`` is what comes next, ``else`` what comes otherwise, ``uses`` what is touched."""
        for each in (source, target):
            if each not in self._ids:
                raise ValueError(f"no node {each}")
        text = label(lines)
        said = f'|"{text}"|' if text else ""
        self._edges[f"{source} {_ARROWS[kind]}{said} {target}"] = None

    def __contains__(self, name: str) -> bool:
        return name in self._ids

    def __str__(self) -> str:
        """A block of Markdown."""
        lines = [
            line
            for part in self._open[0].parts
            for line in ([f"  {part}"] if isinstance(part, str) else part.lines("  "))
        ]
        edges = [f"  {edge}" for edge in self._edges]
        return "\n".join(["```mermaid", "flowchart TB", *lines, *edges, "```", ""])

    def _taken(self, name: str, text: str) -> None:
        if name in self._ids:
            raise ValueError(f"two nodes have id {name}: {self._ids[name]}, {text}")
        self._ids[name] = text

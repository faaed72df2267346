"""The files of ``workflow-templates/``, with the line of everything in them."""

from __future__ import annotations

import functools
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

ROOT = Path(__file__).resolve().parent.parent
DIRECTORY = ROOT / "workflow-templates"
PLACEHOLDER = re.compile(r"\[\[ ([a-z]+(?:[.-][a-z]+)*) \]\]")
_PODS = ("container", "script", "containerSet")
# Of a container that is no script: what follows is read by shellcheck.
SHELL = ["sh", "-c"]


class Unreadable(Exception):
    """A file is no YAML, or leaves something open that nobody decides; the message names file and line."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """``line`` counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def report(check: Callable[[], Sequence[object]]) -> int:
    """Print what ``check`` finds wrong, or can't read; 1 where there is something."""
    try:
        found = check()
    except Unreadable as error:
        found = [error]
    for each in found:
        print(each, file=sys.stderr)
    return 1 if found else 0


@dataclass(frozen=True)
class Template:
    """One entry of ``spec.templates``."""

    file: File = field(repr=False)
    node: Any

    @property
    def name(self) -> str:
        return str(self.node.get("name", ""))

    @property
    def makes_pods(self) -> bool:
        return any(kind in self.node for kind in _PODS)

    def declared(self, direction: str, what: str) -> dict[str, Any]:
        """``declared("inputs", "parameters")``: name → entry."""
        return named((self.node.get(direction) or {}).get(what))

    def containers(self) -> Iterator[Any]:
        for kind in ("container", "script"):
            if kind in self.node:
                yield self.node[kind]
        yield from (self.node.get("containerSet") or {}).get("containers", ())

    def tasks(self) -> dict[str, Any]:
        return named((self.node.get("dag") or {}).get("tasks"))

    def steps(self) -> list[dict[str, Any]]:
        """Groups of steps, which run one group after the other."""
        return [named(group) for group in self.node.get("steps") or ()]


@dataclass(frozen=True)
class File:
    """One template file. ``path`` is relative to the tree."""

    path: str
    stem: str
    node: Any

    @functools.cached_property
    def templates(self) -> dict[str, Template]:
        return {name: Template(self, node) for name, node in named(self.node["spec"].get("templates")).items()}

    @functools.cached_property
    def parameters(self) -> dict[str, Any]:
        """What a Workflow says that starts it."""
        return named((self.node["spec"].get("arguments") or {}).get("parameters"))

    def problem(self, message: str, node: Any, key: Any = None) -> Problem:
        return Problem(file=self.path, line=line_of(node, key), message=message)


def named(entries: Any) -> dict[str, Any]:
    return {str(entry.get("name", "")): entry for entry in entries or ()}


def line_of(node: Any, key: Any = None) -> int:
    """Where ``node``, or its entry ``key``, stands."""
    marks = getattr(node, "lc", None)
    if marks is None:
        return 1
    if key is not None and marks.data and key in marks.data:
        return int(marks.data[key][0]) + 1
    return int(marks.line) + 1


def load(directory: Path, settings: Mapping[str, str]) -> dict[str, File]:
    """All files below ``directory`` by their stems, ``settings`` put in. Raises Unreadable."""
    found: dict[str, File] = {}
    for path in sorted(each for each in directory.rglob("*") if each.is_file() and each.name != "README.md"):
        shown = path.relative_to(directory.parent).as_posix()
        if path.suffix != ".yaml" or path.parent.parent != directory:
            raise Unreadable(f"{shown}:1: nobody takes it from here: write it to <kind>/{path.stem}.yaml, or elsewhere")
        if path.stem in found:
            raise Unreadable(f"{shown}:1: {found[path.stem].path} has the same name: give one of them another")
        found[path.stem] = File(shown, path.stem, parsed(shown, path.read_text(encoding="utf-8"), settings))
    return found


def parsed(
    shown: str, text: str, settings: Mapping[str, str], where: str = "constructs_lib/workflows/settings.py"
) -> Any:
    """``text`` as YAML that knows its lines, ``settings`` put in; ``where`` they come from. Raises Unreadable."""
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        for name in PLACEHOLDER.findall(line):
            if name not in settings:
                raise Unreadable(
                    f"{shown}:{number}: nothing decides [[ {name} ]]: name a setting of {where}, or add it there"
                )
        lines.append(PLACEHOLDER.sub(lambda found: json.dumps(settings[found.group(1)]), line))
    return _yaml(shown, "\n".join(lines) + "\n")


def no_yaml(shown: str, error: YAMLError) -> Unreadable:
    """What is raised for ``error`` in the file ``shown``."""
    mark = getattr(error, "problem_mark", None)
    return Unreadable(f"{shown}:{mark.line + 1 if mark else 1}: {getattr(error, 'problem', error)}")


@functools.cache
def _yaml(shown: str, text: str) -> Any:
    try:
        node = YAML().load(text)
    except YAMLError as error:
        raise no_yaml(shown, error) from None
    if not isinstance(node, Mapping) or not isinstance(node.get("spec"), Mapping):
        raise Unreadable(f"{shown}:1: no template: write apiVersion, kind, metadata and spec")
    return node


def strings(node: Any, key: Any = None, parent: Any = None) -> Iterator[tuple[Any, Any, str]]:
    """(node, key, text) of every text below ``node``."""
    if isinstance(node, str):
        yield parent, key, node
    elif isinstance(node, Mapping):
        for name, value in node.items():
            yield from strings(value, name, node)
    elif isinstance(node, (list, tuple)):
        for index, value in enumerate(node):
            yield from strings(value, index, node)


def nodes(node: Any) -> Iterator[Any]:
    """``node`` and every map and list below it."""
    if isinstance(node, Mapping):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, (list, tuple)):
        yield node
        for value in node:
            yield from nodes(value)


def scripts(file: File) -> Iterator[tuple[int, str]]:
    """(line, text) of every shell script: the source of a script, and what ``sh -c`` is given."""
    for template in file.templates.values():
        for container in template.containers():
            if "source" in container:
                yield line_of(container, "source"), str(container["source"])
            elif list(container.get("command") or ()) == SHELL and container.get("args"):
                yield line_of(container, "args"), str(container["args"][0])

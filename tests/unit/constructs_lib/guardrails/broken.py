"""Stacks that are broken in one place: changes to synthesized JSON and to the files beside it, and how they show."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from config.plain_yaml import read
from constructs_lib.guardrails.rules import FILE_RULES
from constructs_lib.helm.blocks import block

Documents = dict[str, dict[str, Any]]
Files = dict[str, dict[str, str]]
Path = tuple[str | int, ...]


@dataclass
class Output:
    """Stack → JSON, and stack → path → text. Changes copy what they touch: the rest is shared by all tests."""

    documents: Documents
    files: Files

    def copy(self) -> Output:
        return Output(dict(self.documents), {stack: dict(files) for stack, files in self.files.items()})

    def violations(self, rule: str) -> list[str]:
        """What ``rule`` says, with the stack and the address in front."""
        (check,) = (each.check for each in FILE_RULES if each.id == rule)
        return [f"{stack}: {address}: {message}" for stack, address, message in check(self.documents, self.files)]


Change = Callable[[Output], None]


@dataclass(frozen=True, kw_only=True)
class Broken:
    """``change`` breaks ``rule``; the violation says all of ``said``."""

    rule: str
    what: str
    change: Change
    said: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule} {self.what}"


def json(stack: str, *path: str | int, to: Any = None) -> Change:
    """Set what lies at ``path`` of a stack's JSON; without ``to`` it is taken away."""

    def change(output: Output) -> None:
        output.documents[stack] = copy.deepcopy(output.documents[stack])
        _set(output.documents[stack], path, to)

    return change


def values(stack: str, file: str, *path: str | int, to: Any = None) -> Change:
    """The same in a values file, by its release's name."""

    def change(output: Output) -> None:
        parsed = copy.deepcopy(read(output.files[stack][f"values/{file}.yaml"]))
        _set(parsed, path, to)
        output.files[stack][f"values/{file}.yaml"] = f"{block(parsed)}\n"

    return change


def text(stack: str, file: str, old: str, new: str) -> Change:
    """Replace text in a values file."""

    def change(output: Output) -> None:
        path = f"values/{file}.yaml"
        assert old in output.files[stack][path], f"{path} holds no {old}"
        output.files[stack][path] = output.files[stack][path].replace(old, new)

    return change


def both(*changes: Change) -> Change:
    def change(output: Output) -> None:
        for each in changes:
            each(output)

    return change


def _set(document: Any, path: Path, value: Any) -> None:
    """A mapping in a list is found by its name: ``("externalSecrets", "argocd-github-app", "key")``; a list grows by
    the step ``+``."""
    *parents, last = path
    for step in parents:
        document = _step(document, step)
    if last == "+":
        document.append(value)
    elif value is None:
        del document[_place(document, last)]
    else:
        document[_place(document, last)] = value


def _step(document: Any, step: str | int) -> Any:
    if isinstance(document, dict):
        return document.setdefault(step, {})
    return document[_place(document, step)]


def _place(document: Any, step: str | int) -> Any:
    if isinstance(document, list) and isinstance(step, str):
        return next(_named(document, step))
    return step


def _named(entries: list[Any], name: str) -> Iterator[int]:
    for index, entry in enumerate(entries):
        if entry == name or (isinstance(entry, dict) and name in (entry.get("name"), entry.get("sid"))):
            yield index

"""Which blocks name which: by references within a stack, outputs of other stacks, and files beside the JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from idp.output import Stack
from idp.review.items import FILE, Item

_REMOTE = "data.terraform_remote_state."
_OUTPUT = re.compile(r"data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)")
_REFERENCE = re.compile(r"(?<![\w.-])(?:data\.)?[a-z]\w*\.[A-Za-z_][\w-]*")
_STRING = re.compile(r'"([^"]*)"')
# Expressions of a JSON text; what lies outside of them is a plain value, but in depends_on.
_EXPRESSION = re.compile(r"\$\{.*?\}")


def linked(items: Sequence[Item], stacks: Iterable[Stack]) -> list[Item]:
    """``items`` with what each uses, and by what it is used."""
    reads = reader(items, stacks)
    uses = {item.id: reads(item) for item in items}
    used: dict[str, list[str]] = {}
    for user, targets in uses.items():
        for target in targets:
            used.setdefault(target, []).append(user)
    return [replace(item, uses=uses[item.id], used_by=tuple(sorted(used.get(item.id, ())))) for item in items]


def reader(items: Iterable[Item], stacks: Iterable[Stack]) -> Callable[[Item], tuple[str, ...]]:
    """A function from an item, or one with a part of its text, to the ids of those of ``items`` that it uses."""
    remotes = {stack.name: _producers(stack.document) for stack in stacks}
    by_stack: dict[str, dict[str, Item]] = {}
    for item in items:
        by_stack.setdefault(item.stack, {})[item.address] = item
    return lambda item: tuple(sorted(set(_uses(item, by_stack, remotes.get(item.stack, {})))))


def addresses_in(text: str) -> Iterator[str]:
    """What a text's expressions and its depends_on could refer to: ``aws_vpc.vpc``, ``data.x.y``, ``local.z``."""
    for expression in _EXPRESSION.findall(text):
        yield from _REFERENCE.findall(expression)
    for match in re.finditer(r'"depends_on": \[([^\]]*)\]', text):
        yield from (
            ".".join(each.split(".")[: 3 if each.startswith("data.") else 2]) for each in _STRING.findall(match[1])
        )


def _uses(item: Item, by_stack: Mapping[str, Mapping[str, Item]], remotes: Mapping[str, str]) -> Iterator[str]:
    if item.kind == FILE:
        return
    near = by_stack[item.stack]
    for address in addresses_in(item.text):
        if address in near and address != item.address and not address.startswith(_REMOTE):
            yield near[address].id
    for remote, output in _OUTPUT.findall(item.text):
        producer = remotes.get(remote, "")
        if f"output.{output}" in by_stack.get(producer, {}):
            yield f"{producer}/output.{output}"
    for address, other in near.items():
        if other.kind == FILE and _is_read(address, item):
            yield other.id


def _is_read(path: str, item: Item) -> bool:
    """Whether a release reads the file at ``path``: its values, or what names its chart."""
    if not item.is_resource:
        return False
    named = path.removesuffix("/Chart.yaml")
    return (path.startswith("values/") or named != path) and f"/{named}" in item.text


def _producers(document: Mapping[str, Any]) -> dict[str, str]:
    """Name of a remote state → the stack whose it is."""
    remote = document.get("data", {}).get("terraform_remote_state", {})
    return {name: str(state.get("config", {}).get("key", "")) for name, state in remote.items()}

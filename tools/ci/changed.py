"""Which stacks differ between two synthesized outputs, and which of the rest read one that does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from idp.output import Stack, ordered, read_output


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Names of stacks, in apply order. ``readers`` didn't change but read the state of one that did."""

    plan: tuple[str, ...]
    removed: tuple[str, ...]
    readers: tuple[str, ...]


def changed(before: Path, after: Path) -> dict[str, Changed]:
    """By deployment: what is new or whose files differ, what is gone. Raises OperationError without an output."""
    old = {stack.name: stack for stack in read_output(before)}
    new = {stack.name: stack for stack in read_output(after)}
    deployments = sorted({stack.deployment for stack in [*old.values(), *new.values()]})
    return {each: _changed(_of(old, each), _of(new, each)) for each in deployments}


def _changed(old: dict[str, Stack], new: dict[str, Stack]) -> Changed:
    plan = {name for name in new if name not in old or _files(old[name].directory) != _files(new[name].directory)}
    readers = {name for name, stack in new.items() if name not in plan and stack.reads & plan}
    order = [stack.name for stack in ordered(list(new.values()))]
    return Changed(
        plan=tuple(name for name in order if name in plan),
        removed=tuple(sorted(old.keys() - new.keys())),
        readers=tuple(name for name in order if name in readers),
    )


def _of(stacks: dict[str, Stack], deployment: str) -> dict[str, Stack]:
    return {name: stack for name, stack in stacks.items() if stack.deployment == deployment}


def _files(directory: Path) -> dict[str, bytes]:
    """A stack's directory is all that the engine reads: JSON, values, charts."""
    return {
        str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()
    }

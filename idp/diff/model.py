"""What a difference holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from idp.diff.arguments import Argument

# What happens; the engine destroys resources, settings and files are removed. A comment is what it doesn't read.
What = Literal["destroyed", "replaced", "may be replaced", "changed", "moved", "added", "removed", "comment"]
# In the order in which they are shown: what loses most first.
WHATS: tuple[What, ...] = get_args(What)
# What takes away what was there, or may.
LOSING: tuple[What, ...] = ("destroyed", "replaced", "may be replaced")
# What the engine reads beside resources, or what lies beside the JSON.
Section = Literal["resource", "setting", "file"]
State = Literal["", "added", "removed"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One address, or path of a file, that isn't as it was.

    ``former`` is the address that it moved from. ``is_guarded`` says that it holds data, keys or what people put into
    it, ``loses_protection`` that it no longer is kept from destruction.
    """

    stack: str
    address: str
    kind: str
    section: Section
    what: What
    arguments: tuple[Argument, ...] = ()
    notes: tuple[str, ...] = ()
    former: str = ""
    is_guarded: bool = False
    loses_protection: bool = False

    @property
    def id(self) -> str:
        return f"{self.stack}/{self.address}"


@dataclass(frozen=True, kw_only=True)
class StackDiff:
    """A stack in which something isn't as it was. ``is_planned`` says that its resources are those of a plan."""

    name: str
    state: State
    entries: tuple[Entry, ...]
    is_planned: bool = False

    def of(self, section: Section) -> list[Entry]:
        return [entry for entry in self.entries if entry.section == section]


@dataclass(frozen=True, kw_only=True)
class DeploymentDiff:
    """Stacks in apply order, then those that are gone. ``cost`` is a line about its cost, or empty."""

    id: str
    state: State
    stacks: tuple[StackDiff, ...]
    cost: str = ""


@dataclass(frozen=True, kw_only=True)
class Diff:
    deployments: tuple[DeploymentDiff, ...]

    @property
    def is_empty(self) -> bool:
        return not any(deployment.stacks for deployment in self.deployments)

    def entries(self) -> Iterator[Entry]:
        for deployment in self.deployments:
            for stack in deployment.stacks:
                yield from stack.entries


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Resources, then settings, then files; of each what loses most first, and by address."""
    sections: tuple[Section, ...] = get_args(Section)
    return tuple(sorted(entries, key=lambda each: (sections.index(each.section), WHATS.index(each.what), each.address)))


def counts(entries: Iterable[Entry]) -> dict[What, int]:
    """What → how many, without zeros, in the order of ``WHATS``."""
    found = [entry.what for entry in entries]
    return {what: found.count(what) for what in WHATS if what in found}


def summary(stack: StackDiff) -> str:
    """``1 replaced, 2 added; 1 setting; 2 files``."""
    resources = ", ".join(f"{number} {what}" for what, number in counts(stack.of("resource")).items())
    settings, files = len(stack.of("setting")), len(stack.of("file"))
    parts = [
        resources,
        f"{settings} setting{'s' * (settings != 1)}" if settings else "",
        f"{files} file{'s' * (files != 1)}" if files else "",
    ]
    text = "; ".join(part for part in parts if part)
    return f"{stack.state} stack: {text}" if stack.state else text

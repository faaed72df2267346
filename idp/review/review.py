"""Everything that the page shows, from the synthesized output and the deployment file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.deployment import Deployment
from constructs_lib.checkov.checks import CHECKS
from constructs_lib.checkov.waivers import Waiver
from constructs_lib.iam.people import RIGHTS, Right
from constructs_lib.teams.kinds import Kind, kinds
from constructs_lib.teams.rights import TEAM_RIGHTS, TeamRight
from idp.evidence.files import found_in
from idp.output import Stack, predecessors, read_output, stacks_of
from idp.review.access import Access, access
from idp.review.changes import compared, counted
from idp.review.cost import Cost, cost
from idp.review.graph import Drawing, drawing
from idp.review.items import Change, Item, items_of
from idp.review.references import linked
from idp.review.requirements import Chapter, chapters


@dataclass(frozen=True, kw_only=True)
class StackView:
    """A stack with its items; ``order`` is its place in the apply order, 0 where it is no longer there."""

    name: str
    label: str
    order: int
    reads: tuple[str, ...]
    read_by: tuple[str, ...]
    items: tuple[Item, ...]
    change: Change

    @property
    def changes(self) -> dict[Change, int]:
        return counted(self.items)

    @property
    def resources(self) -> int:
        return sum(1 for item in self.items if item.is_resource and item.change != "removed")


@dataclass(frozen=True, kw_only=True)
class Review:
    """One page. ``is_compared`` says whether there is another synth that changes were looked for in."""

    deployment: Deployment
    is_compared: bool
    stacks: tuple[StackView, ...]
    drawing: Drawing
    chapters: tuple[Chapter, ...]
    waivers: Mapping[str, tuple[Waiver, ...]]
    access: Access
    cost: Cost

    @property
    def items(self) -> list[Item]:
        return [item for stack in self.stacks for item in stack.items]

    @property
    def kinds(self) -> dict[str, int]:
        """Kind → number of its items."""
        found: dict[str, int] = {}
        for item in self.items:
            found[item.kind] = found.get(item.kind, 0) + 1
        return dict(sorted(found.items()))

    @property
    def gaps(self) -> int:
        return sum(1 for chapter in self.chapters for row in chapter.rows if row.is_gap)

    @property
    def served(self) -> int:
        return sum(1 for chapter in self.chapters for row in chapter.rows if row.items)

    @property
    def checks(self) -> Mapping[str, str]:
        return CHECKS

    @property
    def people(self) -> tuple[Right, ...]:
        return RIGHTS

    @property
    def team_people(self) -> tuple[TeamRight, ...]:
        return TEAM_RIGHTS if self.deployment.teams else ()

    @property
    def team_kinds(self) -> tuple[Kind, ...]:
        return tuple(kinds(self.deployment)) if self.deployment.teams else ()


def review(deployment: Deployment, out: Path, against: Path | None = None) -> Review:
    """The review of ``deployment`` as it is in ``out``, with what is otherwise than in ``against``.

    What ``against`` doesn't hold, the whole deployment too, is new. Raises OperationError where one of them holds no
    output, ``out`` not this deployment, or a resource names a requirement that nobody knows.
    """
    stacks = stacks_of(out, deployment.id)
    items = _items(stacks)
    if against is not None:
        before = [stack for stack in read_output(against) if stack.deployment == deployment.id]
        items = compared(items, _items(before))
    reads = {stack.name: frozenset(predecessors(stack, {each.name: each for each in stacks})) for stack in stacks}
    waivers: dict[str, list[Waiver]] = {}
    for item in items:
        for waiver in item.waivers if item.change != "removed" else ():
            waivers.setdefault(waiver.check, []).append(waiver)
    return Review(
        deployment=deployment,
        is_compared=against is not None,
        stacks=tuple(_views(deployment.id, reads, items)),
        drawing=drawing(reads),
        chapters=tuple(chapters(found_in(out, deployment.id), {item.id: item for item in items})),
        waivers={check: tuple(waivers[check]) for check in sorted(waivers)},
        access=access(stacks),
        cost=cost(deployment),
    )


def _items(stacks: Sequence[Stack]) -> list[Item]:
    return linked([item for stack in stacks for item in items_of(stack)], stacks)


def _views(deployment: str, reads: Mapping[str, frozenset[str]], items: Sequence[Item]) -> list[StackView]:
    held: dict[str, list[Item]] = {name: [] for name in reads}
    for item in items:
        held.setdefault(item.stack, []).append(item)
    return [
        StackView(
            name=name,
            label=name.removeprefix(f"{deployment}-"),
            order=number if name in reads else 0,
            reads=tuple(sorted(reads.get(name, ()))),
            read_by=tuple(sorted(other for other in reads if name in reads[other])),
            items=tuple(own),
            change=_change(own),
        )
        for number, (name, own) in enumerate(held.items(), start=1)
    ]


def _change(items: Sequence[Item]) -> Change:
    """Added or removed where all is; else changed where anything is."""
    found = {item.change for item in items}
    if found <= {""}:
        return ""
    if len(found) == 1 and found != {"changed"}:
        return found.pop()
    return "changed"

"""Two synths side by side, by the items that the page for reviewers compares too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from constructs_lib.comments import COMMENT
from idp.diff.arguments import Argument, differences
from idp.diff.guard import is_guarded, loses_protection
from idp.diff.indirect import indirect
from idp.diff.model import DeploymentDiff, Diff, Entry, Section, StackDiff, State, What, in_order
from idp.diff.replacements import forces, is_known
from idp.output import Stack, ordered
from idp.review.changes import compared
from idp.review.items import FILE, Item, items_of
from idp.review.references import linked, reader

# Id of an item → the address that it had before.
Moves = Mapping[str, str]


def compare(before: Sequence[Stack], after: Sequence[Stack]) -> Diff:
    """What is otherwise in ``after``, by deployment. Raises OperationError where stacks read each other."""
    ids = sorted({stack.deployment for stack in (*before, *after)})
    own = (([s for s in before if s.deployment == id], [s for s in after if s.deployment == id]) for id in ids)
    found = [_deployment(id, *each) for id, each in zip(ids, own, strict=True)]
    return Diff(deployments=tuple(each for each in found if each.stacks))


def _deployment(id: str, before: Sequence[Stack], after: Sequence[Stack]) -> DeploymentDiff:
    new = linked([item for stack in after for item in items_of(stack)], after)
    old = [item for stack in before for item in items_of(stack)]
    moves = _moves(old, new, after)
    former = {item.id: item for item in _renamed(old, moves)}
    imports = {f"{stack.name}/{each['to']}": each["id"] for stack in after for each in stack.document.get("import", [])}
    found = [_entry(item, former.get(item.id), moves) for item in compared(new, former.values()) if item.change]
    told = {entry.id for entry in found}
    found += [_moved(item, moves) for item in new if item.id in moves and item.id not in told]
    entries = indirect([_imported(entry, imports) for entry in found], new, reader(new, after))
    return DeploymentDiff(
        id=id,
        state="added" if not before else "" if after else "removed",
        stacks=tuple(_stacks(ordered(before), ordered(after), entries)),
    )


def _stacks(before: Sequence[Stack], after: Sequence[Stack], entries: Iterable[Entry]) -> Iterator[StackDiff]:
    held: dict[str, list[Entry]] = {}
    for entry in entries:
        held.setdefault(entry.stack, []).append(entry)
    old, new = ({stack.name for stack in stacks} for stacks in (before, after))
    for name in (*(stack.name for stack in after), *(stack.name for stack in before if stack.name not in new)):
        if own := held.get(name):
            state: State = "added" if name not in old else "removed" if name not in new else ""
            yield StackDiff(name=name, state=state, entries=in_order(own))


def _moves(old: Iterable[Item], new: Iterable[Item], after: Iterable[Stack]) -> Moves:
    """Moves that this change makes: the former address was there and isn't any more, the new one is and wasn't.

    Terraform documentation, "Refactoring": a ``moved`` block is without effect where nothing has the former address.
    """
    was, there = {item.id for item in old}, {item.id for item in new}
    return {
        f"{stack.name}/{each['to']}": each["from"]
        for stack in after
        for each in stack.document.get("moved", [])
        if f"{stack.name}/{each['from']}" in was - there and f"{stack.name}/{each['to']}" in there - was
    }


def _renamed(old: Iterable[Item], moves: Moves) -> list[Item]:
    """``old`` under the addresses that it has now."""
    to = {(id.split("/", 1)[0], former): id.split("/", 1)[1] for id, former in moves.items()}
    return [replace(item, address=to.get((item.stack, item.address), item.address)) for item in old]


def _entry(item: Item, before: Item | None, moves: Moves) -> Entry:
    section = section_of(item)
    if section == "file":
        return Entry(
            stack=item.stack, address=item.address, kind=item.kind, section=section, what=item.change or "changed"
        )
    old, new = _block(before if item.change != "added" else None), _block(item if item.change != "removed" else None)
    arguments = differences(_read(old), _read(new)) if item.change == "changed" else []
    if section == "resource":
        arguments = [replace(each, forces=forces(item.kind, each)) for each in arguments]
    return Entry(
        stack=item.stack,
        address=item.address,
        kind=item.kind,
        section=section,
        what=_what(item, section, arguments),
        arguments=tuple(arguments),
        notes=_notes(item, section, arguments),
        former=moves.get(item.id, ""),
        is_guarded=section == "resource" and is_guarded(item.kind, old or new),
        loses_protection=item.change == "changed" and section == "resource" and loses_protection(item.kind, old, new),
    )


def section_of(item: Item) -> Section:
    """Where an item is shown."""
    return "file" if item.kind == FILE else "resource" if item.is_resource else "setting"


def _what(item: Item, section: Section, arguments: Sequence[Argument]) -> What:
    if item.change == "added":
        return "added"
    if item.change == "removed":
        return "destroyed" if section == "resource" else "removed"
    if not arguments:
        return "comment"
    return "replaced" if any(each.forces for each in arguments) else "changed"


def _notes(item: Item, section: Section, arguments: Sequence[Argument]) -> tuple[str, ...]:
    if section == "resource" and arguments and not is_known(item.kind):
        return (f"may be replaced: no table says which arguments replace {item.kind}",)
    return ()


def _moved(item: Item, moves: Moves) -> Entry:
    return Entry(
        stack=item.stack,
        address=item.address,
        kind=item.kind,
        section=section_of(item),
        what="moved",
        former=moves[item.id],
        is_guarded=is_guarded(item.kind, _block(item)),
    )


def _imported(entry: Entry, imports: Mapping[str, str]) -> Entry:
    if entry.what != "added" or entry.id not in imports:
        return entry
    return replace(entry, notes=(*entry.notes, f"taken over, not made: import of {imports[entry.id]}"))


def _block(item: Item | None) -> Mapping[str, Any]:
    """A block as a mapping; that of ``provider`` is a list of its configurations."""
    read = json.loads(item.text) if item else {}
    return read if isinstance(read, Mapping) else {item.address if item else "": read}


def _read(block: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in block.items() if name != COMMENT}

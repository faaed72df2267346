"""What is otherwise than in another synth. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from idp.review.items import Change, Item

# Lines around a change that show where it stands.
CONTEXT = 3


def compared(items: Sequence[Item], before: Iterable[Item]) -> list[Item]:
    """``items`` marked by what changed since ``before``, and after them what was there before and no longer is."""
    old = {item.id: item for item in before}
    there = {item.id for item in items}
    marked = [_marked(item, old.get(item.id)) for item in items]
    return marked + [replace(item, change="removed") for item in old.values() if item.id not in there]


def difference(before: str, after: str) -> tuple[str, ...]:
    """Lines of the unified difference, without the lines that name files."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=CONTEXT, lineterm="")
    return tuple(lines)[2:]


def counted(items: Iterable[Item]) -> dict[Change, int]:
    """Kind of change → number of items, of what changed at all."""
    found: dict[Change, int] = {"added": 0, "changed": 0, "removed": 0}
    for item in items:
        if item.change:
            found[item.change] += 1
    return found


def _marked(item: Item, before: Item | None) -> Item:
    if before is None:
        return replace(item, change="added")
    if before.text == item.text:
        return item
    return replace(item, change="changed", diff=difference(before.text, item.text))

"""What changes although its own block doesn't: it reads a policy, a file or an output that does, or what is replaced.

Pure. The engine knows the values; here are the references, so a resource is said to be replaced by one only as "may".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from idp.diff.arguments import Argument, leaves
from idp.diff.guard import is_guarded
from idp.diff.model import Entry
from idp.diff.replacements import forces
from idp.review.items import FILE, Item
from idp.words import some

Reader = Callable[[Item], tuple[str, ...]]
# So many sources are named; the rest is counted.
_NAMED = 3


def indirect(entries: Sequence[Entry], items: Sequence[Item], reads: Reader) -> list[Entry]:
    """``entries`` and those of resources that read what changed, or whose replacing arguments name what is replaced.

    ``items`` are those of the later synth with what each uses; ``reads`` finds the same for a part of an item.
    """
    found = {entry.id: entry for entry in entries}
    changed = _handing_on(items, {entry.id for entry in entries if _is_source(entry)})
    for item in items:
        sources = [each for each in item.uses if each in changed]
        if item.is_resource and sources and _is_kept(found.get(item.id)):
            found[item.id] = _noted(found.get(item.id), item, f"reads what changed: {_names(sources, item)}")
    forced = {item.id: _forced(item) for item in items if item.is_resource}
    _follow(found, items, changed, {id: reads(part) for id, part in forced.items() if part is not None})
    return list(found.values())


def _is_source(entry: Entry) -> bool:
    return entry.section == "file" or (entry.section == "setting" and entry.what == "changed")


def _is_kept(entry: Entry | None) -> bool:
    """Whether the resource was there before, and stays the same one as far as is known."""
    return entry is None or entry.what in ("changed", "moved", "comment")


def _handing_on(items: Iterable[Item], sources: Collection[str]) -> set[str]:
    """``sources`` and the settings that read them: a policy made of others, a local, an output."""
    users: dict[str, list[str]] = {}
    for item in items:
        if not item.is_resource and item.kind != FILE:
            for each in item.uses:
                users.setdefault(each, []).append(item.id)
    found, rest = set(sources), list(sources)
    while rest:
        more = [each for each in users.get(rest.pop(), ()) if each not in found]
        found.update(more)
        rest += more
    return found


def _follow(
    found: dict[str, Entry], items: Sequence[Item], changed: Collection[str], forced: Mapping[str, tuple[str, ...]]
) -> None:
    """Mark what may be replaced, and what then follows of that."""
    by_id = {item.id: item for item in items}
    while True:
        replaced = {entry.id for entry in found.values() if entry.what in ("replaced", "may be replaced")}
        unsteady = _handing_on(items, replaced) | set(changed)
        more = {
            id: sources
            for id, reads in forced.items()
            if _is_kept(found.get(id)) and (sources := [each for each in reads if each in unsteady])
        }
        if not more:
            return
        for id, sources in more.items():
            why = f"an argument that replaces it reads {_names(sources, by_id[id])}"
            found[id] = replace(_noted(found.get(id), by_id[id], why), what="may be replaced")


def _forced(item: Item) -> Item | None:
    """``item`` with the arguments alone whose change replaces it; None where it has none."""
    block = json.loads(item.text)
    pairs = [
        (path, value)
        for path, value in leaves(block)
        if forces(item.kind, Argument(path=path, before="-", after="-")) and "${" in json.dumps(value)
    ]
    return replace(item, text=json.dumps([value for _, value in pairs])) if pairs else None


def _noted(entry: Entry | None, item: Item, note: str) -> Entry:
    if entry is None:
        entry = Entry(
            stack=item.stack,
            address=item.address,
            kind=item.kind,
            section="resource",
            what="changed",
            is_guarded=is_guarded(item.kind, json.loads(item.text)),
        )
    what = "changed" if entry.what == "comment" else entry.what
    return replace(entry, what=what, notes=(*entry.notes, note))


def _names(ids: Sequence[str], reader: Item) -> str:
    """``ids`` as ``reader`` would call them."""
    return some([id.removeprefix(f"{reader.stack}/") for id in ids], _NAMED)

"""Change one list in a JSON text and leave every other byte as it is. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_DECODER = json.JSONDecoder()
_SPACE = " \t\r\n"
WIDTH = 120


@dataclass(frozen=True, kw_only=True)
class Span:
    """A value's place in a text: from its first character to the one behind its last."""

    start: int
    end: int


def find(text: str, path: Sequence[str]) -> Span | None:
    """Where the value at ``path``, keys of objects from the root, stands; None where there is none."""
    place = _value(text, 0)
    for key in path:
        found = _members(text, place).get(key)
        if found is None:
            return None
        place = found
    return place


def appended(text: str, path: Sequence[str], entry: Mapping[str, Any]) -> str:
    """``text`` with ``entry`` at the end of the list at ``path``, which is made where it isn't there.

    Raises ValueError where the object that should hold the list isn't there, or holds no list under its key.
    """
    place = find(text, path)
    if place is None:
        return _with_member(text, path, entry)
    items = _items(text, place)
    if not items:
        indent = _indent(text, place.start)
        inner = f"{indent}  "
        return _replaced(text, place, f"[\n{inner}{written(entry, inner)}\n{indent}]")
    last = items[-1]
    before = items[-2].end if len(items) > 1 else place.start
    gap = text[before : last.start].lstrip(",[")
    one_line = "\n" not in text[last.start : last.end]
    return f"{text[: last.end]},{gap or ' '}{written(entry, _indent(text, last.start), one_line)}{text[last.end :]}"


def removed(text: str, path: Sequence[str], index: int) -> str:
    """``text`` without item ``index`` of the list at ``path``. Raises IndexError, or ValueError as ``appended``."""
    place = find(text, path)
    if place is None:
        raise ValueError(f"no {path[-1]}")
    items = _items(text, place)
    if len(items) == 1:
        return _replaced(text, place, "[]") if index == 0 else _out_of_range(index)
    if index + 1 < len(items):
        return text[: items[index].start] + text[items[index + 1].start :]
    return text[: items[index - 1].end] + text[items[index].end :]


def written(value: Mapping[str, Any], indent: str, one_line: bool = True) -> str:
    """An object on one line where it fits and ``one_line`` allows, else with a line for each key."""
    flat = f"{{ {json.dumps(value, ensure_ascii=False)[1:-1]} }}"
    if one_line and len(indent) + len(flat) <= WIDTH:
        return flat
    lines = (f"{indent}  {json.dumps(key)}: {json.dumps(item, ensure_ascii=False)}" for key, item in value.items())
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _with_member(text: str, path: Sequence[str], entry: Mapping[str, Any]) -> str:
    holder = find(text, path[:-1])
    if holder is None or not text.startswith("{", holder.start):
        raise ValueError(f"no object to hold {path[-1]}")
    members = _members(text, holder)
    if not members:
        raise ValueError(f"an empty object where {path[-1]} should be")
    last = max(members.values(), key=lambda span: span.end)
    indent = _indent(text, last.start)
    inner = f"{indent}  "
    member = f"{json.dumps(path[-1])}: [\n{inner}{written(entry, inner)}\n{indent}]"
    return f"{text[: last.end]},\n{indent}{member}{text[last.end :]}"


def _value(text: str, at: int) -> Span:
    start = _skip(text, at)
    _, end = _DECODER.raw_decode(text, start)
    return Span(start=start, end=end)


def _members(text: str, place: Span) -> dict[str, Span]:
    """Key → place of its value, of the object at ``place``; nothing where there is no object."""
    found: dict[str, Span] = {}
    at = _skip(text, place.start + 1)
    while text[place.start] == "{" and text[at] != "}":
        key, end = _DECODER.raw_decode(text, at)
        value = _value(text, _skip(text, end) + 1)
        found[key] = value
        at = _skip(text, value.end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return found


def _items(text: str, place: Span) -> list[Span]:
    if text[place.start] != "[":
        raise ValueError("no list")
    found: list[Span] = []
    at = _skip(text, place.start + 1)
    while text[at] != "]":
        found.append(_value(text, at))
        at = _skip(text, found[-1].end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return found


def _skip(text: str, at: int) -> int:
    while text[at] in _SPACE:
        at += 1
    return at


def _indent(text: str, at: int) -> str:
    """The white space that starts the line of ``at``."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(_SPACE))]


def _replaced(text: str, place: Span, new: str) -> str:
    return text[: place.start] + new + text[place.end :]


def _out_of_range(index: int) -> str:
    raise IndexError(index)

"""YAML in block style, for the values files that people review. Pure: imports no engine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

# Letters first and no character that YAML gives a meaning; what YAML 1.1 readers take for another type is quoted.
_PLAIN = re.compile(r"^[A-Za-z][A-Za-z0-9_./-]*$")
# What JSON leaves as it is and YAML refuses or takes for a line break (YAML 1.2.2, 5.1, 5.4).
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_NOT_TEXT = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null", "none"})


# Text → values of files that this module wrote from their values.
_KNOWN: dict[str, Mapping[str, Any]] = {}


class Block(str):
    """Text that is YAML already and goes into a template as it is."""


class Text(str):
    """Text of several lines, written as it is (YAML 1.2.2, 8.1.2 "Literal style"). No line may start with a space."""


def block(value: Any, indent: int = 0) -> Block:
    """``value`` (mappings, lists, scalars) as lines of YAML, each indented by ``indent`` spaces, no final newline."""
    return Block("\n".join(" " * indent + line for line in _lines(value)))


def remember(text: str, values: Mapping[str, Any]) -> str:
    """``text``, which must be ``values`` as ``block`` writes them and comments: ``known`` then needs no parser.

    A parser written in Python takes half a millisecond a line, which a thousand files of teams would feel.
    """
    _KNOWN[text] = values
    return text


def known(text: str) -> Mapping[str, Any] | None:
    """The values that ``text`` was written from; None for a text of somebody else."""
    return _KNOWN.get(text)


def scalar(value: Any) -> str:
    """A scalar, or an empty or inline collection, on one line."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value, ensure_ascii=False))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _entry(f"{scalar(str(key))}:", item)
    elif isinstance(value, (list, tuple)) and value:
        for item in value:
            first, *rest = _lines(item)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield scalar(value)


def _entry(key: str, item: Any) -> Iterator[str]:
    if isinstance(item, Text):
        yield f"{key} |"
        yield from (f"  {line}".rstrip() for line in item.splitlines())
    elif isinstance(item, (Mapping, list, tuple)) and item:
        yield key
        yield from (f"  {line}" for line in _lines(item))
    else:
        yield f"{key} {scalar(item)}"

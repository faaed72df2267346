"""Which arguments of a block differ. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Stands for what isn't there; None is a value of JSON.
_NOTHING = object()
_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One argument that differs: ``path`` as ``vpc_config[0].subnet_ids``, its values as JSON, empty where it is not
    there. ``forces`` says whether the change makes the provider replace the resource."""

    path: str
    before: str
    after: str
    forces: bool = False

    @property
    def name(self) -> str:
        """The path without indices, as tables name arguments: ``vpc_config.subnet_ids``."""
        return _INDEX.sub("", self.path)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Argument]:
    """Every leaf that differs, sorted by path. A list of plain values is one leaf."""
    return sorted(_pairs("", before, after), key=lambda argument: argument.path)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, value) of every leaf of a block."""
    if isinstance(value, Mapping) and value:
        for key in value:
            yield from leaves(value[key], _below(path, key))
    elif _is_blocks(value):
        for index, each in enumerate(value):
            yield from leaves(each, f"{path}[{index}]")
    else:
        yield path, value


def _pairs(path: str, before: Any, after: Any) -> Iterator[Argument]:
    if _text(before) == _text(after):
        return
    if _both(before, after, Mapping):
        for key in {**_mapping(before), **_mapping(after)}:
            yield from _pairs(
                _below(path, key), _mapping(before).get(key, _NOTHING), _mapping(after).get(key, _NOTHING)
            )
    elif (_is_blocks(before) and _is_blocks(after)) or _one_sided(before, after, _is_blocks):
        old, new = _blocks(before), _blocks(after)
        for index in range(max(len(old), len(new))):
            pair = (each[index] if index < len(each) else _NOTHING for each in (old, new))
            yield from _pairs(f"{path}[{index}]", *pair)
    else:
        yield Argument(path=path, before=_text(before), after=_text(after))


def _both(before: Any, after: Any, kind: type) -> bool:
    """Whether both are of ``kind``; a filled one against nothing too, so that its leaves are named."""
    if isinstance(before, kind) and isinstance(after, kind):
        return True
    return _one_sided(before, after, lambda value: isinstance(value, kind) and bool(value))


def _one_sided(before: Any, after: Any, test: Any) -> bool:
    return (before is _NOTHING and test(after)) or (after is _NOTHING and test(before))


def _is_blocks(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) and each for each in value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _blocks(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _text(value: Any) -> str:
    return "" if value is _NOTHING else json.dumps(value, sort_keys=True, ensure_ascii=False)

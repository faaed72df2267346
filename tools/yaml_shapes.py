"""Which keys a YAML file of ours may have, and of what kind they are: what the checks don't know, they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from tools.workflow_files import Problem


@dataclass(frozen=True)
class Of:
    """A list whose entries have a shape."""

    entry: Shape


# None: a scalar, or a list of scalars. A map of keys, and what is below each.
Shape: TypeAlias = Of | Mapping[str, Any] | None
# Makes a problem of a message, a node and a key of it.
Say: TypeAlias = Callable[[str, Any, Any], Problem]
# A key for names of the author's.
ANY_NAME = "*"


def leaves(*names: str) -> dict[str, Shape]:
    """Keys of scalars, or of lists of such."""
    return dict.fromkeys(names)


def built(say: Say, node: Any, shape: Shape, name: str, parent: Any = None, key: Any = None) -> Iterator[Problem]:
    """Maps and lists that are something else, so that no other rule can read them."""
    if isinstance(shape, Of):
        if not isinstance(node, list):
            yield say(f"{name} is no list: write its entries with dashes", parent, key)
            return
        for index, each in enumerate(node):
            yield from built(say, each, shape.entry, f"an entry of {name}", node, index)
    elif shape is not None:
        if not isinstance(node, Mapping):
            wanted = ", ".join(each for each in shape if each != ANY_NAME) or "any name"
            yield say(f"{name} is no map: write keys of {wanted}", parent, key)
            return
        for inner in node:
            if _known(shape, inner):
                yield from built(say, node[inner], _below(shape, inner), str(inner), node, inner)


def unknown(say: Say, node: Any, shape: Shape, name: str, where: str) -> Iterator[Problem]:
    """Keys that no rule looks at; ``where`` is the file in which the shape is."""
    if isinstance(shape, Of):
        for each in node:
            yield from unknown(say, each, shape.entry, name, where)
    elif shape is not None:
        for key in node:
            if _known(shape, key):
                yield from unknown(say, node[key], _below(shape, key), str(key), where)
            else:
                said = f"{name} has {key}, which no rule looks at: leave it out, or add it and its rule to {where}"
                yield say(said, node, key)


def _below(shape: Mapping[str, Any], key: Any) -> Shape:
    found: Shape = shape[key] if key in shape else shape.get(ANY_NAME)
    return found


def _known(shape: Mapping[str, Any], key: Any) -> bool:
    return key in shape or ANY_NAME in shape

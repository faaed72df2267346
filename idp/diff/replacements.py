"""Which changes make a provider replace a resource: the table of ``replacements.yaml``, which names its sources."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path

from ruamel.yaml import YAML

from idp.diff.arguments import Argument

TABLE = Path(__file__).parent / "replacements.yaml"


@functools.cache
def table() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """``changed`` and ``removed`` → type → arguments."""
    read = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return {how: {kind: tuple(names) for kind, names in rows.items()} for how, rows in read.items()}


def is_known(kind: str) -> bool:
    """Whether the table says what replaces a resource of this type."""
    return kind in table()["changed"]


def forces(kind: str, argument: Argument) -> bool:
    """Whether this change replaces a resource of type ``kind``. False for a type that isn't known."""
    if _named(table()["changed"].get(kind, ()), argument.name):
        return True
    return not argument.after and _named(table()["removed"].get(kind, ()), argument.name)


def _named(names: Iterable[str], argument: str) -> bool:
    return any(argument == name or argument.startswith(f"{name}.") for name in names)

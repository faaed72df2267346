"""Controls in a stack's JSON: written into it beside the arguments of the resource, and read from it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from constructs_lib import comments
from constructs_lib.evidence.catalog import REQUIREMENTS

_KEY = "controls"

# Address → ids of requirements ("10.3.2"), sorted.
Controls = Mapping[str, tuple[str, ...]]


def with_controls(document: dict[str, Any], controls: Controls) -> dict[str, Any]:
    """``document`` with the controls in it. Raises ValueError for an address that it doesn't hold."""
    comments.write(document, _KEY, {address: list(ids) for address, ids in controls.items() if ids}, "controls")
    return document


def controls(document: Mapping[str, Any]) -> Controls:
    """Which requirements each resource of a stack's JSON says that it serves, by address; others are left out."""
    return {address: tuple(ids) for address, ids in comments.read(document, _KEY)}


def paraphrase(requirement: str) -> str:
    """What a requirement ("10.3.2") asks, in our words. Raises KeyError for one that the catalog lacks."""
    return REQUIREMENTS[requirement].says

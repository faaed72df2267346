"""Outputs for tests of differences: written, read, compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from idp.diff.compare import compare
from idp.diff.model import Diff, Entry
from idp.output import read_output
from tests.unit.idp.review.output import write_stack

STACK = "idp-foundation-data"


def resources(**types: Mapping[str, Any]) -> dict[str, Any]:
    return {"resource": dict(types)}


def found(place: Path, before: Mapping[str, Any], after: Mapping[str, Any], **files: Mapping[str, str]) -> Diff:
    """The difference of two outputs with one stack that has these sections; ``old`` and ``new`` are its files."""
    write_stack(place / "before", STACK, before, files=files.get("old"))
    write_stack(place / "after", STACK, after, files=files.get("new"))
    return compare(read_output(place / "before"), read_output(place / "after"))


def by_address(diff: Diff) -> dict[str, Entry]:
    return {entry.address: entry for entry in diff.entries()}

"""Waivers in a stack's JSON: written into it beside the arguments of the resource, and read from it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib import comments
from constructs_lib.checkov.checks import CHECKS

_KEY = "checkov"
# A shorter text is a label, not a reason.
_SHORTEST = 20

# Address → id of a check → reason.
Reasons = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True, order=True)
class Waiver:
    """Why ``check`` doesn't apply to the resource or data source at ``address`` of ``stack``."""

    check: str
    stack: str
    address: str
    reason: str


def refusals(reasons: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with reasons (id → text): checks that aren't in the table, and texts that say nothing."""
    for check, reason in reasons.items():
        if check not in CHECKS:
            yield f"{check} isn't in constructs_lib/checkov/checks.py; add what it asks"
        if len(reason) < _SHORTEST:
            yield f"{check}: {reason!r} is no reason"


def with_waivers(document: dict[str, Any], reasons: Reasons) -> dict[str, Any]:
    """``document`` with the reasons in it. Raises ValueError for an address that it doesn't hold."""
    comments.write(document, _KEY, {address: dict(why) for address, why in reasons.items()}, "a waiver")
    return document


def waivers(documents: Mapping[str, Mapping[str, Any]]) -> list[Waiver]:
    """All waivers of ``documents`` (stack → JSON), sorted."""
    return sorted(
        Waiver(check=check, stack=stack, address=address, reason=reason)
        for stack, document in documents.items()
        for address, reasons in comments.read(document, _KEY)
        for check, reason in reasons.items()
    )

"""Words that several messages share. Pure."""

from __future__ import annotations

from collections.abc import Collection


def some(things: Collection[object], most: int = 5) -> str:
    """``a, b, c and 2 more``: the first ``most`` are named, the rest is counted."""
    named = ", ".join(str(thing) for thing in [*things][:most])
    return f"{named} and {len(things) - most} more" if len(things) > most else named

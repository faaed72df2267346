"""Which requirements a log meets by the days that it is kept."""

from __future__ import annotations

# PCI DSS v4.0.1 10.5.1: twelve months.
YEAR = 365


def kept(days: int) -> tuple[str, ...]:
    """The requirement on history where ``days`` are enough for it, else nothing."""
    return ("10.5.1",) if days >= YEAR else ()

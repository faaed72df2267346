"""What something costs at least, as expected and at most, in USD a month. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """USD a month. ``minimum`` is paid where nobody does anything, ``maximum`` where everything is used up."""

    minimum: float
    expected: float
    maximum: float

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(
            minimum=self.minimum + other.minimum,
            expected=self.expected + other.expected,
            maximum=self.maximum + other.maximum,
        )

    def __neg__(self) -> Bounds:
        return Bounds(minimum=-self.minimum, expected=-self.expected, maximum=-self.maximum)

    def __sub__(self, other: Bounds) -> Bounds:
        return self + -other

    def times(self, factor: float) -> Bounds:
        """The same ``factor`` times."""
        return Bounds(minimum=self.minimum * factor, expected=self.expected * factor, maximum=self.maximum * factor)


NOTHING = Bounds(minimum=0, expected=0, maximum=0)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a bill; ``how`` says what was counted."""

    what: str
    bounds: Bounds
    how: str


def fixed(usd: float) -> Bounds:
    """What costs ``usd`` whatever happens."""
    return Bounds(minimum=usd, expected=usd, maximum=usd)


def total(entries: Iterable[Entry]) -> Bounds:
    return sum((entry.bounds for entry in entries), NOTHING)

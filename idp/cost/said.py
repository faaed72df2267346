"""What every form says beside the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.cost.bounds import Bounds
from constructs_lib.cost.estimate import Estimate
from constructs_lib.cost.prices import NODES, REGION, SERVICES

HEADER = ("line", "minimum", "expected", "maximum")


def remarks(estimate: Estimate) -> Iterator[str]:
    """How far the numbers can be trusted."""
    days = sorted(price.read for price in (*NODES.values(), *SERVICES.values()) if price.read)
    yield f"USD a month, without tax, by prices of {REGION} of {days[0]} to {days[-1]}. An estimate: docs/COST.md."
    if estimate.region != REGION:
        yield f"The deployment is in {estimate.region}: no price of that region was looked up, and it may cost more."
    yield "Components and teams are parts of the lines above them, not beside them."


def money(usd: float, *, signed: bool = False) -> str:
    """Whole cents; ``signed`` shows that it is a difference."""
    text = f"{usd:+,.2f}" if signed else f"{usd:,.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text


def cells(bounds: Bounds, *, signed: bool = False) -> tuple[str, str, str]:
    """The three columns."""
    least, expected, most = (money(usd, signed=signed) for usd in (bounds.minimum, bounds.expected, bounds.maximum))
    return least, expected, most

"""What the deployment costs, as the tables of ``constructs_lib.cost`` estimate it."""

from __future__ import annotations

from dataclasses import dataclass

from config.deployment import Deployment
from constructs_lib.components.registry import CATALOG
from constructs_lib.cost.month import month
from constructs_lib.cost.prices import UnpricedError
from constructs_lib.cost.share import Line, of_nodes, own


@dataclass(frozen=True, kw_only=True)
class Share:
    """What falls to one component, in USD a month; ``stack`` is where it is made."""

    component: str
    stack: str
    nodes: float
    own: tuple[Line, ...]

    @property
    def usd(self) -> float:
        return self.nodes + sum(line.usd for line in self.own)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Lines of the whole deployment, and of these the shares of its components.

    ``unpriced`` is a type of node that has no price: then there are no lines.
    """

    lines: tuple[Line, ...] = ()
    shares: tuple[Share, ...] = ()
    unpriced: str = ""

    @property
    def usd(self) -> float:
        return sum(line.usd for line in self.lines)


def cost(deployment: Deployment) -> Cost:
    """All of it."""
    try:
        lines = tuple(month(deployment))
    except UnpricedError as error:
        return Cost(unpriced=str(error.args[0]))
    shares = (
        Share(
            component=name,
            stack=f"{deployment.id}-platform-{name}",
            nodes=of_nodes(CATALOG[name], deployment),
            own=tuple(own(CATALOG[name], deployment)),
        )
        for name in sorted(deployment.components.enabled())
    )
    return Cost(lines=lines, shares=tuple(shares))

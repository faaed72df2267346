"""The page of costs, docs/COST.md: profiles beside the architecture document's table, deployments, components, teams.

python -m tools.cost_page --write | --check
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from config.deployment import Deployment
from config.generated import ROOT, command
from config.loader import load, load_one
from config.sizing import SIZINGS
from config.versions import MINORS
from constructs_lib.cost.bounds import Bounds, Entry, total
from constructs_lib.cost.estimate import estimate
from constructs_lib.cost.month import extended_usd, platform
from constructs_lib.cost.prices import HOURS, NODES, REGION, SERVICES
from tools.components_example import shipped_context
from tools.cost_text import BUDGETS, COUNTED, DEPLOYMENTS, DIFFERENCES, INTRO, PROFILES, SUPPORT, TEAMS
from tools.markdown import table

PATH = ROOT / "docs" / "COST.md"
# What the architecture document's own table has: one NAT gateway and one database instance; endpoints in one zone.
SMALLEST: dict[str, Any] = {
    "deployment:sizing": "seed-cost",
    "deployment:vpc:natGateways": "single",
    "deployment:aurora:readers": 0,
    "deployment:vpc:endpoints": "basic_one_az",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the architecture document's table, what it says in USD, and our lines that it stands for."""

    name: str
    document: str
    lines: tuple[str, ...]


# Architecture document, "Cost Optimization", Estimated Monthly Cost.
DOCUMENT = (
    Row(name="EKS control plane", document="73", lines=("control plane",)),
    Row(
        name="EC2 nodes, with their volumes",
        document="150-250",
        lines=("nodes", "volumes of nodes", "nodes for builds", "nodes for teams", "volumes of teams"),
    ),
    Row(name="Aurora Serverless", document="50-100", lines=("database",)),
    Row(name="ALB", document="25-50", lines=("load balancers", "web ACL")),
    Row(name="NAT gateway", document="45", lines=("NAT",)),
    Row(name="S3, ECR", document="20-30", lines=("storage, images, names", "volumes of components")),
)
TOTAL = "400-550"


def text() -> str:
    """The whole page. It depends on no day: extended support is said beside standard support."""
    days = sorted(price.read for price in (*NODES.values(), *SERVICES.values()) if price.read)
    deployments = load(ROOT / "cdktf.json")
    parts = [
        INTRO.format(region=REGION, first=days[0], last=days[-1]),
        PROFILES,
        _profiles(),
        DIFFERENCES.format(**_differences()),
        SUPPORT.format(more=f"{extended_usd():.0f}"),
        _support(),
        DEPLOYMENTS,
        *(part for deployment in deployments for part in _deployment(deployment)),
        TEAMS,
        *(_teams(deployment) for deployment in deployments),
        BUDGETS,
        _budgets(deployments),
        COUNTED,
    ]
    return "\n".join(parts)


def columns() -> Mapping[str, tuple[Entry, ...]]:
    """Heading → lines in standard support: the smallest, then the profiles as they come."""
    context = shipped_context()
    changes: dict[str, dict[str, Any]] = {"seed-cost, as small as the document's": SMALLEST}
    changes |= {profile: {"deployment:sizing": profile} for profile in SIZINGS}
    return {
        heading: estimate(load_one(context | change, source="cdktf.json")).lines for heading, change in changes.items()
    }


def _profiles() -> str:
    found = columns()
    rows = [(row.name, row.document, *(_usd(lines, row.lines) for lines in found.values())) for row in DOCUMENT]
    known = {name for row in DOCUMENT for name in row.lines}
    # In the order in which the lines stand, whichever column has them.
    rest = dict.fromkeys(entry.what for lines in found.values() for entry in lines if entry.what not in known)
    rows += [(name, "–", *(_usd(lines, (name,)) for lines in found.values())) for name in rest]
    sums = [f"**{total(lines).expected:.0f}**" for lines in found.values()]
    more = [f"{total(lines).expected + extended_usd():.0f}" for lines in found.values()]
    before = [f"{total(lines).expected - _of_teams(lines):.0f}" for lines in found.values()]
    rows += [
        ("**all**, standard support", f"**{TOTAL}**", *sums),
        ("of it without teams", "–", *before),
        ("all, extended support", "–", *more),
    ]
    return table(("line", "architecture document", *found), rows)


def _of_teams(lines: Iterable[Entry]) -> float:
    return total(entry for entry in lines if entry.what.endswith("teams")).expected


def _differences() -> Mapping[str, str]:
    """The numbers of that text, by the prices."""
    endpoint, gateway = (SERVICES[name].usd * HOURS for name in ("endpoint", "NAT gateway"))
    address = SERVICES["public address"].usd * HOURS
    saved = SERVICES["NAT GiB"].usd - SERVICES["endpoint GiB"].usd
    return {
        "more": f"{extended_usd():.0f}",
        "endpoint": f"{endpoint:.2f}",
        "back": f"{3 * endpoint / saved:.0f}",
        "gateways": f"{2 * (gateway + address):.0f}",
    }


def _usd(lines: Iterable[Entry], names: Iterable[str]) -> str:
    wanted = set(names)
    found = [entry for entry in lines if entry.what in wanted]
    return f"{total(found).expected:.0f}" if found else "–"


def _support() -> str:
    rows = ((minor, str(each.standard_until), str(each.extended_until)) for minor, each in MINORS.items())
    return table(("Kubernetes", "standard support until", "extended support until"), rows)


def _cells(bounds: Bounds) -> tuple[str, str, str]:
    return f"{bounds.minimum:.0f}", f"{bounds.expected:.0f}", f"{bounds.maximum:.0f}"


def _deployment(deployment: Deployment) -> Iterator[str]:
    found = estimate(deployment)
    yield f"### {deployment.id}\n"
    rows = [(entry.what, *_cells(entry.bounds), entry.how) for entry in found.lines]
    yield table(
        ("line", "minimum", "expected", "maximum", "counted"),
        [*rows, ("**all**, standard support", *_cells(found.total), "")],
    )
    yield "Of these, by component:\n"
    yield table(
        ("component", "minimum", "expected", "maximum"),
        [(f"`{entry.what}`", *_cells(entry.bounds)) for entry in found.components],
    )


def _teams(deployment: Deployment) -> str:
    found = estimate(deployment)
    rows = [(f"`{entry.what}`", *_cells(entry.bounds), entry.how) for entry in found.teams]
    return table((f"team of `{deployment.id}`", "minimum", "expected", "maximum", "counted"), rows)


def _budgets(deployments: Iterable[Deployment]) -> str:
    rows = (
        (
            f"`{each.id}`",
            f"{total(platform(each, None)).expected:.0f}",
            f"{estimate(each).total.expected:.0f}",
            f"{estimate(each).total.expected + extended_usd():.0f}",
            f"{each.cost.monthly_budget_usd}",
            f"{each.cost.anomaly_usd}",
        )
        for each in deployments
    )
    header = ("deployment", "without teams", "expected", "in extended support", "budget", "anomaly from")
    return table(header, rows)


if __name__ == "__main__":
    sys.exit(command(PATH, text()))

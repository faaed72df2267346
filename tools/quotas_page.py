"""The page of quotas, docs/QUOTAS.md: what AWS, Kubernetes and Argo CD allow, what is needed, and how many teams fit.

python -m tools.quotas_page --write | --check
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from config.deployment import Deployment
from config.generated import ROOT, command
from config.loader import load
from config.quota_rows import ROWS
from config.quota_sources import SOURCES
from config.quotas import Quota
from config.teams import Team
from constructs_lib.quotas.counts import needs
from constructs_lib.quotas.report import report
from tools.markdown import table
from tools.quotas_text import DECLARED, INTRO, NEEDS, NOT_COUNTED, ROWS_TEXT, SOURCES_TEXT, THOUSAND

PATH = ROOT / "docs" / "QUOTAS.md"
SIZES = (10, 100, 1_000)
_KINDS = {"fixed": "nobody", "guideline": "nobody has tested more"}


def example(number: int) -> Team:
    """A team with one repository that is deployed, an image, a secret and a budget."""
    name = f"team-{number:04d}"
    return Team.model_validate(
        {
            "name": name,
            "size": "small",
            "members": ["octocat"],
            "repositories": ["service"],
            "sources": [f"example-org/{name}-service"],
            "secrets": ["database"],
            "monthlyBudgetUsd": 500,
        }
    )


def with_teams(deployment: Deployment, count: int) -> Deployment:
    """``deployment`` with ``count`` teams like the example. What pools hold isn't asked."""
    return deployment.model_copy(update={"teams": tuple(example(number) for number in range(count))})


def text() -> str:
    deployments = load(ROOT / "cdktf.json")
    production = deployments[0]
    by_size = {size: needs(with_teams(production, size)) for size in SIZES}
    parts = [
        INTRO,
        ROWS_TEXT,
        table(
            ("quota", "key", "limit", "who raises it", "where that is in Service Quotas", "what else helps"), _rows()
        ),
        DECLARED,
        NEEDS,
        table(_header(deployments), _needs(deployments, by_size), right=range(1, 3 + len(deployments) + len(SIZES))),
        THOUSAND,
        _told(production),
        NOT_COUNTED,
        SOURCES_TEXT,
        table(("document", "read", "rows"), _sources()),
    ]
    return "\n".join(parts)


def fitting(row: Quota, by_size: Mapping[int, Mapping[str, int]]) -> int | None:
    """How many example teams fit the row's limit; None where teams need nothing of it, or nobody knows the limit."""
    few, many = SIZES[0], SIZES[-1]
    more = by_size[many][row.key] - by_size[few][row.key]
    if row.limit is None or more <= 0:
        return None
    return few + (row.limit - by_size[few][row.key]) * (many - few) // more


def _rows() -> list[tuple[str, ...]]:
    return [
        (
            row.name,
            f"`{row.key}`",
            row.unit,
            "differs" if row.limit is None else f"{row.limit:,}",
            _KINDS.get(row.kind, "Service Quotas" + (f", to {row.ceiling:,}" if row.ceiling else "")),
            f"`{row.code}`" if row.code else "–",
            row.lever or "–",
        )
        for row in ROWS
    ]


def _header(deployments: Sequence[Deployment]) -> tuple[str, ...]:
    sizes = (f"{size:,} teams" for size in SIZES)
    return ("key", "limit", *(f"`{each.id}`" for each in deployments), *sizes, "teams that fit", "counted")


def _needs(deployments: Sequence[Deployment], by_size: Mapping[int, Mapping[str, int]]) -> list[tuple[str, ...]]:
    shipped = [needs(each) for each in deployments]
    found = []
    for row in ROWS:
        fit = fitting(row, by_size)
        cells = [f"{counted[row.key]:,}" for counted in (*shipped, *by_size.values())]
        limit = "–" if row.limit is None else f"{row.limit:,}"
        how = "estimated" if row.estimate else "as made"
        found.append((f"`{row.key}`", limit, *cells, "–" if fit is None else f"{fit:,}", how))
    return found


def _told(production: Deployment) -> str:
    lines = report([with_teams(production, SIZES[-1])]).warnings
    return "\n".join(["```text", *lines, "```", ""])


def _sources() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, source in SOURCES.items():
        rows = [row for row in ROWS if row.document == name]
        keys = ", ".join(f"`{row.key}` ({row.section})" for row in rows)
        read = f"{max(row.read for row in rows)}{', quoted' if source.quoted else ''}"
        found.append((f"[{source.title}]({source.url})", read, keys))
    return found


if __name__ == "__main__":
    sys.exit(command(PATH, text()))

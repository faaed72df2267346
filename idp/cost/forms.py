"""The forms of an estimate, and of the change from one to another. The same tables in each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from constructs_lib.cost.bounds import Bounds, Entry
from constructs_lib.cost.estimate import Delta, Estimate
from constructs_lib.cost.prices import REGION
from idp.cost.said import HEADER, cells, remarks
from tools.markdown import table


@dataclass(frozen=True, kw_only=True)
class Section:
    """One table: rows of name, three columns of money, and what was counted; ``sum`` is its last row."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    sum: tuple[str, ...] | None = None


def sections(estimate: Estimate) -> Iterator[Section]:
    """The deployment's lines with their sum, then its components and teams where it has any."""
    name = estimate.deployment
    yield Section(title=name, rows=_rows(estimate.lines), sum=("all", *cells(estimate.total), ""))
    for title, entries in (("components", estimate.components), ("teams", estimate.teams)):
        if entries:
            yield Section(title=f"{name}: {title}", rows=_rows(entries))


def changes(name: str, delta: Delta) -> Iterator[Section]:
    """What changes, table by table; the sum is always there."""
    whole = ("all", *cells(delta.total, signed=True), "")
    yield Section(title=f"{name}: what changes", rows=_changed(delta.lines), sum=whole)
    for title, found in (("components", delta.components), ("teams", delta.teams)):
        if found:
            yield Section(title=f"{name}: {title} that change", rows=_changed(found))


def _rows(entries: Iterable[Entry]) -> tuple[tuple[str, ...], ...]:
    return tuple((entry.what, *cells(entry.bounds), entry.how) for entry in entries)


def _changed(found: Mapping[str, Bounds]) -> tuple[tuple[str, ...], ...]:
    return tuple((name, *cells(bounds, signed=True), "") for name, bounds in found.items())


def terminal(console: Console, estimate: Estimate, delta: Delta | None) -> None:
    """Print the tables; with ``delta`` those of the change alone."""
    for section in _of(estimate, delta):
        shown = Table(title=section.title, title_justify="left", show_footer=section.sum is not None)
        last = section.sum or ("", "", "", "", "")
        counted = any(row[-1] for row in section.rows)
        for place, heading in enumerate((*HEADER, "counted")[: len(last) if counted else len(last) - 1]):
            shown.add_column(
                heading,
                footer=last[place],
                justify="right" if heading in HEADER[1:] else "left",
                no_wrap=heading != "counted",
            )
        for row in section.rows:
            shown.add_row(*row[: len(shown.columns)])
        console.print(shown)
    for remark in remarks(estimate):
        console.print(remark, highlight=False)


def markdown(estimate: Estimate, delta: Delta | None) -> str:
    """The same as Markdown, for a pull request."""
    parts = []
    for section in _of(estimate, delta):
        counted = any(row[-1] for row in section.rows)
        header = (*HEADER, "counted") if counted else HEADER
        last = [tuple(f"**{cell}**" if cell else "" for cell in section.sum)] if section.sum else []
        rows = (row[: len(header)] for row in (*section.rows, *last))
        parts += [f"### {section.title}\n", table(header, rows, right=(1, 2, 3))]
    return "\n".join([*parts, *(f"{remark}\n" for remark in remarks(estimate))])


def as_json(estimate: Estimate, delta: Delta | None) -> str:
    """The same as JSON: sorted, numbers in USD with cents."""
    found: dict[str, Any] = {
        "deployment": estimate.deployment,
        "region": estimate.region,
        "prices": REGION,
        "unit": "USD a month",
        "lines": {entry.what: _numbers(entry.bounds) | {"counted": entry.how} for entry in estimate.lines},
        "components": {entry.what: _numbers(entry.bounds) for entry in estimate.components},
        "teams": {entry.what: _numbers(entry.bounds) for entry in estimate.teams},
        "total": _numbers(estimate.total),
    }
    if delta is not None:
        found["change"] = {
            part: {name: _numbers(bounds) for name, bounds in getattr(delta, part).items()}
            for part in ("lines", "components", "teams")
        } | {"total": _numbers(delta.total)}
    return json.dumps(found, indent=2, sort_keys=True) + "\n"


def _of(estimate: Estimate, delta: Delta | None) -> Iterable[Section]:
    return sections(estimate) if delta is None else changes(estimate.deployment, delta)


def _numbers(bounds: Bounds) -> dict[str, float | str]:
    # Without minus nought.
    return {name: round(usd, 2) + 0.0 for name, usd in asdict(bounds).items()}

"""The page of costs says what the calculator says, beside the architecture document's table, on any day."""

from __future__ import annotations

import re

import pytest

from config.loader import load
from config.sizing import SIZINGS
from constructs_lib.cost.bounds import total
from constructs_lib.cost.estimate import estimate
from tests.conftest import ROOT
from tools import cost_page


@pytest.fixture(scope="module")
def page() -> str:
    return cost_page.text()


def cells(page: str, line: str) -> list[str]:
    """Of the first row named ``line``, without its name."""
    (found, *_) = re.findall(rf"^\| {re.escape(line)} \| (.*) \|$", page, re.M)
    return [cell.strip("*") for cell in found.split(" | ")]


def test_the_page_is_current(page: str) -> None:
    assert cost_page.PATH.read_text(encoding="utf-8") == page


def test_every_line_of_a_profile_stands_in_one_row_and_the_sums_are_theirs(page: str) -> None:
    columns = cost_page.columns()
    assert list(columns)[1:] == list(SIZINGS)
    rows = [name for row in cost_page.DOCUMENT for name in row.lines]
    assert len(set(rows)) == len(rows)
    for place, lines in enumerate(columns.values(), start=1):
        assert cells(page, "**all**, standard support")[place] == f"{total(lines).expected:.0f}"
        assert int(cells(page, "all, extended support")[place]) == pytest.approx(total(lines).expected + 365, abs=1)
        for row in cost_page.DOCUMENT:
            mine = sum(entry.bounds.expected for entry in lines if entry.what in row.lines)
            assert cells(page, row.name)[place] == f"{mine:.0f}"
        for entry in lines:
            assert entry.what in rows or f"\n| {entry.what} | – | " in page


def test_the_documents_own_table_is_beside_them(page: str) -> None:
    said = {row.name: row.document for row in cost_page.DOCUMENT}
    assert all(cells(page, name)[0] == usd for name, usd in said.items())
    # The smallest profile is within its total before teams run anything.
    assert 400 <= int(cells(page, "of it without teams")[1]) <= 550


def test_every_deployment_has_its_lines_components_and_teams(page: str) -> None:
    for deployment in load(ROOT / "cdktf.json"):
        found = estimate(deployment)
        section = page.split(f"\n### {deployment.id}\n")[1].split("\n## ")[0].split("\n### ")[0]
        for entry in found.lines:
            numbers = (entry.bounds.minimum, entry.bounds.expected, entry.bounds.maximum)
            assert f"| {entry.what} | {' | '.join(f'{usd:.0f}' for usd in numbers)} | {entry.how} |" in section
        assert all(f"| `{entry.what}` | " in section for entry in found.components)
        teams = page.split(f"| team of `{deployment.id}` |")[1].split("\n\n")[0]
        for entry in found.teams:
            assert f"| `{entry.what}` | {entry.bounds.minimum:.0f} | {entry.bounds.expected:.0f} | " in teams
        budget = f"{deployment.cost.monthly_budget_usd} | {deployment.cost.anomaly_usd}"
        assert re.search(rf"^\| `{deployment.id}` \| .* \| {re.escape(budget)} \|$", page, re.M)


def test_no_line_depends_on_the_day(page: str) -> None:
    assert "\n| extended support |" not in page

"""The page of reachability says what the policies say."""

from __future__ import annotations

import pytest

from constructs_lib.components.registry import CATALOG
from constructs_lib.reachability.policies import manifests
from constructs_lib.reachability.ways import evaluator, ways
from constructs_lib.reachability.world import world
from tools import reachability_page


@pytest.fixture(scope="module")
def page() -> str:
    return reachability_page.text()


def cells(page: str) -> list[list[str]]:
    return [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("|")]


def test_the_page_is_current(page: str) -> None:
    assert reachability_page.PATH.read_text(encoding="utf-8") == page


def test_the_example_has_every_component_on() -> None:
    assert set(CATALOG) <= set(reachability_page.example().components.enabled())


def test_every_way_is_on_the_page(page: str) -> None:
    deployment = reachability_page.example()
    inhabitants = world(deployment)
    found = ways(evaluator(manifests(deployment), inhabitants), inhabitants)
    places = [each.name for each in inhabitants.places]
    rows = cells(page)
    (columns,) = (row for row in rows if row[:2] == ["from", places[0]])
    for (source, destination), reach in found.items():
        if destination in places:
            (row,) = (row for row in rows if row[0] == f"`{source}`" and len(row) == len(columns))
            assert row[columns.index(destination)] == str(reach.some)
        elif source in places:
            assert [source, f"`{destination}`", str(reach.some)] in rows
        elif destination != reachability_page.DNS:
            senders = [row[1] for row in rows if row[0] == f"`{destination}`" and row[-1] == str(reach.some)]
            assert any(f"`{source}`" in each.split(", ") for each in senders), (source, destination)


def test_the_page_names_what_nobody_reaches(page: str) -> None:
    (line,) = (line for line in page.splitlines() if line.startswith("- No pod reaches:"))
    assert "instance metadata" in line

"""Dashboards: Grafana takes them as they are, and they ask only for metrics that are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.telemetry.kept import everything as kept
from tests.promql import metrics_in

FOLDER = Path(__file__).resolve().parent.parent.parent / "dashboards"
EACH = pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def expressions(path: Path) -> list[str]:
    return [target["expr"] for panel in read(path)["panels"] for target in panel["targets"]]


def test_there_are_some() -> None:
    assert len(list(FOLDER.glob("*.json"))) == 3


@EACH
def test_its_address_is_its_own_and_it_has_no_number_of_another_grafana(path: Path) -> None:
    found = read(path)
    assert found["uid"] == path.stem and found["title"]
    # With the number of a stored dashboard Grafana refuses it where there is none of that number.
    assert "id" not in found


@EACH
def test_it_asks_for_metrics_that_are_kept(path: Path) -> None:
    for expression in expressions(path):
        used = metrics_in(expression)
        assert used and used <= kept(), expression


@EACH
def test_it_shows_one_cluster_of_any_data_source(path: Path) -> None:
    names = {each["name"] for each in read(path)["templating"]["list"]}
    assert names == {"source", "cluster"}
    for panel in read(path)["panels"]:
        assert panel["datasource"]["uid"] == "${source}"
        for target in panel["targets"]:
            assert 'cluster="$cluster"' in target["expr"] and target["datasource"]["uid"] == "${source}"


@EACH
def test_panels_lie_beside_each_other(path: Path) -> None:
    places = [panel["gridPos"] for panel in read(path)["panels"]]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells)) and max(x for x, _ in cells) < 24

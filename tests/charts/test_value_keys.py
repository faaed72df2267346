"""Rung 4: the values that we set are values that the charts have, third parties' and ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.kubernetes.releases import Release, releases
from tests.kubernetes.value_keys import chart_keys, key_paths, schema_problems, unknown_keys
from tests.synth import Synth

pytestmark = pytest.mark.charts

EXCEPTIONS = Path(__file__).with_name("value_key_exceptions.yaml")
LISTED = frozenset({"image", "image.tag", "resources", "pdb", "pdb.enabled", "replicas"})


def exceptions() -> Mapping[str, Mapping[str, str]]:
    """Chart → key → why the chart takes it although its default values don't hold it."""
    return yaml.safe_load(EXCEPTIONS.read_text(encoding="utf-8")) or {}


def theirs(synth: Synth) -> list[Release]:
    return [release for release in releases(synth) if not release.local]


def test_every_key_is_one_of_the_charts(deployed: Synth) -> None:
    excepted = exceptions()
    found = [
        f"{release.stack}/{release.name}: {path}"
        for release in theirs(deployed)
        for path in unknown_keys(release.values, chart_keys(release.chart) | excepted.get(release.chart, {}).keys())
    ]
    assert not found, "not in the chart's default values nor in value_key_exceptions.yaml:\n" + "\n".join(found)


def test_every_key_for_a_chart_of_ours_is_in_its_default_values(deployed: Synth) -> None:
    found = []
    for release in releases(deployed):
        if release.local:
            defaults = yaml.safe_load((release.directory / release.chart / "values.yaml").read_text(encoding="utf-8"))
            unknown = unknown_keys(release.values, frozenset(key_paths(defaults)))
            found += [f"{release.stack}/{release.name}: {path}" for path in unknown]
    assert not found, "\n".join(found)


def test_values_are_valid_by_the_charts_own_schemas(deployed: Synth) -> None:
    found = [
        f"{release.stack}/{release.name}: {problem}"
        for release in theirs(deployed)
        for problem in schema_problems(release.chart, release.values)
    ]
    assert not found, "\n".join(found)


def test_every_exception_is_used_and_gives_its_reason(everything: Synth, encrypted: Synth) -> None:
    used: dict[str, set[str]] = {}
    for release in (*theirs(everything), *theirs(encrypted)):
        used.setdefault(release.chart, set()).update(key_paths(release.values))
    for chart, keys in exceptions().items():
        for key, reason in keys.items():
            assert any(path == key or path.startswith(f"{key}.") for path in used.get(chart, ())), f"{chart}: {key}"
            assert len(reason) > 10, f"{chart}: {key} gives no reason"


@pytest.mark.parametrize(
    ("values", "unknown"),
    [
        ({"image": {"tag": "1"}, "replicas": 2}, []),
        ({"resources": {"requests": {"cpu": "1"}}}, []),
        ({"replica": 2}, ["replica"]),
        ({"image": {"tags": "1"}}, ["image.tags"]),
        ({"pdb": {"enabled": True, "minAvailable": 1}}, ["pdb.minAvailable"]),
        ({"image": {}}, []),
    ],
)
def test_a_key_that_the_chart_lacks_is_found(values: Mapping[str, object], unknown: list[str]) -> None:
    assert unknown_keys(values, LISTED) == unknown


def test_a_key_that_a_schema_asks_for_is_missing_where_no_default_holds_it() -> None:
    locations = {"configuration": {"backupStorageLocation": [{"provider": "aws"}]}}
    assert schema_problems("velero", {"image": {"tag": "v1"}}) == []
    assert schema_problems("velero", locations) == [
        "$.configuration.backupStorageLocation[0]: 'bucket' is a required property"
    ]

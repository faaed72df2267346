"""Objects and sizes that are counted before synth, against what Helm renders."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config.loader import load_one
from config.versions import MINORS
from constructs_lib.quotas.cluster import objects, objects_of, sensor_kib
from tests.kubernetes.releases import release
from tests.sensors import ALPHA as WATCHED_ALPHA
from tests.sensors import BETA as WATCHED_BETA
from tests.sensors import sensors_of
from tests.synth import Synth
from tests.teams import ALPHA, BETA, GITHUB_APP

pytestmark = pytest.mark.charts

MINOR = next(iter(MINORS))


@pytest.mark.parametrize(("fixture", "team"), [("teams", "alpha"), ("teams", "beta"), ("previews", "gamma")])
def test_a_team_has_as_many_objects_as_its_chart_makes(request: pytest.FixtureRequest, fixture: str, team: str) -> None:
    synth: Synth = request.getfixturevalue(fixture)
    found = release(synth, f"idp-teams-{team}", f"team-{team}")
    assert objects_of(found.values) == len(found.manifests(MINOR))


def test_teams_together_have_what_each_has(shipped_context: dict[str, Any], teams: Synth) -> None:
    deployment = load_one(shipped_context | {"deployment:teams": [ALPHA, BETA]}, source="test.json")
    made = [release(teams, f"idp-teams-{team}", f"team-{team}").manifests(MINOR) for team in ("alpha", "beta")]
    assert objects(deployment) == sum(map(len, made))


def test_the_largest_sensor_is_about_as_large_as_is_said(
    shipped_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    keys = shipped_context | GITHUB_APP | {"deployment:teams": [WATCHED_ALPHA, WATCHED_BETA]}
    said = sensor_kib(load_one(keys, source="test.json"))
    largest = max(len(json.dumps(each)) for each in sensors_of(shipped_context, tmp_path_factory.mktemp("events")))
    assert said * 1024 == pytest.approx(largest, rel=0.2)

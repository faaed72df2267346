"""The estimate of active series: within Grafana Cloud's free plan in each sizing profile, and honest beyond it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.sizing import SIZINGS
from constructs_lib.components.registry import CATALOG, enabled
from constructs_lib.telemetry.kept import COMPONENTS, OF_THE_CHART
from constructs_lib.telemetry.series import FREE_PLAN, Estimate, estimate

Build = Callable[..., Deployment]
# Teams that a profile is made for (docs/adr/0011-sizing.md).
TEAMS = {"seed-cost": 5, "ha": 10, "large": 50}


@pytest.fixture
def estimated(deployment_with: Build, shipped_context: dict[str, Any]) -> Callable[..., Estimate]:
    def build(profile: str = "ha", teams: int = 1, *, off: tuple[str, ...] = (), **agent: bool) -> Estimate:
        components = {name: {"enabled": True} for name in ("crossplane", "falco", "velero")}
        components |= shipped_context["deployment:components"]
        components["grafana-agent"] = components["grafana-agent"] | agent
        found = deployment_with(
            {
                "deployment:sizing": profile,
                "deployment:components": {name: each for name, each in components.items() if name not in off},
                "deployment:quotaOvercommit": 100,
                "deployment:teams": [
                    {"name": f"t{number}", "quotas": {"cpu": "1", "memory": "2Gi"}, "members": ["octocat"]}
                    for number in range(teams)
                ],
            }
        )
        return estimate(found, enabled(found))

    return build


@pytest.mark.parametrize("profile", SIZINGS)
def test_a_profile_with_every_component_and_its_teams_stays_within_the_free_plan(
    estimated: Callable[..., Estimate], profile: str
) -> None:
    found = estimated(profile, TEAMS[profile])
    assert 0 < found.total < FREE_PLAN
    assert found.fits and not found.remedy


def test_beyond_the_free_plan_it_says_what_to_turn_off(estimated: Callable[..., Estimate]) -> None:
    found = estimated("large", 70)
    assert found.total > FREE_PLAN
    assert not found.fits
    assert "teamMetrics to false" in found.remedy


def test_what_it_says_to_turn_off_helps(estimated: Callable[..., Estimate]) -> None:
    assert estimated("large", 70, teamMetrics=False).fits


def test_the_total_is_that_of_the_rows(estimated: Callable[..., Estimate]) -> None:
    found = estimated()
    assert found.total == sum(row.series for row in found.rows)
    assert all(row.series > 0 and row.count > 0 and len(row.source) > 10 for row in found.rows)


def test_everything_that_exposes_metrics_is_counted(everything_on: Deployment) -> None:
    counted = {row.exposes for row in estimate(everything_on, enabled(everything_on)).rows}
    chart = {source.name for source in OF_THE_CHART}
    rows = {
        f"{component.name}/{row.name}"
        for component in enabled(everything_on).values()
        for row in component.running(everything_on)
        if row.metrics is not None and row.name not in chart
    }
    assert counted == rows | chart


def test_more_pods_have_more_series(estimated: Callable[..., Estimate]) -> None:
    assert estimated("large").total > estimated("ha").total > estimated("seed-cost").total
    assert estimated("ha", 2).total > estimated("ha", 1).total
    assert estimated("ha", off=("falco",)).total < estimated("ha").total


def test_the_smallest_profile_has_no_exporter_on_nodes(estimated: Callable[..., Estimate]) -> None:
    assert "node-exporter" not in {row.exposes for row in estimated("seed-cost").rows}


def test_without_the_agent_nothing_is_sent(estimated: Callable[..., Estimate]) -> None:
    assert estimated(off=("grafana-agent",)).rows == ()


def test_kept_metrics_are_of_rows_that_are_scraped() -> None:
    for key, source in COMPONENTS.items():
        component, _, row = key.partition("/")
        assert CATALOG[component].row(row).metrics is not None
        assert source.name == key

"""Whether rollouts are judged, where metrics are asked for, and that nothing is left of it where they aren't."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from config.deployment import Deployment
from config.parts import GrafanaCloud
from constructs_lib.components.catalog.argo_rollouts import ARGO_ROLLOUTS
from constructs_lib.components.catalog.backstage import BACKSTAGE
from constructs_lib.components.stores import store_name, stores
from constructs_lib.components.template import rendered
from constructs_lib.data.secrets_table import secret_paths
from constructs_lib.iam.rows import ROWS
from constructs_lib.naming import naming_of
from constructs_lib.teams.shared import namespaces_values
from constructs_lib.teams.values import common, team_values
from constructs_lib.telemetry.analysis import analyses, credentials
from tests.teams import ALPHA

PUSH = "https://prometheus-xxx.grafana.net/api/prom/push"
OFF: dict[str, dict[str, Any] | None] = {
    "teams are not measured": {"grafana-agent": {"enabled": True, "teamMetrics": False}},
    "no agent": {"grafana-agent": {"enabled": False}},
    "no rollouts": {"argo-rollouts": {"enabled": False}},
}


@pytest.fixture(params=OFF)
def unjudged(
    request: pytest.FixtureRequest, deployment_with: Callable[..., Deployment], shipped_context: dict[str, Any]
) -> Deployment:
    components = shipped_context["deployment:components"] | OFF[request.param]
    return deployment_with({"deployment:components": components, "deployment:teams": [ALPHA]})


@pytest.fixture
def judged(deployment_with: Callable[..., Deployment]) -> Deployment:
    return deployment_with({"deployment:teams": [ALPHA]})


@pytest.mark.parametrize(
    ("push", "query", "expected"),
    [
        (PUSH, None, "https://prometheus-xxx.grafana.net/api/prom"),
        (PUSH, "https://metrics.example.com/prometheus", "https://metrics.example.com/prometheus"),
        ("https://metrics.example.com/api/v1/write", None, None),
        ("https://metrics.example.com/api/v1/write", "https://metrics.example.com", "https://metrics.example.com"),
    ],
)
def test_the_query_address_is_that_of_the_push_unless_told(push: str, query: str | None, expected: str | None) -> None:
    cloud = {"metricsEndpoint": push, "logsEndpoint": "https://logs.example.com/push", "queryEndpoint": query}
    assert GrafanaCloud.model_validate(cloud).queries() == expected


def test_there_are_analyses() -> None:
    assert len(analyses()) > 1


def values(deployment: Deployment) -> dict[str, Any]:
    """What charts of a deployment get: of the team, of the shared namespaces, and of Backstage's scaffolder."""
    naming, (team,) = naming_of(deployment), deployment.teams
    scaffolder = yaml.safe_load(rendered(BACKSTAGE, "backstage", deployment, naming))["backstage"]["appConfig"]
    return {
        "team": yaml.safe_load(team_values(deployment, naming, team, common(deployment)))["externalSecrets"],
        "shared": yaml.safe_load(namespaces_values(deployment))["externalSecrets"],
        "scaffolder": scaffolder["scaffolder"].get("defaultEnvironment", {}).get("parameters", {}).get("analysis"),
    }


def reader(deployment: Deployment) -> str:
    """What External Secrets may do, as text."""
    (row,) = (row for row in ROWS if row.name == "external-secrets-sa")
    return str(row.statements(naming_of(deployment), deployment))


def test_where_rollouts_are_judged_every_part_is_there(judged: Deployment) -> None:
    (own,) = ARGO_ROLLOUTS.own_charts
    assert own.when(judged)
    assert "/idp/analysis/grafana-cloud" in secret_paths(judged)
    (store,) = (store for store in stores(judged) if store.name == store_name("analysis"))
    assert (store.prefix, store.namespaces, store.scopes) == ("/idp/analysis/", (), ("staging", "team"))
    assert "role/idp-analysis-secrets" in reader(judged)
    found = values(judged)
    assert [each["namespace"] for each in found["team"]] == ["team-alpha"]
    assert [each["namespace"] for each in found["shared"]] == ["staging"]
    assert found["scaffolder"] == "metrics"


def test_where_they_are_not_nothing_of_it_is_there(unjudged: Deployment) -> None:
    (own,) = ARGO_ROLLOUTS.own_charts
    assert not own.when(unjudged)
    assert not [path for path in secret_paths(unjudged) if "analysis" in path]
    assert store_name("analysis") not in {store.name for store in stores(unjudged)}
    assert "analysis" not in reader(unjudged)
    assert credentials(unjudged, "team-alpha") == []
    found = values(unjudged)
    assert (found["team"], found["shared"]) == ([], [])
    assert found["scaffolder"] in ("none", None)

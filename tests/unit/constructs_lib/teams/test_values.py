"""The values file of a team: what guardrails are told of it is what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from config.deployment import Deployment
from constructs_lib.helm.blocks import known
from constructs_lib.naming import naming_of
from constructs_lib.teams.values import common, team_values
from tests.teams import ALPHA, BETA


@pytest.mark.parametrize("entry", [ALPHA, BETA], ids=lambda entry: entry["name"])
def test_what_is_remembered_is_what_a_parser_reads(deployment_with: Callable[..., Deployment], entry: object) -> None:
    deployment = deployment_with({"deployment:teams": [entry]})
    text = team_values(deployment, naming_of(deployment), deployment.teams[0], common(deployment))
    assert known(text) == yaml.safe_load(text)


def test_a_text_of_somebody_else_is_not_known() -> None:
    assert known("a: 1\n") is None


def test_what_teams_have_in_common_is_worked_out_once(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with({"deployment:teams": [ALPHA, BETA]})
    same = common(deployment)
    texts = [team_values(deployment, naming_of(deployment), team, same) for team in deployment.teams]
    assert all(text.endswith(same.text) for text in texts)
    assert "team-alpha" not in same.text


@pytest.mark.parametrize(
    ("entry", "cpu", "memory"),
    [
        # The architecture document's teams alpha and beta.
        ({"name": "alpha", "size": "small"}, "4", "8Gi"),
        ({"name": "beta", "quotas": {"cpu": "8", "memory": "16Gi"}}, "8", "16Gi"),
        ({"name": "gamma", "size": "medium"}, "8", "16Gi"),
        ({"name": "delta", "size": "large"}, "16", "32Gi"),
        # The seed's own team.
        ({"name": "platform", "quotas": {"cpu": "8", "memory": "16Gi"}}, "8", "16Gi"),
    ],
)
def test_the_quota_is_that_of_the_size_or_of_the_entry(
    deployment_with: Callable[..., Deployment], entry: dict[str, object], cpu: str, memory: str
) -> None:
    deployment = deployment_with({"deployment:teams": [{"members": ["octocat"], **entry}]})
    text = team_values(deployment, naming_of(deployment), deployment.teams[0], common(deployment))
    quota = yaml.safe_load(text)["quota"]
    assert (quota["requests.cpu"], quota["requests.memory"]) == (cpu, memory)

"""Logins to Git: who gets a token of the GitHub App, and for what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.teams.git import CREDENTIALS, team_git
from tests.teams import ALPHA, BETA, GITHUB_APP
from tools.workflow_files import DIRECTORY, load
from tools.workflow_templates import shipped_settings

Build = Callable[..., Deployment]
WITHOUT_WORKFLOWS = {
    "argocd": {"enabled": True, "domain": "argocd.example.com"},
    "external-secrets": {"enabled": True},
}
SOURCES = ["Example-Org/Web.App", "another-org/web", "example-org/jobs"]


def git(deployment_with: Build, entry: Any, **keys: Any) -> dict[str, Any] | None:
    deployment = deployment_with(GITHUB_APP | {"deployment:teams": [entry]} | keys)
    return team_git(deployment, deployment.teams[0])


def test_a_token_is_for_the_teams_own_repositories_of_the_apps_organization(deployment_with: Build) -> None:
    found = git(deployment_with, ALPHA | {"sources": SOURCES})
    assert found is not None
    assert found["repositories"] == ["Web.App", "jobs"]
    assert (found["app"]["id"], found["app"]["installation"]) == ("123456", "7654321")


def test_one_token_reads_and_another_pushes(deployment_with: Build) -> None:
    found = git(deployment_with, ALPHA)
    assert found is not None
    assert {each["name"]: (each["token"], each["contents"]) for each in found["credentials"]} == {
        "git-credentials": ("team-alpha--git-credentials", "read"),
        "git-push-credentials": ("team-alpha--git-push-credentials", "write"),
    }


def test_only_one_step_mounts_the_token_that_pushes() -> None:
    mounted: dict[str, set[str]] = {name: set() for name in CREDENTIALS}
    for file in load(DIRECTORY, shipped_settings()).values():
        for template in file.templates.values():
            for volume in template.node.get("volumes") or ():
                mounted.get(volume.get("secret", {}).get("secretName"), set()).add(file.stem)
    assert mounted == {"git-credentials": {"git-checkout", "image-lookup"}, "git-push-credentials": {"promote"}}


@pytest.mark.parametrize(
    ("entry", "keys"),
    [
        (BETA, {}),
        (ALPHA | {"sources": ["another-org/web"]}, {}),
        (ALPHA, {"deployment:github:app": None}),
        (ALPHA, {"deployment:components": WITHOUT_WORKFLOWS}),
    ],
    ids=["no repositories", "none of the organization", "no App", "no workflows"],
)
def test_nothing_is_made_where_nothing_could_use_it(deployment_with: Build, entry: Any, keys: Any) -> None:
    assert git(deployment_with, entry, **keys) is None

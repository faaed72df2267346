"""Logins to Git of a team: tokens made beside the GitHub App's key, and copies that only the team reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.versions import MINORS
from constructs_lib.teams.git import platform_git
from tests.kubernetes.releases import Release, RenderError, merged, release
from tests.synth import Synth
from tests.teams import ALPHA, GAMMA, GITHUB_APP

pytestmark = pytest.mark.charts

MINOR = next(iter(MINORS))
HOME, PLACE = "team-gamma", "argocd"
TOKENS = {"git-credentials": f"{HOME}--git-credentials", "git-push-credentials": f"{HOME}--git-push-credentials"}


@pytest.fixture(scope="module")
def gamma(previews: Synth) -> Release:
    return release(previews, "idp-teams-gamma", HOME)


@pytest.fixture(scope="module")
def found(gamma: Release) -> dict[tuple[str, str, str], dict[str, Any]]:
    made = gamma.manifests(MINOR)
    return {(each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"]): each for each in made}


@pytest.mark.parametrize(("name", "right"), [("git-credentials", "read"), ("git-push-credentials", "write")])
def test_a_token_is_for_the_teams_repositories_and_their_contents_alone(found: Any, name: str, right: str) -> None:
    spec = found["GithubAccessToken", PLACE, TOKENS[name]]["spec"]
    assert (spec["repositories"], spec["permissions"]) == (["Web.App", "jobs", "docs"], {"contents": right})
    assert spec["auth"]["privateKey"]["secretRef"]["name"] == "argocd-github-app"


@pytest.mark.parametrize("name", TOKENS)
def test_a_copy_comes_through_the_store_of_the_team_with_what_steps_mount(found: Any, name: str) -> None:
    made = found["ExternalSecret", PLACE, TOKENS[name]]["spec"]
    assert made["target"]["template"]["data"] == {"username": "x-access-token", "password": "{{ .token }}"}
    copied = found["ExternalSecret", HOME, name]["spec"]
    assert copied["target"]["name"] == name
    assert copied["secretStoreRef"] == {"kind": "SecretStore", "name": "git"}
    assert copied["dataFrom"] == [{"extract": {"key": made["target"]["name"]}}]


@pytest.mark.parametrize("name", TOKENS)
def test_what_is_mounted_outlasts_every_step_that_uses_it(found: Any, name: str) -> None:
    def minutes(text: str) -> int:
        return int(text.removesuffix("m"))

    made, copied = found["ExternalSecret", PLACE, TOKENS[name]], found["ExternalSecret", HOME, name]
    age = minutes(made["spec"]["refreshInterval"]) + minutes(copied["spec"]["refreshInterval"])
    # A token is good for an hour; git-checkout, image-lookup and promote end after a quarter of one.
    assert age + 15 < 60


def test_the_store_reads_the_tokens_of_the_team_and_not_the_key_of_the_app(found: Any) -> None:
    kubernetes = found["SecretStore", HOME, "git"]["spec"]["provider"]["kubernetes"]
    assert (kubernetes["remoteNamespace"], kubernetes["auth"]["serviceAccount"]["name"]) == (PLACE, "git-reader")
    (rule,) = found["Role", PLACE, f"{HOME}--git"]["rules"]
    assert (rule["resources"], rule["verbs"]) == (["secrets"], ["get"])
    assert sorted(rule["resourceNames"]) == sorted(TOKENS.values())
    subjects = found["RoleBinding", PLACE, f"{HOME}--git"]["subjects"]
    assert subjects == [{"kind": "ServiceAccount", "name": "git-reader", "namespace": HOME}]
    assert found["ServiceAccount", HOME, "git-reader"]["automountServiceAccountToken"] is False


def test_all_of_it_is_the_platforms(found: Any) -> None:
    parts = [each for (_, _, name), each in found.items() if name in (*TOKENS, *TOKENS.values(), "git", "git-reader")]
    assert len(parts) == 8
    assert {each["metadata"]["labels"]["platform/owned"] for each in parts} == {"true"}


def test_without_an_app_there_is_none_of_it(teams: Synth) -> None:
    made = {each["metadata"]["name"] for each in release(teams, "idp-teams-alpha", "team-alpha").manifests(MINOR)}
    assert not made & {"git", "git-reader", *TOKENS}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"git": {"repositories": []}}, "repositories"),
        ({"git": {"credentials": [{"name": "a", "token": "argocd-github-app", "contents": "read"}]}}, "token"),
        ({"git": {"credentials": [{"name": "a", "token": "team-a--b", "contents": "admin"}]}}, "contents"),
    ],
)
def test_the_chart_refuses_values_that_would_give_more(gamma: Release, change: Any, said: str) -> None:
    changed = Release(**{**gamma.__dict__, "values": merged(gamma.values, change)})
    with pytest.raises(RenderError, match=said):
        changed.render(MINOR)


def test_the_platform_reads_what_it_builds_documentation_of_and_pushes_nothing(
    shipped: Synth, deployment_with: Callable[..., Deployment]
) -> None:
    templates = release(shipped, "idp-platform-argo-workflows", "workflow-templates")
    git = platform_git(deployment_with(GITHUB_APP | {"deployment:teams": [ALPHA, GAMMA]}))
    changed = Release(**{**templates.__dict__, "values": merged(templates.values, {"git": git})})
    made = changed.manifests(MINOR)
    tokens = [each for each in made if each["kind"] == "GithubAccessToken"]
    (token,) = tokens
    assert (token["metadata"]["namespace"], token["metadata"]["name"]) == (PLACE, "argo--git-credentials")
    assert token["spec"]["permissions"] == {"contents": "read"}
    # Two teams deploy from two of them.
    assert token["spec"]["repositories"] == ["Web.App", "docs", "jobs"]
    copied = {
        (each["metadata"]["namespace"], each["metadata"]["name"]) for each in made if each["kind"] == "ExternalSecret"
    }
    assert copied == {(PLACE, "argo--git-credentials"), ("argo", "git-credentials")}
    (role,) = (each for each in made if each["kind"] == "Role" and each["metadata"]["namespace"] == PLACE)
    (rule,) = role["rules"]
    assert (rule["resourceNames"], rule["verbs"]) == (["argo--git-credentials"], ["get"])
    (binding,) = (each for each in made if each["kind"] == "RoleBinding" and each["metadata"]["namespace"] == PLACE)
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "git-reader", "namespace": "argo"}]


def test_without_the_app_the_platform_has_no_login(shipped: Synth) -> None:
    made = release(shipped, "idp-platform-argo-workflows", "workflow-templates").manifests(MINOR)
    assert not [each for each in made if each["kind"] in ("GithubAccessToken", "ExternalSecret", "SecretStore")]

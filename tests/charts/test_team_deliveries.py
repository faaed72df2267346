"""What a team's chart makes for Argo CD and Argo Workflows, the catalog, and the manifests of the onboarding page."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from config.versions import MINORS
from tests import onboarding
from tests.kubernetes import kubeconform
from tests.kubernetes.releases import release
from tests.kubernetes.schemas import newest_minor
from tests.synth import Synth

pytestmark = pytest.mark.charts


@pytest.fixture(scope="module")
def manifests(teams: Synth) -> list[dict[str, Any]]:
    return release(teams, "idp-teams-alpha", "team-alpha").manifests(next(iter(MINORS)))


def of(manifests: list[dict[str, Any]], kind: str, name: str | None = None) -> dict[str, Any]:
    (found,) = (m for m in manifests if m["kind"] == kind and name in (None, m["metadata"]["name"]))
    return found


def test_argo_cd_deploys_from_named_sources_into_own_places(manifests: list[dict[str, Any]]) -> None:
    spec = of(manifests, "AppProject")["spec"]
    assert spec["sourceRepos"] == ["https://github.com/example-org/Web.App", "https://github.com/example-org/jobs"]
    assert {each["namespace"] for each in spec["destinations"]} == {"team-alpha", "staging", "sandbox"}
    assert spec["clusterResourceWhitelist"] == []


@pytest.mark.parametrize(
    "kind",
    [
        "ClusterRoleBinding",
        "LimitRange",
        "Namespace",
        "NetworkPolicy",
        "ResourceQuota",
        "Role",
        "RoleBinding",
        "Secret",
        "SecretStore",
    ],
)
def test_argo_cd_deploys_nothing_that_would_widen_a_team_s_rights(manifests: list[dict[str, Any]], kind: str) -> None:
    allowed = {each["kind"] for each in of(manifests, "AppProject")["spec"]["namespaceResourceWhitelist"]}
    assert allowed
    assert kind not in allowed


def test_developers_sync_and_viewers_look(manifests: list[dict[str, Any]]) -> None:
    roles = {role["name"]: role for role in of(manifests, "AppProject")["spec"]["roles"]}
    verbs = {name: {policy.split(", ")[3] for policy in role["policies"]} for name, role in roles.items()}
    assert verbs == {"developer": {"get", "sync", "action/*"}, "viewer": {"get"}}
    assert all(policy.split(", ")[4] == "team-alpha/*" for role in roles.values() for policy in role["policies"])
    assert roles["viewer"]["groups"] == ["example-org:readers"]


def test_applications_are_named_so_that_no_two_teams_meet(manifests: list[dict[str, Any]]) -> None:
    templates = [each["spec"]["template"] for each in manifests if each["kind"] == "ApplicationSet"]
    assert [each["metadata"]["name"] for each in templates] == [
        "alpha--web-app--{{ .path.basename }}",
        "alpha--jobs--{{ .path.basename }}",
    ]
    assert {each["spec"]["project"] for each in templates} == {"team-alpha"}


def test_workflows_are_entered_by_group_or_member(manifests: list[dict[str, Any]]) -> None:
    rule = "workflows.argoproj.io/rbac-rule"
    accounts = {m["metadata"]["name"]: m["metadata"] for m in manifests if m["kind"] == "ServiceAccount"}
    assert accounts["workflows-developer"]["annotations"][rule] == (
        "'example-org:alpha' in groups || preferred_username == 'octocat' || preferred_username == 'hubot'"
    )
    assert accounts["workflows-viewer"]["annotations"][rule] == "'example-org:readers' in groups"
    # Argo Workflows looks for this name.
    assert of(manifests, "Secret", "workflows-developer.service-account-token")["type"] == (
        "kubernetes.io/service-account-token"
    )


def test_the_catalog_s_file_holds_a_group_and_its_members(teams: Synth) -> None:
    path = teams.directory / "stacks" / "idp-teams-alpha" / "values" / "catalog.yaml"
    group, *users = yaml.safe_load_all(path.read_text(encoding="utf-8"))
    assert (group["kind"], group["metadata"]["name"], group["spec"]["members"]) == (
        "Group",
        "alpha",
        ["octocat", "hubot"],
    )
    assert [user["metadata"]["name"] for user in users] == ["octocat", "hubot"]


@pytest.mark.parametrize("kind", ["Deployment", "ExternalSecret"])
def test_manifests_of_the_onboarding_page_conform_and_argo_cd_deploys_them(
    manifests: list[dict[str, Any]], kind: str
) -> None:
    found = onboarding.manifest(kind)
    group = found["apiVersion"].rpartition("/")[0]
    assert {"group": group, "kind": kind} in of(manifests, "AppProject")["spec"]["namespaceResourceWhitelist"]
    if kind == "ExternalSecret":
        assert found["spec"]["secretStoreRef"]["name"] == of(manifests, "SecretStore")["metadata"]["name"]
    assert not kubeconform.problems(yaml.safe_dump(found), newest_minor())

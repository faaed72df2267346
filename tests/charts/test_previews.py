"""Namespaces of pull requests: what a team's release and the shared one render for them."""

from __future__ import annotations

from typing import Any

import pytest

from config.versions import MINORS
from constructs_lib.components.catalog.argocd_pods import PREVIEW_LABELS
from tests.kubernetes import kubeconform
from tests.kubernetes.releases import Release, RenderError, merged, release, releases
from tests.kubernetes.schemas import minors
from tests.synth import Synth

pytestmark = pytest.mark.charts

MINOR = next(iter(MINORS))


@pytest.fixture(scope="module")
def gamma(previews: Synth) -> Release:
    return release(previews, "idp-teams-gamma", "team-gamma")


@pytest.fixture(scope="module")
def found(gamma: Release) -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["kind"], each["metadata"]["name"]): each for each in gamma.manifests(MINOR)}


@pytest.mark.parametrize("minor", minors())
def test_every_manifest_conforms(previews: Synth, minor: str) -> None:
    problems = [problem for each in releases(previews) for problem in kubeconform.problems(each.render(minor), minor)]
    assert not problems, "\n".join(problems)


def sets(found: Any) -> list[dict[str, Any]]:
    return [
        each["spec"] for (kind, name), each in found.items() if kind == "ApplicationSet" and name.startswith("preview-")
    ]


def test_argo_cd_takes_only_labelled_pull_requests_of_named_repositories(found: Any) -> None:
    asked = [each["generators"][0]["pullRequest"]["github"] for each in sets(found)]
    assert [(each["owner"], each["repo"], each["labels"]) for each in asked] == [
        ("example-org", "Web.App", ["preview"]),
        ("example-org", "jobs", ["preview"]),
    ]
    assert {each["appSecretName"] for each in asked} == {"argocd-github-app"}


def test_the_project_is_never_said_by_a_pull_request(found: Any) -> None:
    for each in sets(found):
        assert each["template"]["spec"]["project"] == "preview-gamma"
        assert each["template"]["spec"]["destination"]["server"] == "https://kubernetes.default.svc"


def test_namespace_and_application_have_one_name(found: Any) -> None:
    templates = [each["template"] for each in sets(found)]
    names = [each["metadata"]["name"] for each in templates]
    assert names == ["preview-gamma--web-app--{{ .number }}", "preview-gamma--jobs--{{ .number }}"]
    assert names == [each["spec"]["destination"]["namespace"] for each in templates]


def test_the_project_makes_no_namespace_but_previews_of_the_team(found: Any) -> None:
    spec = found["AppProject", "preview-gamma"]["spec"]
    assert spec["clusterResourceWhitelist"] == [{"group": "", "kind": "Namespace", "name": "preview-gamma--*"}]
    assert [each["namespace"] for each in spec["destinations"]] == ["preview-gamma--*"]
    assert spec["sourceRepos"] == ["https://github.com/example-org/Web.App", "https://github.com/example-org/jobs"]


@pytest.mark.parametrize(
    "kind", ["ExternalSecret", "NetworkPolicy", "Pod", "ResourceQuota", "Role", "RoleBinding", "Secret", "Workflow"]
)
def test_a_pull_request_deploys_nothing_that_would_open_its_namespace(found: Any, kind: str) -> None:
    allowed = {each["kind"] for each in found["AppProject", "preview-gamma"]["spec"]["namespaceResourceWhitelist"]}
    assert {"Deployment", "Service", "Ingress"} <= allowed
    assert kind not in allowed


@pytest.mark.parametrize(("source", "repository"), [("web-app", "Web.App"), ("jobs", "jobs")])
def test_a_token_reaches_pull_requests_of_one_repository_alone(found: Any, source: str, repository: str) -> None:
    """GitHub makes none for several where one is gone: the labels of all would stay."""
    name = f"preview-gamma--{source}"
    spec = found["GithubAccessToken", name]["spec"]
    assert (spec["repositories"], spec["permissions"]) == ([repository], {"pull_requests": "write"})
    assert (spec["appID"], spec["installID"]) == ("123456", "7654321")
    (made,) = found["ExternalSecret", name]["spec"]["dataFrom"]
    assert made["sourceRef"]["generatorRef"]["name"] == name


def test_the_job_finds_each_token_and_starts_without_those_that_are_missing(found: Any) -> None:
    spec = found["CronJob", "preview-gamma"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (volume,) = (each["projected"] for each in spec["volumes"] if "projected" in each)
    made = {each["spec"]["target"]["name"] for (kind, _), each in found.items() if kind == "ExternalSecret"}
    assert {each["secret"]["name"] for each in volume["sources"]} <= made
    assert all(each["secret"]["optional"] for each in volume["sources"])
    (container,) = spec["containers"]
    given = {each["name"]: each["value"] for each in container["env"]}
    paths = [item["path"] for each in volume["sources"] for item in each["secret"]["items"]]
    assert given["REPOSITORIES"].split() == paths == ["example-org/Web.App", "example-org/jobs"]
    mounted = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
    assert mounted["tokens"] == given["TOKENS"]


def test_the_limit_is_said_where_the_job_and_the_policy_look(found: Any) -> None:
    (container,) = found["CronJob", "preview-gamma"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    given = {each["name"]: each["value"] for each in container["env"]}["LIMIT"]
    assert given == found["AppProject", "preview-gamma"]["metadata"]["annotations"]["platform/preview-limit"] == "5"


def test_the_job_is_pinned_has_no_rights_in_the_cluster_and_is_not_root(found: Any) -> None:
    spec = found["CronJob", "preview-gamma"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert "python:3.11.13-slim-bookworm" in container["image"]
    assert container["image"].startswith("111122223333.dkr.ecr.us-west-2.amazonaws.com/")


def test_the_job_s_pods_are_those_that_argo_cd_s_policies_let_out(found: Any) -> None:
    labels = found["CronJob", "preview-gamma"]["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
    assert PREVIEW_LABELS.labels.items() <= labels.items()


def test_the_label_goes_before_the_namespace_would(found: Any, previews: Synth) -> None:
    container = found["CronJob", "preview-gamma"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    hours = {each["name"]: each["value"] for each in container["env"]}["HOURS"]
    ttl = release(previews, "idp-teams-shared", "namespace-ttl").values["preview"]["ttl"]
    assert (int(hours), ttl) == (24, "25h")


def test_a_team_without_previews_has_no_part_of_them(teams: Synth) -> None:
    kinds = {each["kind"] for each in release(teams, "idp-teams-alpha", "team-alpha").manifests(MINOR)}
    assert not kinds & {"CronJob", "GithubAccessToken"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"previews": {"namespaces": "*"}}, "namespaces"),
        ({"previews": {"project": "default"}}, "project"),
        ({"previews": {"kinds": [{"group": "", "kind": "NetworkPolicy"}]}}, "kinds"),
        ({"previews": {"repositories": []}}, "repositories"),
        ({"previews": {"limit": 0}}, "limit"),
    ],
)
def test_the_chart_refuses_values_that_would_open_the_cluster(gamma: Release, change: Any, said: str) -> None:
    changed = Release(**{**gamma.__dict__, "values": merged(gamma.values, change)})
    with pytest.raises(RenderError, match=said):
        changed.render(MINOR)


def test_no_preview_is_shared_without_a_policy_that_closes_it(previews: Synth) -> None:
    shared = release(previews, "idp-teams-shared", "preview-namespaces")
    changed = Release(**{**shared.__dict__, "values": merged(shared.values, {"networkPolicies": [{"name": "a"}] * 2})})
    with pytest.raises(RenderError, match="networkPolicies"):
        changed.render(MINOR)

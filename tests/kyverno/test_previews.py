"""Namespaces of pull requests, by Kyverno's own engine: what is put into them, their host, and which of them go."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from config.versions import MINORS
from tests.kubernetes import crds, kubeconform
from tests.kubernetes.kinds import plural
from tests.kubernetes.releases import release
from tests.kubernetes.schemas import newest_minor
from tests.kyverno import cli
from tests.synth import Synth

pytestmark = pytest.mark.kyverno

MINOR = next(iter(MINORS))
NAME = "preview-gamma--web-app--12"
IN_PREVIEW = {NAME: {"platform/scope": "preview"}, "team-gamma": {"platform/scope": "team"}}


@pytest.fixture(scope="module")
def policies(previews: Synth) -> dict[str, dict[str, Any]]:
    manifests = release(previews, "idp-teams-shared", "preview-namespaces").manifests(MINOR)
    return {
        each["metadata"]["name"]: each for each in manifests if each["apiVersion"].startswith("policies.kyverno.io/")
    }


def namespace(name: str, scope: str = "preview", team: str = "gamma") -> dict[str, Any]:
    labels = {"platform/scope": scope, "platform/team": team}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


@pytest.fixture(scope="module")
def contents(policies: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return cli.made([policies["preview-contents"]], [namespace(NAME)])


def of(contents: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in contents if each["kind"] == kind}


def test_all_that_is_made_is_in_the_preview_is_the_platform_s_and_conforms(contents: list[dict[str, Any]]) -> None:
    assert {each["metadata"]["namespace"] for each in contents} == {NAME}
    assert all(each["metadata"]["labels"]["platform/owned"] == "true" for each in contents)
    problems = kubeconform.problems(yaml.safe_dump_all(contents), newest_minor())
    assert not problems, "\n".join(problems)


def test_a_preview_is_closed_but_for_names_itself_and_the_load_balancer(contents: list[dict[str, Any]]) -> None:
    made = of(contents, "NetworkPolicy")
    assert made["default-deny"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert {"allow-dns", "allow-namespace", "allow-load-balancer"} <= set(made)
    assert all(each["spec"]["policyTypes"] == ["Ingress", "Egress"] for each in made.values())
    assert "allow-internet" not in made


def test_a_preview_has_the_network_policies_of_staging(contents: list[dict[str, Any]], previews: Synth) -> None:
    shared = release(previews, "idp-teams-shared", "shared-namespaces").manifests(MINOR)
    staging = {
        each["metadata"]["name"]: each["spec"]
        for each in shared
        if each["kind"] == "NetworkPolicy" and each["metadata"]["namespace"] == "staging"
    }
    assert {name: each["spec"] for name, each in of(contents, "NetworkPolicy").items()} == staging


def test_a_preview_is_limited_and_holds_no_secret(contents: list[dict[str, Any]]) -> None:
    hard = of(contents, "ResourceQuota")["preview"]["spec"]["hard"]
    assert (hard["requests.cpu"], hard["requests.memory"], hard["count/secrets"]) == ("2", "4Gi", "0")
    assert hard["services.loadbalancers"] == "0"
    (limits,) = of(contents, "LimitRange")["preview"]["spec"]["limits"]
    assert limits["type"] == "Container" and {"max", "default", "defaultRequest"} <= set(limits)


def test_people_of_the_team_may_look_and_nobody_else(contents: list[dict[str, Any]]) -> None:
    bound = {
        (subject["name"], each["roleRef"]["name"])
        for each in of(contents, "RoleBinding").values()
        for subject in each["subjects"]
    }
    role = "platform-team-viewer"
    assert bound == {("idp:team-gamma:developers", role), ("idp:team-gamma:viewers", role)}


@pytest.mark.parametrize("scope", ["team", "staging", "sandbox", "platform"])
def test_nothing_is_made_in_other_namespaces(policies: dict[str, dict[str, Any]], scope: str) -> None:
    assert cli.made([policies["preview-contents"]], [namespace("other", scope)]) == []


def test_kyverno_may_make_exactly_what_the_policy_makes(contents: list[dict[str, Any]], previews: Synth) -> None:
    manifests = release(previews, "idp-teams-shared", "preview-namespaces").manifests(MINOR)
    (role,) = (each for each in manifests if each["metadata"]["name"] == "platform-preview-contents")
    allowed = {resource for rule in role["rules"] if "create" in rule["verbs"] for resource in rule["resources"]}
    assert allowed == {plural(each["kind"]) for each in contents}
    bound = [rule["resourceNames"] for rule in role["rules"] if "bind" in rule["verbs"]]
    assert bound == [["platform-team-viewer"]]


def ingress(where: str, *hosts: str | None) -> dict[str, Any]:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    http = {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}
    rules = [{"http": http} | ({"host": host} if host else {}) for host in hosts]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "web", "namespace": where},
        "spec": {"rules": rules},
    }


def test_an_ingress_gets_the_preview_s_host_whatever_it_says(policies: dict[str, dict[str, Any]]) -> None:
    given = ingress(NAME, None, "www.example.com")
    (changed,) = cli.made([policies["preview-host"]], [copy.deepcopy(given)], namespaces=IN_PREVIEW)
    host = f"{NAME}.example.com"
    assert [rule["host"] for rule in changed["spec"]["rules"]] == [host, host]
    assert [rule["http"] for rule in changed["spec"]["rules"]] == [rule["http"] for rule in given["spec"]["rules"]]


def test_the_host_is_one_label_below_the_domain_as_the_certificate_s_names_are(
    policies: dict[str, dict[str, Any]], shipped_context: dict[str, Any]
) -> None:
    """``*.<domain>`` holds one label (RFC 6125, 6.4.3), and a label has 63 characters (RFC 1035, 2.3.4)."""
    (changed,) = cli.made([policies["preview-host"]], [ingress(NAME, None)], namespaces=IN_PREVIEW)
    label, _, rest = changed["spec"]["rules"][0]["host"].partition(".")
    assert rest == shipped_context["platform:domain"]
    assert len(label) <= 63


def test_other_ingresses_are_left_as_they_are(policies: dict[str, dict[str, Any]]) -> None:
    assert cli.apply([policies["preview-host"]], [ingress("team-gamma", "a.example.com")], namespaces=IN_PREVIEW) == []


def application(name: str) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "argocd"}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": metadata}


def gone(policies: dict[str, dict[str, Any]], *applications: str, namespaces: list[dict[str, Any]]) -> set[str]:
    definitions = [each.definition() for each in crds.custom_resources(["argoproj.io/Application"])]
    known = [application(each) for each in applications]
    return cli.deleted(policies["preview-orphans"], namespaces, known=known, definitions=definitions)


def test_a_namespace_whose_application_is_gone_goes(policies: dict[str, dict[str, Any]]) -> None:
    orphan = namespace("preview-gamma--web-app--13")
    assert gone(policies, NAME, "gamma--web-app--team", namespaces=[namespace(NAME), orphan]) == {
        "preview-gamma--web-app--13"
    }


def test_no_other_namespace_goes_for_want_of_an_application(policies: dict[str, dict[str, Any]]) -> None:
    others = [namespace("team-gamma", "team"), namespace("staging", "staging"), namespace("argocd", "platform")]
    assert gone(policies, NAME, namespaces=others) == set()


def test_nothing_goes_while_applications_cannot_be_listed(policies: dict[str, dict[str, Any]]) -> None:
    with pytest.raises(cli.Broken, match="failed to list resource: applications"):
        gone(policies, namespaces=[namespace(NAME)])


def test_kyverno_may_look_at_what_the_policy_looks_at(previews: Synth) -> None:
    manifests = release(previews, "idp-teams-shared", "preview-namespaces").manifests(MINOR)
    (role,) = (each for each in manifests if each["metadata"]["name"] == "platform-preview-orphans")
    assert role["metadata"]["labels"]["rbac.kyverno.io/aggregate-to-cleanup-controller"] == "true"
    assert [rule["resources"] for rule in role["rules"]] == [["applications"]]


def project(limit: int, team: str = "gamma") -> dict[str, Any]:
    annotations = {"platform/preview-limit": str(limit)}
    metadata = {"name": f"preview-{team}", "namespace": "argocd", "annotations": annotations}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": metadata}


def judged(policies: dict[str, dict[str, Any]], made: dict[str, Any], *known: dict[str, Any]) -> tuple[str, str]:
    """Result and message of the request for a namespace where ``known`` is there."""
    definitions = [each.definition() for each in crds.custom_resources(["argoproj.io/AppProject"])]
    (verdict,) = cli.apply([policies["preview-limit"]], [made], known=known, definitions=definitions)
    return verdict.result, verdict.message


def numbered(*numbers: int, team: str = "gamma", scope: str = "preview") -> list[dict[str, Any]]:
    return [namespace(f"preview-{team}--web-app--{number}", scope, team) for number in numbers]


@pytest.mark.parametrize(
    ("there", "result"),
    [
        ([namespace("argocd", "platform")], "pass"),
        (numbered(1), "pass"),
        (numbered(1, 2), "fail"),
        (numbered(1, 2, 3), "fail"),
        # Of others, and of other kinds.
        (
            [
                *numbered(1),
                *numbered(2, 3, team="alpha"),
                namespace("team-gamma", "team"),
                namespace("staging", "staging"),
            ],
            "pass",
        ),
    ],
)
def test_a_team_has_no_more_previews_at_once_than_it_may(
    policies: dict[str, dict[str, Any]], there: list[dict[str, Any]], result: str
) -> None:
    assert judged(policies, namespace(NAME), project(2), project(9, "alpha"), *there)[0] == result


def test_who_has_too_many_is_told_how_many(policies: dict[str, dict[str, Any]]) -> None:
    _, message = judged(policies, namespace(NAME), project(2), *numbered(1, 2))
    assert message.startswith("team gamma has 2 previews, and may have 2 at once; take a label off")


def test_without_a_limit_there_is_no_preview(policies: dict[str, dict[str, Any]]) -> None:
    """A team that leaves takes its project away, and whoever names a team that isn't there has none."""
    assert judged(policies, namespace(NAME), project(9, "alpha"))[0] == "error"


def test_kyverno_may_look_at_what_is_counted(previews: Synth) -> None:
    manifests = release(previews, "idp-teams-shared", "preview-namespaces").manifests(MINOR)
    (role,) = (each for each in manifests if each["metadata"]["name"] == "platform-preview-limit")
    assert role["metadata"]["labels"]["rbac.kyverno.io/aggregate-to-admission-controller"] == "true"
    assert {tuple(rule["resources"]): rule["verbs"] for rule in role["rules"]} == {
        ("namespaces",): ["get", "list"],
        ("appprojects",): ["get"],
    }

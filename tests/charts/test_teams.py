"""Charts of teams, with the values of a deployment: what is rendered, and what the charts refuse."""

from __future__ import annotations

import copy
import ipaddress
from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.versions import MINORS
from constructs_lib.synth import render, write
from tests.kubernetes import kubeconform
from tests.kubernetes.releases import Release, RenderError, merged, release, releases
from tests.kubernetes.schemas import minors
from tests.synth import Synth
from tests.teams import ALPHA, layer

pytestmark = pytest.mark.charts

MINOR = next(iter(MINORS))


@pytest.fixture(scope="module")
def alpha(teams: Synth) -> Release:
    return release(teams, "idp-teams-alpha", "team-alpha")


@pytest.fixture(scope="module")
def manifests(alpha: Release) -> list[dict[str, Any]]:
    return alpha.manifests(MINOR)


def of(manifests: list[dict[str, Any]], kind: str, name: str | None = None) -> dict[str, Any]:
    (found,) = (m for m in manifests if m["kind"] == kind and name in (None, m["metadata"]["name"]))
    return found


@pytest.mark.parametrize("minor", minors())
def test_every_manifest_of_the_layer_conforms(teams: Synth, minor: str) -> None:
    found = [
        f"{each.stack}/{each.name}: {problem}"
        for each in releases(teams)
        for problem in kubeconform.problems(each.render(minor), minor)
    ]
    assert not found, "\n".join(found)


def test_the_namespace_is_restricted_and_marked(manifests: list[dict[str, Any]]) -> None:
    labels = of(manifests, "Namespace")["metadata"]["labels"]
    assert {labels[f"pod-security.kubernetes.io/{mode}"] for mode in ("enforce", "warn", "audit")} == {"restricted"}
    assert (labels["platform/scope"], labels["platform/team"]) == ("team", "alpha")


def test_nothing_lies_outside_the_places_of_the_team(manifests: list[dict[str, Any]]) -> None:
    places = {(m["kind"], m["metadata"].get("namespace")) for m in manifests if m["kind"] != "Namespace"}
    elsewhere = {place for place in places if place[1] != "team-alpha"}
    assert elsewhere == {
        ("RoleBinding", "staging"),
        ("RoleBinding", "sandbox"),
        ("AppProject", "argocd"),
        ("ApplicationSet", "argocd"),
        # Pipelines look at the team's own applications.
        ("Role", "argocd"),
        ("RoleBinding", "argocd"),
    }


def test_pipelines_may_look_at_the_teams_own_applications_and_change_none(manifests: list[dict[str, Any]]) -> None:
    role = of(manifests, "Role", "team-alpha-pipelines")
    (rule,) = role["rules"]
    assert (rule["resources"], rule["verbs"]) == (["applications"], ["get"])
    templates = [m["spec"]["template"]["metadata"]["name"] for m in manifests if m["kind"] == "ApplicationSet"]
    places = ("team", "staging", "sandbox")
    expected = {template.replace("{{ .path.basename }}", place) for template in templates for place in places}
    assert set(rule["resourceNames"]) == expected
    assert of(manifests, "RoleBinding", role["metadata"]["name"])["subjects"] == [
        {"kind": "ServiceAccount", "name": "workflows-deployer", "namespace": "team-alpha"}
    ]


def test_events_start_workflows_of_the_team_and_read_and_change_none(manifests: list[dict[str, Any]]) -> None:
    role, binding = (of(manifests, kind, "argo-events-sensor") for kind in ("Role", "RoleBinding"))
    assert role["metadata"]["namespace"] == binding["metadata"]["namespace"] == "team-alpha"
    assert role["rules"] == [{"apiGroups": ["argoproj.io"], "resources": ["workflows"], "verbs": ["create"]}]
    (subject,) = binding["subjects"]
    assert (subject["namespace"], subject["name"]) == ("argo-events", "argo-events-sensor")


def test_a_team_without_repositories_is_no_business_of_events(teams: Synth) -> None:
    made = release(teams, "idp-teams-beta", "team-beta").manifests(MINOR)
    assert "argo-events-sensor" not in {each["metadata"]["name"] for each in made}


def test_all_traffic_is_closed_but_for_what_is_named(manifests: list[dict[str, Any]]) -> None:
    policies = {m["metadata"]["name"]: m["spec"] for m in manifests if m["kind"] == "NetworkPolicy"}
    assert policies["default-deny"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert all(spec["policyTypes"] == ["Ingress", "Egress"] for spec in policies.values())
    assert {"allow-dns", "allow-namespace", "allow-load-balancer", "allow-internet", "allow-declared"} <= set(policies)
    sources = [peer for rule in policies["allow-load-balancer"]["ingress"] for peer in rule["from"]]
    assert sources == [{"ipBlock": {"cidr": "10.100.128.0/18"}}]


def test_no_rule_leads_to_instance_metadata(manifests: list[dict[str, Any]]) -> None:
    metadata = ipaddress.IPv4Address("169.254.169.254")
    for manifest in (m for m in manifests if m["kind"] == "NetworkPolicy"):
        for rule in manifest["spec"].get("egress", []):
            assert rule.get("to"), "a rule without peers leads everywhere"
            for block in (peer["ipBlock"] for peer in rule["to"] if "ipBlock" in peer):
                kept = [ipaddress.IPv4Network(each) for each in block.get("except", [])]
                reached = metadata in ipaddress.IPv4Network(block["cidr"]) and not any(
                    metadata in each for each in kept
                )
                assert not reached, (manifest["metadata"]["name"], block)


def test_the_store_reads_as_the_team_s_role_below_its_path(manifests: list[dict[str, Any]]) -> None:
    aws = of(manifests, "SecretStore")["spec"]["provider"]["aws"]
    assert aws["prefix"] == "/idp/team/alpha/"
    assert aws["role"] == "arn:aws:iam::111122223333:role/idp/teams/idp-team-alpha-secrets"


@pytest.mark.parametrize(
    ("off", "kinds"),
    [
        (("argocd", "argo-workflows", "argo-events"), {"AppProject", "ApplicationSet", "ServiceAccount"}),
        (("external-secrets", "reloader"), {"SecretStore"}),
        (("kyverno",), {"DeletingPolicy"}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_nothing_is_rendered_for_a_component_that_is_off(
    deployment_with: Callable[..., Deployment], tmp_path: Any, off: tuple[str, ...], kinds: set[str]
) -> None:
    on = {"argocd": {"enabled": True, "domain": "argocd.example.com"}, "external-secrets": {"enabled": True}}
    on |= {"argo-workflows": {"enabled": True, "domain": "workflows.example.com"}, "kyverno": {"enabled": True}}
    if "external-secrets" in off:
        on = {"kyverno": {"enabled": True}}
    components = {name: settings for name, settings in on.items() if name not in off}
    deployment = deployment_with({"deployment:components": components, "deployment:teams": [ALPHA]})
    write(render([deployment], layer), tmp_path)
    rendered = {m["kind"] for each in releases(Synth(tmp_path)) for m in each.manifests(MINOR)}
    assert not rendered & kinds


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"team": {"name": "Alpha", "namespace": "team-alpha", "owner": "a@b.c"}}, "name"),
        ({"namespaces": [{"name": "kube-system", "podSecurity": "restricted"}]}, "namespaces"),
        ({"namespaces": [{"name": "team-alpha", "podSecurity": "privileged"}]}, "podSecurity"),
        ({"bindings": [{"name": "x", "namespace": "y", "role": "cluster-admin", "group": "idp:team-a:x"}]}, "role"),
        ({"bindings": [{"name": "x", "namespace": "y", "role": "platform-x", "group": "system:masters"}]}, "group"),
        ({"networkPolicies": []}, "networkPolicies"),
        ({"quota": {"requests.cpu": 4}}, "quota"),
        ({"deployableKinds": [{"group": "", "kind": "NetworkPolicy"}]}, "deployableKinds"),
    ],
)
def test_the_chart_refuses_values_that_would_open_the_cluster(
    alpha: Release, change: dict[str, Any], said: str
) -> None:
    changed = Release(**{**alpha.__dict__, "values": merged(alpha.values, copy.deepcopy(change))})
    with pytest.raises(RenderError, match=said):
        changed.render(MINOR)


def test_shared_namespaces_have_quota_limits_and_no_way_around_the_load_balancer(teams: Synth) -> None:
    manifests = release(teams, "idp-teams-shared", "shared-namespaces").manifests(MINOR)
    quotas = {m["metadata"]["namespace"]: m["spec"]["hard"] for m in manifests if m["kind"] == "ResourceQuota"}
    assert set(quotas) == {"staging", "sandbox"}
    assert all(quota["services.loadbalancers"] == "0" for quota in quotas.values())
    assert quotas["sandbox"]["count/secrets"] == "0"
    assert {m["metadata"]["namespace"] for m in manifests if m["kind"] == "LimitRange"} == {"staging", "sandbox"}


def test_what_is_past_its_time_goes_by_age_and_not_by_label(teams: Synth) -> None:
    manifests = release(teams, "idp-teams-shared", "namespace-ttl").manifests(MINOR)
    sandbox = of(manifests, "DeletingPolicy", "sandbox-ttl")["spec"]
    conditions = {each["name"]: each["expression"] for each in sandbox["conditions"]}
    # time.now() is the library's function since 1.17; now() is refused by the webhook (kyverno/website #1675).
    assert conditions["old"] == "time.now() - timestamp(object.metadata.creationTimestamp) > duration('72h')"
    assert sandbox["matchConstraints"]["namespaceSelector"] == {"matchLabels": {"platform/scope": "sandbox"}}
    preview = of(manifests, "DeletingPolicy", "preview-ttl")["spec"]
    assert preview["matchConstraints"]["objectSelector"] == {"matchLabels": {"platform/scope": "preview"}}
    assert preview["matchConstraints"]["resourceRules"][0]["resources"] == ["namespaces"]


def test_whoever_deletes_may_delete_exactly_what_the_policies_name(teams: Synth) -> None:
    roles = release(teams, "idp-teams-shared", "shared-namespaces").manifests(MINOR)
    policies = release(teams, "idp-teams-shared", "namespace-ttl").manifests(MINOR)
    granted = {
        (rule["apiGroups"][0], resource)
        for rule in of(roles, "ClusterRole", "platform-namespace-ttl")["rules"]
        for resource in rule["resources"]
    }
    named = {
        (rule["apiGroups"][0], resource)
        for policy in policies
        for rule in policy["spec"]["matchConstraints"]["resourceRules"]
        for resource in rule["resources"]
    }
    assert granted == named

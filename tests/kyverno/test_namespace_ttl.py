"""What is past its time goes, and nothing else: the policies of chart namespace-ttl, by Kyverno's own engine."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from config.versions import MINORS
from tests.kubernetes import crds
from tests.kubernetes.releases import release
from tests.kyverno import cli
from tests.synth import Synth

pytestmark = pytest.mark.kyverno

MINOR = next(iter(MINORS))
NAMESPACES = {"sandbox": {"platform/scope": "sandbox"}, "team-alpha": {"platform/scope": "team"}}
# API group → version, as kube-apiserver of the oldest minor that we support serves them.
SERVED = {"": "v1", "apps": "v1", "autoscaling": "v2", "batch": "v1", "coordination.k8s.io": "v1"}
SERVED |= {"networking.k8s.io": "v1", "policy": "v1"}


@pytest.fixture(scope="module")
def policies(teams: Synth) -> dict[str, dict[str, Any]]:
    manifests = release(teams, "idp-teams-shared", "namespace-ttl").manifests(MINOR)
    return {each["metadata"]["name"]: each for each in manifests if each["kind"] == "DeletingPolicy"}


def old(kind: str, name: str, *, hours: float, api: str = "v1", namespace: str = "sandbox", **more: Any) -> Any:
    """An object of an age."""
    made = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=hours)
    metadata = {"name": name, "creationTimestamp": made.strftime("%Y-%m-%dT%H:%M:%SZ"), **more}
    where = {} if kind == "Namespace" else {"namespace": namespace}
    return {"apiVersion": api, "kind": kind, "metadata": metadata | where}


OWNER = [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "1", "controller": True}]


def test_what_is_old_in_the_sandbox_goes_and_what_is_young_stays(policies: dict[str, dict[str, Any]]) -> None:
    resources = [
        old("ConfigMap", "past", hours=72.1),
        old("ConfigMap", "within", hours=71.9),
        old("Deployment", "application", hours=100, api="apps/v1"),
        old("HorizontalPodAutoscaler", "scaler", hours=100, api="autoscaling/v2"),
        old("Ingress", "way-in", hours=100, api="networking.k8s.io/v1"),
    ]
    gone = cli.deleted(policies["sandbox-ttl"], resources, namespaces=NAMESPACES)
    assert gone == {"past", "application", "scaler", "way-in"}


@pytest.mark.parametrize(
    "kept",
    [
        old("Pod", "web-1", hours=100, ownerReferences=OWNER),
        old("ServiceAccount", "default", hours=100),
        old("ConfigMap", "kube-root-ca.crt", hours=100),
        old("ConfigMap", "the-platforms", hours=100, labels={"platform/owned": "true"}),
        old("ConfigMap", "elsewhere", hours=100, namespace="team-alpha"),
        old("ResourceQuota", "shared", hours=100),
        old("NetworkPolicy", "default-deny", hours=100, api="networking.k8s.io/v1"),
    ],
    ids=lambda kept: str(kept["metadata"]["name"]),
)
def test_what_the_sandbox_keeps(policies: dict[str, dict[str, Any]], kept: dict[str, Any]) -> None:
    assert cli.deleted(policies["sandbox-ttl"], [kept], namespaces=NAMESPACES) == set()


def test_an_old_preview_goes_and_no_other_namespace_does(policies: dict[str, dict[str, Any]]) -> None:
    preview = {"platform/scope": "preview"}
    resources = [
        old("Namespace", "preview-alpha--web--1", hours=25.1, labels=preview),
        old("Namespace", "preview-alpha--web--2", hours=24.9, labels=preview),
        old("Namespace", "team-alpha", hours=1000, labels={"platform/scope": "team"}),
        old("Namespace", "sandbox", hours=1000, labels={"platform/scope": "sandbox"}),
        old("Namespace", "kube-system", hours=1000),
    ]
    assert cli.deleted(policies["preview-ttl"], resources) == {"preview-alpha--web--1"}


def test_resources_are_named_by_versions_that_are_served(policies: dict[str, dict[str, Any]]) -> None:
    """The controller lists by the very version that a rule names, and goes on where the API server knows it not."""
    custom = {each.group: each for each in crds.custom_resources(["argoproj.io", "snapshot.storage.k8s.io"])}
    custom |= {each.group: each for each in crds.custom_resources(["monitoring.coreos.com"])}
    served = SERVED | {group: each.version for group, each in custom.items()}
    rules = [rule for each in policies.values() for rule in each["spec"]["matchConstraints"]["resourceRules"]]
    assert len(rules) > len(SERVED)
    named = {(rule["apiGroups"][0], *rule["apiVersions"]) for rule in rules}
    assert named == {(group, served[group]) for group, *_ in named}


def test_kyverno_looks_at_replica_sets_which_its_chart_would_leave_out(
    policies: dict[str, dict[str, Any]], shipped: Synth
) -> None:
    """Chart kyverno 3.9, config.resourceFilters: of what the sandbox holds, it lists ReplicaSets alone."""
    rules = policies["sandbox-ttl"]["spec"]["matchConstraints"]["resourceRules"]
    assert "replicasets" in {resource for rule in rules for resource in rule["resources"]}
    config = release(shipped, "idp-platform-kyverno", "kyverno").values["config"]
    assert config["resourceFiltersExclude"] == ["[ReplicaSet,*,*]"]

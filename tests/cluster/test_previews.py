"""A namespace of a pull request on the real API server: what it must be, when pods start, and who may what there.

What Kyverno would put into it is made by its command line and put there by hand, since no Kyverno runs here.
"""

from __future__ import annotations

from typing import Any

import pytest

from config.versions import MINORS
from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.install import install
from tests.kubernetes.objects import pod
from tests.kubernetes.releases import release
from tests.kyverno import cli
from tests.synth import Synth

pytestmark = pytest.mark.cluster

PREVIEW, FRESH = "preview-gamma--web-app--12", "preview-gamma--jobs--7"
HOST = f"{PREVIEW}.example.com"
ARGO_CD = ("--as=system:serviceaccount:argocd:argocd-application-controller", "--as-group=system:masters")


def namespace(name: str, **changes: str) -> dict[str, Any]:
    """A namespace as Argo CD makes it; ``changes`` of labels by the last part of their names."""
    labels = {
        "platform/scope": "preview",
        "platform/team": "gamma",
        "platform/ingress": "teams",
        "pod-security.kubernetes.io/enforce": "restricted",
    }
    labels |= {key: changes[key.rpartition("/")[2]] for key in labels if key.rpartition("/")[2] in changes}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


@pytest.fixture(scope="module")
def ready(cluster: Cluster, previews: Synth) -> Cluster:
    cli.program()
    crds.install(cluster, ["external-secrets.io", "policies.kyverno.io"])
    cluster.make_namespace("argocd")
    install(cluster, release(previews, "idp-teams-shared", "shared-namespaces"))
    shared = release(previews, "idp-teams-shared", "preview-namespaces")
    install(cluster, shared)

    def enforced() -> bool:
        try:
            cluster.try_out(namespace("preview-nobody"))
        except Refused:
            return True
        return False

    cluster.until(enforced, "enforcement of the admission policies")
    for name in (PREVIEW, FRESH):
        cluster.apply(namespace(name))
        cluster.until(lambda name=name: "default" in cluster.names("serviceaccounts", name), f"account of {name}")
    (policy,) = (each for each in shared.manifests(next(iter(MINORS))) if each["kind"] == "GeneratingPolicy")
    cluster.apply(*cli.made([policy], [namespace(PREVIEW)]))
    counted = lambda: "used" in cluster.get("resourcequota", "preview", PREVIEW).get("status", {})  # noqa: E731
    cluster.until(counted, "count of the quota")
    return cluster


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (namespace("preview-gamma--web--1", enforce="baseline"), "Pod Security level restricted"),
        (namespace("preview-gamma--web--1", scope="team"), "carry platform/scope preview"),
        (namespace("preview-gamma--web--1", ingress="platform"), "platform/ingress teams"),
        (namespace("preview-gamma--web--1", team="alpha"), "are named preview-<team>--<repository>--<number>"),
        (namespace("team-gamma-2"), "are named preview-<team>--<repository>--<number>"),
        ({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "preview-x--y--1"}}, "are named"),
    ],
)
def test_a_namespace_that_is_no_closed_preview_is_refused(ready: Cluster, made: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        ready.try_out(made)


def test_a_preview_of_any_team_is_accepted_and_other_namespaces_are_left_alone(ready: Cluster) -> None:
    ready.try_out(namespace("preview-alpha--web--1", team="alpha"))
    ready.try_out({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "another"}})


def test_argo_cd_makes_and_changes_no_other_namespace(ready: Cluster) -> None:
    for change in (("create", "namespace", "another"), ("label", "namespace", "staging", "platform/scope-")):
        with pytest.raises(Refused, match="are named preview-<team>"):
            ready.kubectl(*ARGO_CD, *change, "--dry-run=server")


def test_a_preview_s_labels_stay(ready: Cluster) -> None:
    for label in ("platform/scope", "platform/team", "pod-security.kubernetes.io/enforce"):
        with pytest.raises(Refused, match="namespaces of pull requests"):
            ready.kubectl("label", "namespace", PREVIEW, f"{label}-")


def test_no_pod_starts_before_its_namespace_is_closed(ready: Cluster) -> None:
    web = pod("web", cpu="100m", memory="64Mi")
    with pytest.raises(Refused, match="preview-closed|preview-limited"):
        ready.try_out(web, namespace=FRESH)
    ready.try_out(web, namespace=PREVIEW)


@pytest.mark.parametrize(
    ("kind", "name", "policy"),
    [("networkpolicy", "default-deny", "preview-closed"), ("resourcequota", "preview", "preview-limited")],
)
def test_a_pod_is_refused_when_what_closes_the_namespace_is_gone(
    ready: Cluster, kind: str, name: str, policy: str
) -> None:
    kept = ready.get(kind, name, PREVIEW)
    ready.delete(kind, name, namespace=PREVIEW)
    try:
        ready.until(lambda: policy in _refusal(ready), f"refusal by {policy}")
    finally:
        kept["metadata"] = {key: kept["metadata"][key] for key in ("name", "namespace", "labels")}
        ready.apply({key: value for key, value in kept.items() if key != "status"})
        ready.until(lambda: not _refusal(ready), "pods are admitted again")


def _refusal(cluster: Cluster) -> str:
    try:
        cluster.try_out(pod("web", cpu="100m", memory="64Mi"), namespace=PREVIEW)
    except Refused as refusal:
        return str(refusal)
    return ""


def test_a_preview_takes_no_more_than_its_quota_no_root_and_no_secret(ready: Cluster) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"b": "c"}}
    with pytest.raises(Refused, match="maximum memory usage per Container is 4Gi"):
        ready.try_out(pod("large", cpu="100m", memory="5Gi"), namespace=PREVIEW)
    ready.create(pod("first", cpu="100m", memory="3Gi"), namespace=PREVIEW)
    with pytest.raises(Refused, match=r"exceeded quota: preview, requested: .*requests.memory=2Gi"):
        ready.try_out(pod("second", cpu="100m", memory="2Gi"), namespace=PREVIEW)
    ready.delete("pod", "first", namespace=PREVIEW)
    with pytest.raises(Refused, match='violates PodSecurity "restricted:latest"'):
        ready.try_out(pod("root", {"privileged": True}, cpu="100m", memory="64Mi"), namespace=PREVIEW)
    with pytest.raises(Refused, match="exceeded quota: preview.*count/secrets=0"):
        ready.create(secret, namespace=PREVIEW)


def ingress(host: str | None, annotations: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    rule = {"http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "web", "annotations": annotations or {}},
        "spec": {"ingressClassName": "teams", "rules": [rule | ({"host": host} if host else {})], **more},
    }


def test_a_preview_has_its_own_host(ready: Cluster) -> None:
    ready.try_out(ingress(HOST, {"alb.ingress.kubernetes.io/healthcheck-path": "/ready"}), namespace=PREVIEW)
    ready.try_out(ingress(HOST, tls=[{"hosts": [HOST]}]), namespace=PREVIEW)


@pytest.mark.parametrize(
    "made",
    [
        ingress("www.example.com"),
        ingress(None),
        ingress(HOST, tls=[{"hosts": ["www.example.com"]}]),
        ingress(HOST, defaultBackend={"service": {"name": "web", "port": {"number": 80}}}),
    ],
    ids=["another", "any", "of-a-certificate", "of-nobody-else"],
)
def test_a_preview_has_no_other_host(ready: Cluster, made: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=f"the only host of this namespace is {HOST}"):
        ready.try_out(made, namespace=PREVIEW)


@pytest.mark.parametrize(
    "annotation",
    [
        "external-dns.alpha.kubernetes.io/hostname",
        "alb.ingress.kubernetes.io/actions.web",
        "alb.ingress.kubernetes.io/conditions.web",
        "alb.ingress.kubernetes.io/group.name",
    ],
)
def test_no_annotation_leads_around_the_host(ready: Cluster, annotation: str) -> None:
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "annotations": {annotation: "x"}},
        "spec": {"ports": [{"port": 80}], "selector": {"app": "x"}},
    }
    for made in (ingress(HOST, {annotation: "x"}), service):
        with pytest.raises(Refused, match="annotations change health checks and protocol"):
            ready.try_out(made, namespace=PREVIEW)


@pytest.mark.parametrize(
    ("group", "verb", "resource", "may"),
    [
        ("idp:team-gamma:developers", "get", "pods", True),
        ("idp:team-gamma:developers", "get", "pods/log", True),
        ("idp:team-gamma:viewers", "list", "deployments.apps", True),
        ("idp:team-gamma:developers", "create", "pods", False),
        ("idp:team-gamma:developers", "create", "pods/exec", False),
        ("idp:team-gamma:developers", "get", "secrets", False),
        ("idp:team-gamma:developers", "delete", "networkpolicies.networking.k8s.io", False),
        ("idp:team-alpha:developers", "get", "pods", False),
        ("idp:operators", "get", "pods", False),
    ],
)
def test_people_of_the_team_look_and_nobody_else_of_a_team_does(
    ready: Cluster, group: str, verb: str, resource: str, may: bool
) -> None:
    assert ready.can_i("octocat", [group], verb, resource, PREVIEW) is may

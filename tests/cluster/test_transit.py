"""The cluster's authority and what it asks of an Ingress, on a real API server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.releases import release
from tests.synth import Synth

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

MINOR = "1.34"
P = "alb.ingress.kubernetes.io"
ENCRYPTED = {f"{P}/backend-protocol": "HTTPS", f"{P}/healthcheck-protocol": "HTTPS"}
HERE = "tls-to-pods"
Objects = list[dict[str, Any]]


@pytest.fixture(scope="module")
def authority(encrypted: Synth) -> Objects:
    return release(encrypted, "idp-platform-cert-manager", "cluster-authority").manifests(MINOR)


@pytest.fixture(scope="module")
def asked(cluster: Cluster, authority: Objects) -> Iterator[None]:
    """The policy, bound to a namespace of its own: objects of other tests say nothing of load balancers."""
    policy, binding = (each for each in authority if each["kind"].startswith("ValidatingAdmissionPolicy"))
    here = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": HERE}}}
    cluster.make_namespace(HERE)
    cluster.apply(policy, binding | {"spec": binding["spec"] | {"matchResources": here}})
    cluster.until(lambda: bool(refused(cluster, ingress({}))), "policy tls-to-pods in force", patience=120)
    yield
    for each in (binding, policy):
        cluster.delete(each["kind"], each["metadata"]["name"])
    cluster.delete("namespace", HERE, wait=False)


def ingress(annotations: dict[str, str]) -> dict[str, Any]:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    rule = {"host": "web.example.com", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "web", "annotations": annotations},
        "spec": {"ingressClassName": "teams", "rules": [rule]},
    }


def service(annotations: dict[str, str]) -> dict[str, Any]:
    metadata = {"name": "web", "annotations": annotations}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": [{"port": 80}]}}


def refused(cluster: Cluster, manifest: dict[str, Any]) -> str:
    """What the API server says against ``manifest``; empty where it takes it."""
    try:
        cluster.try_apply(manifest, namespace=HERE)
    except Refused as said:
        return str(said)
    return ""


def test_the_authority_and_certificates_are_taken(cluster: Cluster, encrypted: Synth, authority: Objects) -> None:
    crds.install(cluster, ["cert-manager.io"])
    issued = release(encrypted, "idp-platform-argocd", "argocd-certificates").manifests(MINOR)
    assert [each["kind"] for each in issued] == ["Certificate"] * 3
    assert {each["kind"] for each in authority} == {
        "Certificate",
        "ClusterIssuer",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
    }
    for each in (*authority, *issued):
        place = {"metadata": {**each["metadata"], "namespace": "default"}} if each["kind"] == "Certificate" else {}
        cluster.try_apply(each | place)


@pytest.mark.usefixtures("asked")
def test_an_ingress_by_tls_is_taken(cluster: Cluster) -> None:
    ports = {f"{P}/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]', f"{P}/ssl-redirect": "443"}
    assert refused(cluster, ingress(ENCRYPTED)) == ""
    assert refused(cluster, ingress(ENCRYPTED | ports)) == ""


@pytest.mark.proves("4.2.1")
@pytest.mark.proves("2.2.7", "4.2.1")
@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("annotations", "said"),
    [
        ({}, "must speak TLS to pods"),
        (ENCRYPTED | {f"{P}/backend-protocol": "HTTP"}, "must speak TLS to pods"),
        ({f"{P}/backend-protocol": "HTTPS"}, "must speak TLS to pods"),
        (ENCRYPTED | {f"{P}/listen-ports": '[{"HTTP": 80}]'}, "must only lead to the other one"),
        (ENCRYPTED | {f"{P}/listen-ports": '[{"HTTP": 80}]', f"{P}/ssl-redirect": "80"}, "must only lead to the other"),
    ],
)
def test_an_ingress_in_clear_text_is_refused(cluster: Cluster, annotations: dict[str, str], said: str) -> None:
    assert said in refused(cluster, ingress(annotations))


@pytest.mark.usefixtures("asked")
def test_a_service_does_not_take_it_back(cluster: Cluster) -> None:
    for key in ("backend-protocol", "healthcheck-protocol"):
        assert "must speak TLS to pods" in refused(cluster, service({f"{P}/{key}": "HTTP"}))
        assert refused(cluster, service({f"{P}/{key}": "HTTPS"})) == ""
    assert refused(cluster, service({})) == ""


@pytest.mark.usefixtures("asked")
def test_the_platforms_own_addresses_pass(cluster: Cluster, encrypted: Synth) -> None:
    for component in ("argo-events", "argo-workflows", "argocd", "backstage"):
        (own,) = release(encrypted, f"idp-platform-{component}", f"{component}-ingress").manifests(MINOR)
        assert refused(cluster, own | {"metadata": {**own["metadata"], "namespace": HERE}}) == ""

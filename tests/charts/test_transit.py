"""Rung 4: TLS from load balancers to pods, between the parts of a component, and to the database, as rendered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from config.versions import MINORS
from constructs_lib.components.registry import CATALOG
from constructs_lib.components.transit import (
    AUTHORITY,
    AUTHORITY_DURATION,
    AUTHORITY_RENEW_BEFORE,
    DURATION,
    RENEW_BEFORE,
)
from constructs_lib.guardrails.makers import made_by
from tests.charts.test_manifests import MATRIX
from tests.charts.test_objects import placed, rendered
from tests.charts.test_references import dangling
from tests.charts.test_value_keys import exceptions, theirs
from tests.kubernetes import kubeconform
from tests.kubernetes.releases import Release, release, releases
from tests.kubernetes.value_keys import chart_keys, schema_problems, unknown_keys
from tests.synth import Synth

pytestmark = pytest.mark.charts

MINOR = next(iter(MINORS))
CONTROLLER = "alb.ingress.kubernetes.io"
CHANGED = {"cluster-authority", "component-certificates", "component-ingress", "events"}
HOSTS = ("argo-events", "argo-workflows", "argocd", "backstage")
Objects = list[dict[str, Any]]


def changed(synth: Synth) -> list[Release]:
    return [each for each in releases(synth) if each.local and each.chart.rpartition("/")[2] in CHANGED]


@pytest.fixture(scope="module")
def objects(encrypted: Synth) -> Objects:
    return [manifest for each in changed(encrypted) for manifest in each.manifests(MINOR)]


@pytest.fixture(scope="module")
def certificates(objects: Objects) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each["spec"] for each in objects if each["kind"] == "Certificate"}


def values(synth: Synth, component: str) -> Mapping[str, Any]:
    return release(synth, f"idp-platform-{component}", component).values


@pytest.mark.parametrize("minor", MATRIX)
def test_every_manifest_conforms(encrypted: Synth, minor: str) -> None:
    assert not [p for each in changed(encrypted) for p in kubeconform.problems(each.render(minor), minor)]


def test_charts_make_what_guardrails_believe_and_name_what_is_made(encrypted: Synth) -> None:
    known = placed(encrypted)
    for each in changed(encrypted):
        assert made_by(known[each.stack, each.name]) == rendered(each), each.name
    assert not dangling(encrypted)


def test_values_are_those_that_the_charts_have(encrypted: Synth) -> None:
    excepted = exceptions()
    for each in theirs(encrypted):
        known = chart_keys(each.chart) | excepted.get(each.chart, {}).keys()
        assert not list(unknown_keys(each.values, known)), each.name
        assert not schema_problems(each.chart, each.values), each.name


@pytest.mark.proves("4.2.1")
@pytest.mark.proves("2.2.7", "4.2.1")
def test_every_address_leads_to_tls(encrypted: Synth, objects: Objects) -> None:
    ingresses = {each["metadata"]["name"]: each for each in objects if each["kind"] == "Ingress"}
    assert sorted(ingresses) == list(HOSTS)
    for each in ingresses.values():
        said = each["metadata"]["annotations"]
        assert said[f"{CONTROLLER}/backend-protocol"] == said[f"{CONTROLLER}/healthcheck-protocol"] == "HTTPS"
        assert said[f"{CONTROLLER}/ssl-redirect"] == "443"
    # What a Service says comes before what its Ingress says.
    grpc = release(encrypted, "idp-platform-argocd", "argocd-platform").manifests(MINOR)
    services = [each for each in (*objects, *grpc) if each["kind"] == "Service"]
    assert {each["metadata"]["name"] for each in services} == {"argocd-server-grpc", "github-events"}
    assert not [
        each for each in services if f"{CONTROLLER}/backend-protocol" in each["metadata"].get("annotations", {})
    ]


@pytest.mark.parametrize("component", HOSTS)
def test_its_certificate_is_valid_for_its_host_and_its_service(
    component: str, objects: Objects, certificates: Mapping[str, Mapping[str, Any]]
) -> None:
    (ingress,) = (each for each in objects if each["kind"] == "Ingress" and each["metadata"]["name"] == component)
    (rule,) = ingress["spec"]["rules"]
    service = CATALOG[component].host
    assert service is not None
    (own,) = (each for each in CATALOG[component].certificates if each.host)
    names = certificates[own.name]["dnsNames"]
    assert {rule["host"], f"{service.service}.{CATALOG[component].namespace}.svc"} <= set(names)


@pytest.mark.proves("4.2.1")
@pytest.mark.proves("4.2.1.1")
def test_certificates_are_the_authoritys_and_short(certificates: Mapping[str, Mapping[str, Any]]) -> None:
    leaves = {name: each for name, each in certificates.items() if not each.get("isCA")}
    assert len(leaves) == 6
    for each in leaves.values():
        assert each["issuerRef"] == {"group": "cert-manager.io", "kind": "ClusterIssuer", "name": AUTHORITY}
        assert each["privateKey"]["algorithm"] == "ECDSA" and each["privateKey"]["size"] == 256
        assert each["privateKey"]["rotationPolicy"] == "Always"
        assert each["usages"] == ["digital signature", "server auth"]


def test_every_secret_has_the_new_authority_before_the_old_one_ends(
    objects: Objects, certificates: Mapping[str, Mapping[str, Any]]
) -> None:
    authority = certificates[AUTHORITY]
    assert (authority["isCA"], authority["privateKey"]["rotationPolicy"]) == (True, "Never")
    assert (
        authority["duration"] == f"{AUTHORITY_DURATION}h" and authority["renewBefore"] == f"{AUTHORITY_RENEW_BEFORE}h"
    )
    assert DURATION - RENEW_BEFORE < AUTHORITY_RENEW_BEFORE
    issuers = {each["metadata"]["name"]: each["spec"] for each in objects if each["kind"] == "ClusterIssuer"}
    assert issuers == {f"{AUTHORITY}-root": {"selfSigned": {}}, AUTHORITY: {"ca": {"secretName": AUTHORITY}}}


def test_parts_of_argo_cd_verify_each_other(encrypted: Synth) -> None:
    found = values(encrypted, "argocd")
    params = found["configs"]["params"]
    assert "server.insecure" not in params
    assert [key for key, value in params.items() if value is True] == [
        "applicationsetcontroller.repo.server.strict.tls",
        "controller.repo.server.strict.tls",
        "server.dex.server.strict.tls",
        "server.repo.server.strict.tls",
    ]
    reload = "secret.reloader.stakater.com/reload"
    assert found["dex"]["deploymentAnnotations"][reload] == "argo-workflows-sso,argocd-dex-server-tls"
    assert found["controller"]["statefulsetAnnotations"][reload] == "argocd-repo-server-tls"
    for part, secret in (("repoServer", "argocd-repo-server-tls"), ("dex", "argocd-dex-server-tls")):
        assert found[part]["volumes"] == [{"name": "certificate", "secret": {"secretName": secret}}]
        assert found[part]["volumeMounts"][0]["name"] == "certificate"


def test_the_server_of_argo_workflows_may_read_the_certificate_that_it_serves(encrypted: Synth) -> None:
    server = values(encrypted, "argo-workflows")["server"]
    assert server["secure"] is True
    assert server["extraArgs"] == ["--tls-certificate-secret-name=argo-workflows-server-tls"]
    assert "argo-workflows-server-tls" in server["sso"]["rbac"]["secretWhitelist"]
    restarts = server["deploymentAnnotations"]["secret.reloader.stakater.com/reload"]
    assert "argo-workflows-server-tls" in restarts.split(",")


def test_events_come_in_by_tls(objects: Objects) -> None:
    (source,) = (each for each in objects if each["kind"] == "EventSource" and each["metadata"]["name"] == "github")
    webhook = source["spec"]["github"]["organization"]["webhook"]
    assert webhook["serverCertSecret"] == {"name": "github-events-tls", "key": "tls.crt"}
    assert webhook["serverKeySecret"] == {"name": "github-events-tls", "key": "tls.key"}
    annotations = source["spec"]["template"]["metadata"]["annotations"]
    assert annotations == {"secret.reloader.stakater.com/reload": "github-events-tls"}


def test_backstage_serves_tls_and_trusts_itself(
    encrypted: Synth, certificates: Mapping[str, Mapping[str, Any]]
) -> None:
    backstage = values(encrypted, "backstage")["backstage"]
    (mount,) = (each for each in backstage["extraVolumeMounts"] if each["name"] == "backstage-tls")
    files = backstage["appConfig"]["backend"]["https"]["certificate"]
    assert files == {
        key: {"$file": f"{mount['mountPath']}/tls.{end}"} for key, end in (("cert", "crt"), ("key", "key"))
    }
    assert {"name": "NODE_EXTRA_CA_CERTS", "value": f"{mount['mountPath']}/ca.crt"} in backstage["extraEnvVars"]
    assert "localhost" in certificates["backstage-tls"]["dnsNames"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert backstage[probe]["httpGet"]["scheme"] == "HTTPS"


@pytest.mark.proves("4.2.1")
@pytest.mark.proves("2.2.7", "4.2.1")
def test_every_client_of_the_database_verifies_it(deployed: Synth) -> None:
    """By the roots of Amazon RDS, which each release brings along: no pod asks the internet for them."""
    found = {each.name: each for each in releases(deployed) if each.name in ("argo-workflows", "backstage")}
    for name, each in found.items():
        base = release(deployed, each.stack, f"{name}-base").manifests(MINOR)
        (roots,) = (m for m in base if m["kind"] == "ConfigMap" and m["metadata"]["name"] == "rds-roots")
        assert roots["data"]["rds-roots.pem"].count("BEGIN CERTIFICATE") > 2
    database = found["argo-workflows"].values["controller"]["persistence"]["postgresql"]
    assert (database["ssl"], database["sslMode"]) == (True, "verify-full")
    for part in ("controller", "server"):
        given = found["argo-workflows"].values[part]
        assert {"name": "PGSSLROOTCERT", "value": "/etc/rds-roots/rds-roots.pem"} in given["extraEnv"]
        assert {"name": "rds-roots", "mountPath": "/etc/rds-roots", "readOnly": True} in given["volumeMounts"]
    portal = found["backstage"].values["backstage"]
    ssl = portal["appConfig"]["backend"]["database"]["connection"]["ssl"]
    assert ssl == {"rejectUnauthorized": True, "ca": {"$file": "/etc/rds-roots/rds-roots.pem"}}
    assert {"name": "rds-roots", "configMap": {"name": "rds-roots"}} in portal["extraVolumes"]

"""platform-cert-manager: its role, its resolver, and issuers for the platform's own zone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kubernetes.releases import release
from tests.synth import Synth

STACK = "idp-platform-cert-manager"


@pytest.fixture(scope="module")
def chart(shipped: Synth) -> dict[str, Any]:
    return dict(release(shipped, STACK, "cert-manager").values)


@pytest.fixture(scope="module")
def issuers(shipped: Synth) -> dict[str, dict[str, Any]]:
    found = release(shipped, STACK, "cluster-issuers").manifests("1.34")
    return {each["metadata"]["name"]: each["spec"]["acme"] for each in found}


def test_its_pods_have_the_role_before_they_are_made(shipped: Synth, chart: dict[str, Any]) -> None:
    stack = shipped.stack(STACK)
    association = stack.resource("aws_eks_pod_identity_association.cert_manager")
    assert association["service_account"] == chart["serviceAccount"]["name"]
    assert association["role_arn"].endswith('outputs.workload_role_arns["cert-manager-sa"]}')
    base = stack.resource("helm_release.cert_manager_base")
    assert "aws_eks_pod_identity_association.cert_manager" in base["depends_on"]


def test_only_the_clusters_resolver_is_asked(chart: dict[str, Any]) -> None:
    assert chart["dns01RecursiveNameserversOnly"] is True
    assert "dns01RecursiveNameservers" not in chart


def test_its_definitions_outlive_it(chart: dict[str, Any]) -> None:
    assert chart["crds"] == {"enabled": True, "keep": True}


def test_its_leader_is_elected_in_its_own_namespace(chart: dict[str, Any]) -> None:
    assert chart["global"]["leaderElection"]["namespace"] == "cert-manager"


def test_issuers_come_after_the_webhook_that_checks_them(shipped: Synth) -> None:
    issuers = shipped.stack(STACK).resource("helm_release.cluster_issuers")
    assert issuers["depends_on"] == ["helm_release.cert_manager"]


def test_trials_and_production_have_an_issuer_each(issuers: dict[str, dict[str, Any]]) -> None:
    assert {name: each["server"] for name, each in issuers.items()} == {
        "letsencrypt-staging": "https://acme-staging-v02.api.letsencrypt.org/directory",
        "letsencrypt-production": "https://acme-v02.api.letsencrypt.org/directory",
    }
    accounts = [each["privateKeySecretRef"]["name"] for each in issuers.values()]
    assert len(set(accounts)) == len(accounts)


def test_names_are_proven_in_the_platforms_zone_by_the_pods_role(
    shipped: Synth, issuers: dict[str, dict[str, Any]]
) -> None:
    for issuer in issuers.values():
        assert issuer["solvers"] == [
            {
                "selector": {"dnsZones": ["example.com"]},
                "dns01": {"route53": {"hostedZoneID": "Z0123456789EXAMPLE", "region": "us-west-2"}},
            }
        ]
    zone = "data.terraform_remote_state.foundation_shared.outputs.zone_id"
    assert shipped.stack(STACK).resource("helm_release.cluster_issuers")["values"][1:] == [
        f'${{yamlencode({{ "zoneId" = {zone} }})}}'
    ]

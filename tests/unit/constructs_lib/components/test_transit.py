"""Certificates of components: who has which, and what comes before what."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.components.component import Component
from constructs_lib.components.registry import CATALOG, enabled, prerequisites
from constructs_lib.components.transit import AUTHORITY, certificates_values, serves_tls
from constructs_lib.helm.blocks import known
from tests.synth import Synth

Build = Callable[..., Deployment]


@pytest.mark.parametrize("component", [each for each in CATALOG.values() if each.host], ids=lambda each: each.name)
def test_a_component_with_a_host_has_a_certificate_for_it(component: Component, encrypted_on: Deployment) -> None:
    assert [each.name for each in component.certificates if each.host]
    assert serves_tls(component, encrypted_on)
    values = known(certificates_values(component, encrypted_on))
    assert values is not None and values["issuer"] == AUTHORITY
    host = encrypted_on.components.hosts()[component.name].domain
    assert sum(host in each["dnsNames"] for each in values["certificates"]) == 1


def test_whoever_has_certificates_waits_for_the_signer(encrypted_on: Deployment, deployment_with: Build) -> None:
    order = list(enabled(encrypted_on))
    for name in ("argocd", "argo-events", "argo-workflows", "backstage"):
        assert order.index("cert-manager") < order.index(name)
        assert "cert-manager" in prerequisites(CATALOG[name], encrypted_on)
    assert "cert-manager" not in prerequisites(CATALOG["argocd"], deployment_with())


def test_certificates_come_before_what_serves_them(encrypted: Synth) -> None:
    stack = encrypted.stack("idp-platform-argocd")
    assert stack.resource("helm_release.argocd_certificates")["depends_on"] == ["helm_release.argocd_base"]
    assert stack.resource("helm_release.sso_clients")["depends_on"] == ["helm_release.argocd_certificates"]
    read = json.dumps(stack.document["data"]["terraform_remote_state"])
    assert "idp-platform-cert-manager" in read


def test_without_it_nothing_is_there(shipped: Synth) -> None:
    for name in ("argocd", "argo-events", "argo-workflows", "backstage"):
        releases = shipped.stack(f"idp-platform-{name}").of_type("helm_release")
        assert not [each for each in releases if each.endswith("_certificates")]


def test_the_signers_stack_needs_no_role(encrypted: Synth) -> None:
    stack = encrypted.stack("idp-platform-cert-manager")
    assert not stack.of_type("aws_eks_pod_identity_association")
    assert "foundation_iam" not in stack.document["data"]["terraform_remote_state"]
    assert sorted(stack.of_type("helm_release")) == ["cert_manager", "cert_manager_base", "cluster_authority"]

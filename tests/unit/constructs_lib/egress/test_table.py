"""What the firewall admits follows from what is on, and what is said to be replaced is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.egress import NEEDS
from constructs_lib.components.registry import CATALOG
from constructs_lib.egress.table import REPLACED, names
from constructs_lib.network.endpoints import SERVICES
from tests.closed import NOTHING_LEAVES
from tests.synth import Synth

Build = Callable[..., Deployment]
ON = {"enabled": True}


def only(deployment_with: Build, **changes: Any) -> tuple[str, ...]:
    return names(deployment_with({"deployment:observability:grafanaCloud": None, **changes}))


def test_a_deployment_that_works_without_a_way_out_needs_no_name(deployment_with: Build) -> None:
    assert names(deployment_with(NOTHING_LEAVES)) == ()


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        ("external-dns", ("route53.amazonaws.com",)),
        (
            "cert-manager",
            ("acme-staging-v02.api.letsencrypt.org", "acme-v02.api.letsencrypt.org", "route53.amazonaws.com"),
        ),
        ("crossplane", ("sns.us-west-2.amazonaws.com",)),
        ("falco", ()),
        ("kyverno", ()),
        ("velero", ()),
    ],
)
def test_a_component_adds_its_own_names(deployment_with: Build, component: str, expected: tuple[str, ...]) -> None:
    assert only(deployment_with, **{"deployment:components": {component: ON}}) == expected


def test_the_clusters_own_authority_asks_nobody(deployment_with: Build) -> None:
    changes = {"deployment:components": {"cert-manager": ON}, "deployment:transit:issuer": "cluster"}
    assert only(deployment_with, **changes) == ()


def test_telemetry_goes_to_the_hosts_of_the_deployment_file(deployment_with: Build) -> None:
    agent = {"external-secrets": ON, "grafana-agent": {**ON, "cloudEndpoint": "https://rules.example.net/x"}}
    cloud = {
        "metricsEndpoint": "https://metrics.example.net/api/prom/push",
        "logsEndpoint": "https://logs.example.net:443/push",
    }
    deployment = deployment_with({"deployment:components": agent, "deployment:observability:grafanaCloud": cloud})
    assert names(deployment) == ("logs.example.net", "metrics.example.net", "rules.example.net")


def test_who_judges_rollouts_asks_its_own_host(deployment_with: Build) -> None:
    agent = {name: ON for name in ("argo-rollouts", "external-secrets", "grafana-agent")}
    cloud = {
        "metricsEndpoint": "https://metrics.example.net/push",
        "logsEndpoint": "https://logs.example.net/push",
        "queryEndpoint": "https://queries.example.net/prom",
    }
    deployment = deployment_with({"deployment:components": agent, "deployment:observability:grafanaCloud": cloud})
    assert "queries.example.net" in names(deployment)


def test_every_component_with_a_way_out_is_in_the_table() -> None:
    leaving = {
        component.name
        for component in CATALOG.values()
        if any(flow.peer in ("internet", "github") for row in component.pods for flow in row.egress)
    }
    assert leaving <= {need.part for need in NEEDS} | {row.part for row in REPLACED}


def test_what_is_said_to_be_replaced_is_in_the_values(shipped: Synth, everything: Synth) -> None:
    falco = shipped.values("idp-pci-platform-falco", "falco")
    assert not falco["falcoctl"]["artifact"]["install"]["enabled"]
    assert not falco["falcoctl"]["artifact"]["follow"]["enabled"]
    assert not falco["driver"]["loader"]["enabled"]
    assert shipped.values("idp-pci-cluster-karpenter", "karpenter")["settings"]["isolatedVPC"] is True
    assert shipped.values("idp-cluster-karpenter", "karpenter")["settings"]["isolatedVPC"] is False
    balancers = shipped.values("idp-pci-cluster-addons", "aws-load-balancer-controller")
    assert (balancers["enableShield"], balancers["enableWaf"], balancers["enableWafv2"]) == (False, False, True)
    assert "wafv2" in SERVICES and shipped.stack("idp-pci-foundation-vpc").resource("aws_vpc_endpoint.wafv2")
    assert everything.values("idp-platform-argo-workflows", "argo-workflows")["crds"]["full"] is False

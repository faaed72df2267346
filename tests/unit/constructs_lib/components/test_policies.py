"""Network policies follow from who connects to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.components.component import Component, Host
from constructs_lib.components.pods import Container, Pods
from constructs_lib.components.policies import policies
from constructs_lib.components.traffic import GITHUB, INTERNAL_HOSTS, INTERNET, METRICS, Flow, aws, to
from tests.closed import NOTHING_LEAVES
from tests.teams import GITHUB_APP

Build = Callable[..., Deployment]


def component(name: str, **changes: Any) -> Component:
    """A component with one row of its own name."""
    host = changes.pop("host", None)
    row = {"labels": {"app": name}, "containers": {name: Container(cpu=1, mib=1)}, "source": "test"} | changes
    return Component(name=name, purpose="test", chart=name, pods=(Pods(name=name, **row),), host=host)


def named(*components: Component) -> dict[str, Component]:
    return {each.name: each for each in components}


def rule(everyone: dict[str, Component], name: str, deployment: Deployment) -> dict[str, Any]:
    (found,) = policies(everyone[name], deployment, everyone)
    return found


def test_both_ends_of_a_flow_follow_from_one_row(deployment_with: Build) -> None:
    everyone = named(component("backstage", egress=(to("argocd", "argocd", 8080),)), component("argocd"))
    client = rule(everyone, "backstage", deployment_with())
    server = rule(everyone, "argocd", deployment_with())
    assert client["egress"] == [
        {
            "to": [
                {
                    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "argocd"}},
                    "podSelector": {"matchLabels": {"app": "argocd"}},
                }
            ],
            "ports": [{"port": 8080, "protocol": "TCP"}],
        }
    ]
    assert server["ingress"] == [
        {
            "from": [
                {
                    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "backstage"}},
                    "podSelector": {"matchLabels": {"app": "backstage"}},
                }
            ],
            "ports": [{"port": 8080, "protocol": "TCP"}],
        }
    ]


def test_a_flow_to_a_component_that_is_off_is_none(deployment_with: Build) -> None:
    everyone = named(component("backstage", egress=(to("argocd", "argocd", 8080),)))
    assert rule(everyone, "backstage", deployment_with())["egress"] == []


@pytest.mark.parametrize(("exposure", "cidr"), [("public", "10.100.128.0/18"), ("internal", "10.100.228.0/22")])
def test_the_load_balancer_reaches_a_host_from_its_own_subnets(
    deployment_with: Build, shipped_context: dict[str, Any], exposure: str, cidr: str
) -> None:
    components = shipped_context["deployment:components"]
    own = {"argocd": components["argocd"] | {"exposure": exposure}}
    host = Host(pods="argocd", service="s", port=80, target_port=8080, health_path="/")
    deployment = deployment_with({"deployment:components": components | own})
    found = rule(named(component("argocd", host=host)), "argocd", deployment)
    assert found["ingress"] == [{"from": [{"ipBlock": {"cidr": cidr}}], "ports": [{"port": 8080, "protocol": "TCP"}]}]


def test_whoever_scrapes_may_reach_every_metrics_port(deployment_with: Build) -> None:
    everyone = named(component("grafana-agent", egress=(METRICS,)), component("kyverno", metrics=8000))
    (egress,) = rule(everyone, "grafana-agent", deployment_with())["egress"]
    assert egress["ports"] == [{"port": 8000, "protocol": "TCP"}]
    assert egress["to"][0]["podSelector"] == {"matchLabels": {"app": "kyverno"}}


def test_two_flows_that_lead_the_same_way_are_one_rule(deployment_with: Build) -> None:
    everyone = named(component("kyverno", egress=(aws("s3"), INTERNET)))
    assert len(rule(everyone, "kyverno", deployment_with())["egress"]) == 1


def test_a_flow_to_internal_hosts_leads_to_the_load_balancers_own_subnets(deployment_with: Build) -> None:
    everyone = named(component("kyverno", egress=(INTERNAL_HOSTS,)))
    assert rule(everyone, "kyverno", deployment_with())["egress"] == [
        {"to": [{"ipBlock": {"cidr": "10.100.228.0/22"}}], "ports": [{"port": 443, "protocol": "TCP"}]}
    ]


def test_without_a_way_out_the_internet_is_no_peer(deployment_with: Build) -> None:
    closed = deployment_with(NOTHING_LEAVES)
    everyone = named(component("kyverno", egress=(Flow(peer="internet"),)))
    assert rule(everyone, "kyverno", closed)["egress"] == []


def test_github_is_reached_only_where_the_deployment_names_an_app(deployment_with: Build) -> None:
    everyone = named(component("kyverno", egress=(GITHUB,)))
    assert rule(everyone, "kyverno", deployment_with())["egress"] == []
    (egress,) = rule(everyone, "kyverno", deployment_with(GITHUB_APP))["egress"]
    assert egress["ports"] == [{"port": 443, "protocol": "TCP"}]

"""Network policies of teams, where a firewall says what leaves and where nothing does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.teams.traffic import shared_policies, team_policies
from tests.closed import NOTHING_LEAVES

Build = Callable[..., Deployment]
FIREWALL: dict[str, Any] = {
    "deployment:vpc:egress": "firewall",
    "deployment:vpc:natGateways": "per_az",
    "deployment:vpc:endpoints": "full",
    "deployment:shared:images": "copies",
}


def admitted(deployment: Deployment) -> list[Any]:
    """Blocks and ports of policy allow-admitted, of a team that asked for nothing."""
    found = [policy for policy in team_policies(deployment, internet=False, egress=()) if "admitted" in policy["name"]]
    return [
        (peer["ipBlock"]["cidr"], [port["port"] for port in rule["ports"]])
        for policy in found
        for rule in policy["egress"]
        for peer in rule["to"]
    ]


@pytest.mark.proves("1.3.2")
def test_teams_reach_the_cidrs_that_the_firewall_admits_and_no_others(deployment_with: Build) -> None:
    listed = {"deployment:networkPolicies:allowedEgress": ["203.0.113.0/24"]}
    assert admitted(deployment_with(FIREWALL | listed)) == [("203.0.113.0/24", [443])]


def test_names_are_told_apart_by_the_firewall_behind_the_policy(deployment_with: Build) -> None:
    listed = {"deployment:networkPolicies:allowedEgress": ["payments.example.com"]}
    assert admitted(deployment_with(FIREWALL | listed)) == [("0.0.0.0/0", [443])]


def test_teams_reach_nothing_where_nothing_is_listed(deployment_with: Build) -> None:
    assert admitted(deployment_with(FIREWALL)) == admitted(deployment_with()) == []


def test_the_teams_load_balancer_is_where_no_pod_is(deployment_with: Build) -> None:
    def sources(deployment: Deployment) -> list[str]:
        (policy,) = [each for each in shared_policies(deployment) if each["name"] == "allow-load-balancer"]
        return [peer["ipBlock"]["cidr"] for rule in policy["ingress"] for peer in rule["from"]]

    assert sources(deployment_with()) == ["10.100.128.0/18"]
    assert sources(deployment_with(NOTHING_LEAVES)) == ["10.100.228.0/22"]

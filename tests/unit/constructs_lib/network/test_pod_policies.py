"""The vocabulary of network policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.network.pod_policies import Rules, policy
from tests.closed import NOTHING_LEAVES

Build = Callable[..., Deployment]
NO_INTERNET = {
    **NOTHING_LEAVES,
    "deployment:eks:endpointAccess": "private_only",
    "deployment:eks:publicAccessCidrs": None,
}


def cidrs(rules: list[dict[str, Any]]) -> list[str]:
    return [peer["ipBlock"]["cidr"] for rule in rules for peer in rule["to"]]


def test_the_api_server_is_named_before_translation_and_after(deployment_with: Build) -> None:
    rule = Rules(deployment_with({"deployment:eks:serviceCidr": "172.21.0.0/16"})).api_server()
    assert cidrs([rule]) == ["172.21.0.1/32", "10.100.224.0/26"]
    assert rule["ports"] == [{"port": 443, "protocol": "TCP"}]


def test_a_service_with_an_endpoint_is_reached_in_its_subnets_only(deployment_with: Build) -> None:
    rules = Rules(deployment_with({"deployment:vpc:endpoints": "full"}))
    assert cidrs(rules.aws("ec2", "sqs")) == ["10.100.192.0/19"]


def test_a_service_without_one_is_reached_by_the_internet_only(deployment_with: Build) -> None:
    rules = Rules(deployment_with({"deployment:vpc:endpoints": "none"}))
    (rule,) = rules.aws("ec2")
    block = rule["to"][0]["ipBlock"]
    assert block["cidr"] == "0.0.0.0/0"
    assert {"10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"} <= set(block["except"])


def test_of_a_mixture_each_is_reached_where_it_is(deployment_with: Build) -> None:
    rules = Rules(deployment_with({"deployment:vpc:endpoints": "full"}))
    assert cidrs(rules.aws("ec2", "pricing")) == ["10.100.192.0/19", "0.0.0.0/0"]


def test_without_nat_nothing_is_opened_to_the_internet(deployment_with: Build) -> None:
    rules = Rules(deployment_with(NO_INTERNET))
    assert rules.internet() == []
    assert cidrs(rules.aws("ec2", "pricing")) == ["10.100.192.0/19"]


def test_without_nat_s3_is_reached_through_its_gateway(deployment_with: Build) -> None:
    rules = Rules(deployment_with(NO_INTERNET))
    assert cidrs(rules.aws("s3", "ec2")) == ["10.100.192.0/19", "0.0.0.0/0"]


@pytest.mark.parametrize("method", ["dns", "resolver"])
def test_names_are_resolved_over_both_protocols(deployment_with: Build, method: str) -> None:
    rule = getattr(Rules(deployment_with()), method)()
    assert {(port["port"], port["protocol"]) for port in rule["ports"]} == {(53, "UDP"), (53, "TCP")}


def test_the_resolver_is_the_vpcs(deployment_with: Build) -> None:
    rules = Rules(deployment_with({"deployment:vpc:cidr": "10.64.0.0/16"}))
    assert cidrs([rules.resolver()]) == ["10.64.0.2/32", "169.254.169.253/32"]


def test_a_policy_without_labels_selects_every_pod() -> None:
    assert policy("default-deny", "argo", {}) == {
        "name": "default-deny",
        "namespace": "argo",
        "podSelector": {},
        "ingress": [],
        "egress": [],
    }

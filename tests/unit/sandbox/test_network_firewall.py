"""Tests of rule groups, policies and firewalls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto.ec2.models import ec2_backends

from sandbox.extension import network_firewall
from sandbox.extension.store import Store
from tests.unit.sandbox.requests import request

ACCOUNT, REGION = "111122223333", "us-west-2"


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(network_firewall, "STORE", Store())
    yield


def call(target: str, **body: Any) -> dict[str, Any]:
    response = network_firewall.route(request("network-firewall", target=target, **body))
    assert response is not None
    found: dict[str, Any] = json.loads(response.body)
    return found


@pytest.fixture
def firewall() -> dict[str, Any]:
    network = ec2_backends[ACCOUNT][REGION]
    vpc = network.create_vpc("10.0.0.0/16")
    subnet = network.create_subnet(vpc.id, "10.0.0.0/24", f"{REGION}a")
    return call(
        "CreateFirewall",
        FirewallName="egress",
        VpcId=vpc.id,
        SubnetMappings=[{"SubnetId": subnet.id}],
        DeleteProtection=True,
    )


def test_a_rule_group_is_read_back_as_it_was_created_and_changed() -> None:
    group = {"RulesSource": {"RulesString": "pass"}}
    made = call("CreateRuleGroup", RuleGroupName="names", Type="STATEFUL", Capacity=10, RuleGroup=group)
    arn = made["RuleGroupResponse"]["RuleGroupArn"]
    assert call("DescribeRuleGroup", RuleGroupArn=arn)["RuleGroup"] == group
    call("UpdateRuleGroup", RuleGroupArn=arn, RuleGroup={"RulesSource": {"RulesString": "drop"}})
    shown = call("DescribeRuleGroup", RuleGroupArn=arn)
    assert shown["RuleGroup"] == {"RulesSource": {"RulesString": "drop"}}
    assert shown["RuleGroupResponse"]["Capacity"] == 10


def test_a_deleted_policy_is_gone() -> None:
    arn = call("CreateFirewallPolicy", FirewallPolicyName="egress", FirewallPolicy={})["FirewallPolicyResponse"][
        "FirewallPolicyArn"
    ]
    call("DeleteFirewallPolicy", FirewallPolicyArn=arn)
    assert call("DescribeFirewallPolicy", FirewallPolicyArn=arn)["__type"] == "ResourceNotFoundException"


def test_a_firewall_has_an_endpoint_of_the_vpc_in_each_zone(firewall: dict[str, Any]) -> None:
    (endpoint,) = [each["Attachment"]["EndpointId"] for each in firewall["FirewallStatus"]["SyncStates"].values()]
    assert ec2_backends[ACCOUNT][REGION].vpc_end_points[endpoint].vpc_id == firewall["Firewall"]["VpcId"]
    (subnet,) = firewall["Firewall"]["SubnetMappings"]
    zone = ec2_backends[ACCOUNT][REGION].get_subnet(subnet["SubnetId"]).availability_zone
    assert list(firewall["FirewallStatus"]["SyncStates"]) == [zone]


def test_protection_keeps_it_until_it_is_taken_away(firewall: dict[str, Any]) -> None:
    arn = firewall["Firewall"]["FirewallArn"]
    assert call("DeleteFirewall", FirewallArn=arn)["__type"] == "InvalidOperationException"
    call("UpdateFirewallDeleteProtection", FirewallArn=arn, DeleteProtection=False)
    call("DeleteFirewall", FirewallArn=arn)
    assert call("DescribeFirewall", FirewallArn=arn)["__type"] == "ResourceNotFoundException"


def test_logging_is_read_back(firewall: dict[str, Any]) -> None:
    arn = firewall["Firewall"]["FirewallArn"]
    assert "LoggingConfiguration" not in call("DescribeLoggingConfiguration", FirewallArn=arn)
    given = {"LogDestinationConfigs": [{"LogType": "ALERT"}]}
    call("UpdateLoggingConfiguration", FirewallArn=arn, LoggingConfiguration=given)
    assert call("DescribeLoggingConfiguration", FirewallArn=arn)["LoggingConfiguration"] == given

"""Tests of the VPC stack's JSON: who reaches what, and what never changes."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from stacks.foundation.vpc import VpcStack
from tests.closed import NOTHING_LEAVES
from tests.synth import StackJson, Synth

ZONES = ("us_west_2a", "us_west_2b", "us_west_2c")
Make = Callable[..., StackJson]


@pytest.fixture(scope="module")
def stack(shipped: Synth) -> StackJson:
    return shipped.stack("idp-foundation-vpc")


@pytest.fixture
def vpc_with(synth_stack: Make, deployment_with: Callable[..., Deployment]) -> Make:
    return lambda changes: synth_stack(VpcStack, deployment_with(changes))


def routes_of(stack: StackJson, subnet: str) -> list[Any]:
    table = stack.resource(f"aws_route_table_association.{subnet}")["route_table_id"]
    return [route for route in stack.of_type("aws_route").values() if route["route_table_id"] == table]


@pytest.mark.parametrize(
    ("tier", "prefix"),
    [("public", 20), ("private", 19), ("isolated", 21), ("control_plane", 28), ("load_balancer", 24)],
)
def test_each_tier_has_one_subnet_of_its_size_in_each_zone(stack: StackJson, tier: str, prefix: int) -> None:
    subnets = [stack.resource(f"aws_subnet.{tier}_{zone}") for zone in ZONES]
    assert {ipaddress.ip_network(subnet["cidr_block"]).prefixlen for subnet in subnets} == {prefix}
    assert {subnet["availability_zone"][-1] for subnet in subnets} == {"a", "b", "c"}


def test_a_third_zone_renumbers_nothing(stack: StackJson, vpc_with: Make) -> None:
    two = vpc_with({"deployment:vpc:maxAzs": 2})
    for name, subnet in two.of_type("aws_subnet").items():
        assert subnet == stack.resource(f"aws_subnet.{name}")
    assert len(stack.of_type("aws_subnet")) - len(two.of_type("aws_subnet")) == 5


@pytest.mark.proves("1.4.1", "1.4.2")
def test_only_the_public_tier_reaches_the_internet_gateway(stack: StackJson) -> None:
    for zone in ZONES:
        (public,) = routes_of(stack, f"public_{zone}")
        assert public["gateway_id"] == "${aws_internet_gateway.internet.id}"
        (private,) = routes_of(stack, f"private_{zone}")
        assert "gateway_id" not in private


@pytest.mark.proves("1.4.4")
@pytest.mark.parametrize("tier", ["isolated", "control_plane", "load_balancer"])
def test_isolated_tiers_have_no_route_out(stack: StackJson, tier: str) -> None:
    assert [routes_of(stack, f"{tier}_{zone}") for zone in ZONES] == [[], [], []]


@pytest.mark.parametrize(("mode", "gateways"), [("single", 1), ("per_az", 3)])
def test_private_subnets_go_out_by_nat_as_configured(vpc_with: Make, mode: str, gateways: int) -> None:
    stack = vpc_with({"deployment:vpc:natGateways": mode})
    assert len(stack.of_type("aws_nat_gateway")) == gateways
    targets = {route["nat_gateway_id"] for zone in ZONES for route in routes_of(stack, f"private_{zone}")}
    assert len(targets) == gateways


@pytest.mark.proves("1.3.2")
def test_without_nat_private_subnets_have_no_way_out(vpc_with: Make) -> None:
    stack = vpc_with(NOTHING_LEAVES)
    assert not stack.of_type("aws_nat_gateway") and not stack.of_type("aws_eip")
    assert [routes_of(stack, f"private_{zone}") for zone in ZONES] == [[], [], []]


def test_a_change_of_the_nat_mode_moves_no_subnet_to_another_table(stack: StackJson, vpc_with: Make) -> None:
    per_zone = vpc_with({"deployment:vpc:natGateways": "per_az"})
    assert per_zone.of_type("aws_route_table_association") == stack.of_type("aws_route_table_association")


def test_only_private_subnets_are_found_by_karpenter(stack: StackJson) -> None:
    found = {name for name, subnet in stack.of_type("aws_subnet").items() if "karpenter.sh/discovery" in subnet["tags"]}
    assert found == {f"private_{zone}" for zone in ZONES}


@pytest.mark.parametrize(
    ("tag", "tier"),
    [("kubernetes.io/role/elb", "public"), ("kubernetes.io/role/internal-elb", "load_balancer")],
)
def test_load_balancers_find_subnets_without_pods(stack: StackJson, tag: str, tier: str) -> None:
    found = {name for name, subnet in stack.of_type("aws_subnet").items() if subnet["tags"].get(tag) == "1"}
    assert found == {f"{tier}_{zone}" for zone in ZONES}


@pytest.mark.proves("1.3.1", "1.3.2", "2.2.6")
def test_the_default_objects_admit_nothing(stack: StackJson) -> None:
    group = stack.resource("aws_default_security_group.closed")
    acl = stack.resource("aws_default_network_acl.closed")
    assert not {"ingress", "egress"} & (set(group) | set(acl))
    assert stack.resource("aws_default_route_table.closed")["route"] == []


@pytest.mark.parametrize(
    ("profile", "services", "zones"),
    [("none", 0, 0), ("basic_one_az", 6, 1), ("basic", 6, 3), ("full", 17, 3)],
)
def test_interface_endpoints_follow_the_profile(vpc_with: Make, profile: str, services: int, zones: int) -> None:
    endpoints = vpc_with({"deployment:vpc:endpoints": profile}).of_type("aws_vpc_endpoint")
    interfaces = [endpoint for endpoint in endpoints.values() if endpoint["vpc_endpoint_type"] == "Interface"]
    assert len(interfaces) == services
    assert {len(endpoint["subnet_ids"]) for endpoint in interfaces} <= {zones}
    assert "s3" in endpoints


@pytest.mark.proves("1.3.1")
def test_endpoints_are_in_isolated_subnets_and_admit_the_callers_tiers_only(stack: StackJson) -> None:
    assert all(".isolated_" in subnet for subnet in stack.resource("aws_vpc_endpoint.ecr_api")["subnet_ids"])
    rules = stack.of_type("aws_vpc_security_group_ingress_rule")
    assert {rule["cidr_ipv4"] for rule in rules.values()} == {"10.100.0.0/17", "10.100.192.0/19", "10.100.224.0/26"}
    assert {(rule["from_port"], rule["to_port"]) for rule in rules.values()} == {(443, 443)}


@pytest.mark.proves("10.2.1", "10.3.1")
def test_flow_logs_record_all_traffic_under_a_key(stack: StackJson) -> None:
    assert stack.resource("aws_flow_log.vpc")["traffic_type"] == "ALL"
    group = stack.resource("aws_cloudwatch_log_group.flow_logs")
    assert group["retention_in_days"] == 90
    assert group["kms_key_id"] == "${aws_kms_key.flow_logs.arn}"


@pytest.mark.proves("2.2.7")
def test_the_access_host_takes_no_connection_and_has_no_key(vpc_with: Make) -> None:
    stack = vpc_with({"deployment:vpc:accessHost": True})
    host = stack.resource("aws_instance.access_host")
    assert "key_name" not in host
    assert host["associate_public_ip_address"] is False
    assert host["metadata_options"]["http_tokens"] == "required"
    assert host["root_block_device"]["encrypted"] is True
    group = "${aws_security_group.access_host.id}"
    admitted = stack.of_type("aws_vpc_security_group_ingress_rule").values()
    assert not [rule for rule in admitted if rule["security_group_id"] == group]
    assert stack.outputs["access_host_security_group_ids"] == {"access-host": group}


def test_no_access_host_is_shipped(stack: StackJson) -> None:
    assert not stack.of_type("aws_instance")

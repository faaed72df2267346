"""Tests of what leaves the VPC: by which hops, back by which, by which names and CIDRs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load, load_one
from constructs_lib.state.security_services import security_services
from idp.protection import release
from stacks.foundation.vpc import VpcStack
from tests.closed import NOTHING_LEAVES
from tests.conftest import ROOT
from tests.routing import Routing
from tests.synth import StackJson
from tests.unit.idp.output import stack as stack_of

ZONES = ("us_west_2a", "us_west_2b", "us_west_2c")
SOMEWHERE = "198.51.100.7"
HOST = {"deployment:vpc:accessHost": True}
INNER = ("isolated", "control_plane", "load_balancer")


@pytest.fixture(scope="module")
def guarded(synth_stack: Callable[..., StackJson]) -> StackJson:
    """The shipped deployment that has a firewall."""
    (deployment,) = [each for each in load(ROOT / "cdktf.json") if each.vpc.egress == "firewall"]
    return synth_stack(VpcStack, deployment)


@pytest.fixture(scope="module")
def closed(synth_stack: Callable[..., StackJson], shipped_context: dict[str, Any]) -> StackJson:
    keys = {key: value for key, value in (shipped_context | NOTHING_LEAVES | HOST).items() if value is not None}
    return synth_stack(VpcStack, load_one(keys, source="test.json"))


@pytest.mark.proves("1.3.2", "1.4.1")
@pytest.mark.parametrize("zone", ZONES)
def test_pods_leave_by_the_firewall_and_nat_of_their_own_zone(guarded: StackJson, zone: str) -> None:
    path = Routing(guarded).path(f"private_{zone}", SOMEWHERE)
    assert path == [f"firewall {zone}", f"nat nat_{zone}", "internet"]


@pytest.mark.parametrize("zone", ZONES)
def test_replies_come_back_by_the_same_endpoint_of_the_firewall(guarded: StackJson, zone: str) -> None:
    assert Routing(guarded).back(f"private_{zone}", SOMEWHERE) == [f"firewall {zone}", "local"]


def test_what_stays_in_the_vpc_goes_straight(guarded: StackJson) -> None:
    """From a load balancer to a pod and back, too: a firewall that sees one direction only drops the connection."""
    routing, pod, balancer = Routing(guarded), "10.110.32.10", "10.110.128.10"
    for zone in ZONES:
        assert routing.path(f"public_{zone}", pod) == ["local"]
        assert routing.path(f"private_{zone}", balancer) == ["local"]
        assert routing.path(f"private_{zone}", pod) == ["local"]


@pytest.mark.parametrize("tier", INNER)
def test_the_inner_tiers_lead_nowhere(guarded: StackJson, closed: StackJson, tier: str) -> None:
    for stack in (guarded, closed):
        assert {tuple(Routing(stack).path(f"{tier}_{zone}", SOMEWHERE)) for zone in ZONES} == {("dropped",)}


@pytest.mark.proves("1.3.2", "1.4.2")
def test_without_egress_there_is_no_gateway_and_no_public_subnet(closed: StackJson) -> None:
    for kind in ("aws_internet_gateway", "aws_nat_gateway", "aws_eip", "aws_route", "aws_networkfirewall_firewall"):
        assert not closed.of_type(kind), kind
    assert not [name for name in closed.of_type("aws_subnet") if name.startswith(("public", "firewall", "nat"))]
    assert Routing(closed).path("private_us_west_2a", SOMEWHERE) == ["dropped"]
    assert closed.outputs["public_subnet_ids"] == {}


def test_the_firewall_stands_in_its_own_subnet_of_each_zone(guarded: StackJson) -> None:
    firewall = guarded.resource("aws_networkfirewall_firewall.egress")
    mapped = [mapping["subnet_id"] for mapping in firewall["subnet_mapping"]]
    assert mapped == [f"${{aws_subnet.firewall_{zone}.id}}" for zone in ZONES]
    sizes = {guarded.resource(f"aws_subnet.firewall_{zone}")["cidr_block"][-3:] for zone in ZONES}
    assert sizes == {"/28"}
    assert firewall["delete_protection"] and firewall["subnet_change_protection"]


@pytest.mark.proves("1.3.2")
def test_what_no_rule_passes_is_dropped(guarded: StackJson) -> None:
    policy = guarded.resource("aws_networkfirewall_firewall_policy.egress")["firewall_policy"]
    assert policy["stateful_engine_options"]["rule_order"] == "STRICT_ORDER"
    assert any(action.startswith("aws:drop_established") for action in policy["stateful_default_actions"])
    assert policy["stateless_default_actions"] == ["aws:forward_to_sfe"]
    order = [group["resource_arn"] for group in policy["stateful_rule_group_reference"]]
    assert order == [f"${{aws_networkfirewall_rule_group.egress_{name}.arn}}" for name in ("cidrs", "names", "others")]
    priorities = [group["priority"] for group in policy["stateful_rule_group_reference"]]
    assert priorities == sorted(set(priorities))


def group(stack: StackJson, name: str) -> Any:
    return stack.resource(f"aws_networkfirewall_rule_group.egress_{name}")["rule_group"]["rules_source"]


def test_cidrs_are_passed_at_443_and_other_protocols_at_no_port(guarded: StackJson) -> None:
    (rule,) = group(guarded, "cidrs")["stateful_rule"]
    header = rule["header"]
    assert (rule["action"], header["protocol"], header["destination"], header["destination_port"]) == (
        "PASS",
        "TCP",
        "203.0.113.0/24",
        "443",
    )
    assert {header["source"]} == {"10.110.0.0/17"}
    others = group(guarded, "others")["stateful_rule"]
    assert {(rule["action"], rule["header"]["protocol"]) for rule in others} == {("DROP", "UDP"), ("DROP", "ICMP")}


@pytest.mark.proves("1.3.2")
def test_names_are_passed_by_tls_only_and_may_be_asked_for(guarded: StackJson) -> None:
    listed = group(guarded, "names")["rules_source_list"]
    assert listed["target_types"] == ["TLS_SNI"] and listed["generated_rules_type"] == "ALLOWLIST"
    assert "payment-processor.example.com" in listed["targets"]
    # What components need: sign-in of Argo CD, and where telemetry goes.
    assert {"github.com", "logs-xxx.grafana.net"} <= set(listed["targets"])
    asked = guarded.resource("aws_route53_resolver_firewall_domain_list.egress_allowed")["domains"]
    assert {f"{name}." for name in listed["targets"]} <= set(asked)


def test_names_below_a_wildcard_are_written_as_each_service_takes_them(
    synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment]
) -> None:
    ways = {
        "deployment:vpc:egress": "firewall",
        "deployment:vpc:natGateways": "per_az",
        "deployment:vpc:endpoints": "full",
        "deployment:shared:images": "copies",
        "deployment:networkPolicies:allowedEgress": ["*.partner.example.com"],
    }
    stack = synth_stack(VpcStack, deployment_with(ways))
    assert ".partner.example.com" in group(stack, "names")["rules_source_list"]["targets"]
    asked = stack.resource("aws_route53_resolver_firewall_domain_list.egress_allowed")["domains"]
    assert "*.partner.example.com." in asked
    assert set(stack.of_type("aws_networkfirewall_rule_group")) == {"egress_names", "egress_others"}


@pytest.mark.parametrize("name", ["guarded", "closed"])
def test_other_names_are_in_no_domain_and_aws_s_are(name: str, request: pytest.FixtureRequest) -> None:
    stack: StackJson = request.getfixturevalue(name)
    rules = stack.of_type("aws_route53_resolver_firewall_rule")
    first, last = sorted(rules.values(), key=lambda rule: rule["priority"])
    assert (first["action"], last["action"], last["block_response"]) == ("ALLOW", "BLOCK", "NXDOMAIN")
    assert stack.resource("aws_route53_resolver_firewall_domain_list.egress_others")["domains"] == ["*."]
    asked = set(stack.resource("aws_route53_resolver_firewall_domain_list.egress_allowed")["domains"])
    assert {"*.amazonaws.com.", "*.api.aws.", "*.us-west-2.compute.internal."} <= asked
    assert not {each for each in asked if each in ("*.", "*.com.")}
    assert stack.resource("aws_route53_resolver_firewall_config.vpc")["firewall_fail_open"] == "DISABLED"
    assert set(stack.of_type("aws_route53_resolver_query_log_config_association")) == {"vpc"}


def test_logs_are_encrypted_and_kept(guarded: StackJson) -> None:
    for name in ("firewall_alert", "firewall_flow", "dns_queries", "sessions"):
        log = guarded.resource(f"aws_cloudwatch_log_group.{name}")
        assert log["retention_in_days"] == 400
        assert log["kms_key_id"].startswith("${aws_kms_key.")
    logging = guarded.resource("aws_networkfirewall_logging_configuration.egress")["logging_configuration"]
    assert {each["log_type"] for each in logging["log_destination_config"]} == {"ALERT", "FLOW"}


@pytest.mark.proves("2.2.7", "8.2.8", "10.2.1.2")
def test_sessions_are_logged_encrypted_and_end_when_idle(guarded: StackJson) -> None:
    document = guarded.resource("aws_ssm_document.sessions")
    # The name of the region's preferences: a session that names no document has them, too.
    assert (document["name"], document["document_type"]) == ("SSM-SessionManagerRunShell", "Session")
    inputs = json.loads(document["content"])["inputs"]
    assert inputs["cloudWatchLogGroupName"] == "${aws_cloudwatch_log_group.sessions.name}"
    assert inputs["cloudWatchEncryptionEnabled"] and inputs["cloudWatchStreamingEnabled"]
    assert inputs["kmsKeyId"] == "${aws_kms_key.sessions.arn}"
    assert int(inputs["idleSessionTimeout"]) <= 15
    rights = guarded.statements("access_host_session_log")[0]
    assert (rights["actions"], rights["resources"]) == (["kms:Decrypt"], ["${aws_kms_key.sessions.arn}"])


def test_the_access_host_reaches_the_vpc_and_packages_only(guarded: StackJson, closed: StackJson) -> None:
    for stack in (guarded, closed):
        rules = stack.of_type("aws_vpc_security_group_egress_rule")
        assert {name for name in rules if name.startswith("access_host_to")} == {
            "access_host_to_s3",
            "access_host_to_vpc",
        }


def test_guardduty_s_agent_has_an_endpoint_where_it_is_managed(guarded: StackJson, closed: StackJson) -> None:
    endpoint = guarded.resource("aws_vpc_endpoint.guardduty_data")
    assert endpoint["service_name"] == "com.amazonaws.us-west-2.guardduty-data"
    assert endpoint["private_dns_enabled"] and len(endpoint["subnet_ids"]) == 3
    (statement,) = guarded.statements("endpoint_guardduty_data")
    (condition,) = statement["condition"]
    assert (condition["variable"], condition["values"]) == ("aws:PrincipalAccount", ["444455556666"])
    assert "guardduty_data" not in closed.of_type("aws_vpc_endpoint")


@pytest.mark.parametrize(("tenancy", "written"), [("dedicated", "dedicated"), ("default", None)])
def test_hardware_of_one_s_own_is_asked_of_the_vpc(
    synth_stack: Callable[..., StackJson],
    deployment_with: Callable[..., Deployment],
    tenancy: str,
    written: str | None,
) -> None:
    stack = synth_stack(VpcStack, deployment_with({"deployment:vpc:tenancy": tenancy}))
    assert stack.resource("aws_vpc.vpc").get("instance_tenancy") == written


def test_the_deployer_manages_what_restricts_the_ways_out(deployment_with: Callable[..., Deployment]) -> None:
    def services(deployment: Deployment) -> set[str]:
        return {action.partition(":")[0] for each in security_services(deployment) for action in each.actions}

    (guarded,) = [each for each in load(ROOT / "cdktf.json") if each.vpc.egress == "firewall"]
    assert {"network-firewall", "route53resolver"} <= services(guarded)
    assert services(deployment_with()) == set()


def test_a_teardown_lifts_what_the_firewall_is_protected_by(guarded: StackJson) -> None:
    stack = stack_of("idp-pci-foundation-vpc", resources=guarded.document["resource"])
    override = release(stack, "snapshot", "now").override["resource"]
    assert override["aws_networkfirewall_firewall"]["egress"] == {
        "delete_protection": False,
        "firewall_policy_change_protection": False,
        "subnet_change_protection": False,
    }
    association = override["aws_route53_resolver_firewall_rule_group_association"]["egress"]
    assert association == {"mutation_protection": "DISABLED"}

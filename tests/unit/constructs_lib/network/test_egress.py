"""Names and CIDRs that may leave, as the firewall and DNS Firewall have them."""

from __future__ import annotations

from collections.abc import Callable

from config.deployment import Deployment
from constructs_lib.network import egress
from constructs_lib.network.endpoints import FURTHER, SERVICES, all_services

Build = Callable[..., Deployment]


def test_a_wildcard_is_a_dot_for_the_firewall() -> None:
    assert egress.targets(["*.b.example.com", "a.example.com"]) == [".b.example.com", "a.example.com"]


def test_names_that_may_be_asked_for_end_with_the_root() -> None:
    found = egress.questions(["a.example.com"], "idp.example.com", "eu-west-1")
    assert {"a.example.com.", "idp.example.com.", "*.idp.example.com.", "*.eu-west-1.compute.internal."} <= set(found)
    assert all(name.endswith(".") for name in found)
    assert found == sorted(set(found))


def test_hosts_of_the_first_region_have_their_own_domain() -> None:
    found = egress.questions([], "idp.example.com", "us-east-1")
    assert "*.ec2.internal." in found and not [name for name in found if "compute.internal" in name]


def test_nothing_is_admitted_where_no_firewall_is(deployment_with: Build) -> None:
    assert egress.admitted(deployment_with()) == ()


def test_cidrs_are_in_the_order_of_their_addresses(deployment_with: Build) -> None:
    ways = {
        "deployment:vpc:egress": "firewall",
        "deployment:vpc:natGateways": "per_az",
        "deployment:vpc:endpoints": "full",
        "deployment:shared:images": "copies",
        "deployment:networkPolicies:allowedEgress": ["203.0.113.0/24", "a.example.com", "198.51.100.0/24"],
    }
    deployment = deployment_with(ways)
    assert egress.cidrs(deployment.vpc) == ("198.51.100.0/24", "203.0.113.0/24")
    assert "a.example.com" in egress.admitted(deployment)


def test_further_endpoints_are_of_no_profile_and_say_why(deployment_with: Build) -> None:
    assert not set(FURTHER) & set(SERVICES)
    assert all(row.reason and row.action for row in FURTHER.values())
    assert not set(FURTHER) & set(all_services(deployment_with()))
    managed = deployment_with({"deployment:account:guardduty": "managed"})
    assert "guardduty-data" in all_services(managed)

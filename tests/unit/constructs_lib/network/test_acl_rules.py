"""Network ACL rules by tier: what may come from outside the VPC."""

from __future__ import annotations

import pytest

from config.types import NatMode
from constructs_lib.network.acl_rules import ANYWHERE, acl_rules
from constructs_lib.network.plan import TIERS, Tier

VPC = "10.100.0.0/16"
NAT_MODES: tuple[NatMode, ...] = ("single", "per_az", "none")


@pytest.mark.parametrize("nat", NAT_MODES)
def test_every_tier_has_rules_for_the_vpc_both_ways(nat: NatMode) -> None:
    rules = acl_rules(VPC, nat)
    assert set(rules) == set(TIERS)
    for tier in TIERS:
        for egress in (False, True):
            assert any(r.egress is egress and r.protocol == "-1" and r.cidr in (VPC, ANYWHERE) for r in rules[tier])


@pytest.mark.parametrize("nat", NAT_MODES)
@pytest.mark.parametrize("tier", ["isolated", "control_plane", "load_balancer"])
def test_subnets_without_a_way_out_know_the_vpc_only(tier: Tier, nat: NatMode) -> None:
    assert {rule.cidr for rule in acl_rules(VPC, nat)[tier]} == {VPC}


@pytest.mark.parametrize("nat", NAT_MODES)
def test_nothing_below_the_ephemeral_ports_comes_from_outside_but_web_to_the_public_tier(nat: NatMode) -> None:
    for tier, rules in acl_rules(VPC, nat).items():
        low = {r.ports for r in rules if not r.egress and r.cidr == ANYWHERE and r.ports and r.ports[0] < 1024}
        assert low == ({(80, 80), (443, 443)} if tier == "public" else set())
        assert not [r for r in rules if not r.egress and r.cidr == ANYWHERE and r.protocol == "-1"]


@pytest.mark.parametrize("nat", ["single", "per_az"])
def test_private_subnets_get_replies_by_nat(nat: NatMode) -> None:
    private = acl_rules(VPC, nat)["private"]
    assert {r.protocol for r in private if not r.egress and r.cidr == ANYWHERE} == {"tcp", "udp", "icmp"}


def test_without_nat_private_subnets_leave_the_vpc_by_https_only() -> None:
    private = acl_rules(VPC, "none")["private"]
    assert [(r.protocol, r.ports) for r in private if r.egress and r.cidr == ANYWHERE] == [("tcp", (443, 443))]

"""Network ACL rules by tier: what may come from outside the VPC."""

from __future__ import annotations

import pytest

from config.compliance import Egress
from constructs_lib.network.acl_rules import ANYWHERE, acl_rules
from constructs_lib.network.plan import Tier, tiers

VPC = "10.100.0.0/16"
WAYS: tuple[Egress, ...] = ("open", "firewall", "none")


@pytest.mark.parametrize("egress", WAYS)
def test_every_tier_has_rules_for_the_vpc_both_ways(egress: Egress) -> None:
    rules = acl_rules(VPC, egress)
    assert set(rules) == set(tiers(egress))
    for tier in tiers(egress):
        for outwards in (False, True):
            assert any(r.egress is outwards and r.protocol == "-1" and r.cidr in (VPC, ANYWHERE) for r in rules[tier])


@pytest.mark.parametrize("egress", WAYS)
@pytest.mark.parametrize("tier", ["isolated", "control_plane", "load_balancer"])
def test_subnets_without_a_way_out_know_the_vpc_only(tier: Tier, egress: Egress) -> None:
    assert {rule.cidr for rule in acl_rules(VPC, egress)[tier]} == {VPC}


@pytest.mark.parametrize("egress", WAYS)
def test_nothing_below_the_ephemeral_ports_comes_from_outside_but_web_to_the_public_tier(egress: Egress) -> None:
    for tier, rules in acl_rules(VPC, egress).items():
        low = {r.ports for r in rules if not r.egress and r.cidr == ANYWHERE and r.ports and r.ports[0] < 1024}
        assert low == ({(80, 80), (443, 443)} if tier == "public" else set())
        assert not [r for r in rules if not r.egress and r.cidr == ANYWHERE and r.protocol == "-1"]


def test_private_subnets_get_replies_by_nat() -> None:
    private = acl_rules(VPC, "open")["private"]
    assert {r.protocol for r in private if not r.egress and r.cidr == ANYWHERE} == {"tcp", "udp", "icmp"}


@pytest.mark.parametrize(
    ("egress", "tier"), [("none", "private"), *(("firewall", t) for t in ("private", "firewall", "nat"))]
)
def test_where_not_everything_may_leave_it_leaves_by_https_only(egress: Egress, tier: Tier) -> None:
    rules = acl_rules(VPC, egress)[tier]
    assert [(r.protocol, r.ports) for r in rules if r.egress and r.cidr == ANYWHERE] == [("tcp", (443, 443))]
    assert "udp" not in {r.protocol for r in rules}


def test_nobody_comes_in_where_nothing_leaves() -> None:
    assert "public" not in acl_rules(VPC, "none")

"""The subnet plan: no overlap, nothing renumbered, every range where the docs say it is."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.network.plan import BLOCKS, TIERS, ZONE_SLOTS, Plan, Range

# Any /16 within IPv4's unicast space.
VPCS = st.tuples(st.integers(1, 223), st.integers(0, 255)).map(lambda octets: f"{octets[0]}.{octets[1]}.0.0/16")
RANGES = st.sampled_from(sorted(BLOCKS))
SLOTS = st.integers(0, ZONE_SLOTS - 1)


@given(VPCS)
def test_no_two_subnets_share_an_address(cidr: str) -> None:
    assert Plan(cidr=cidr).overlaps() == []


@given(VPCS)
def test_every_subnet_lies_in_the_vpc(cidr: str) -> None:
    vpc = ipaddress.IPv4Network(cidr)
    assert all(ipaddress.IPv4Network(row.cidr).subnet_of(vpc) for row in Plan(cidr=cidr).rows())


@given(VPCS, RANGES)
def test_the_block_of_a_range_is_exactly_its_four_slots(cidr: str, name: Range) -> None:
    plan = Plan(cidr=cidr)
    slots = [ipaddress.IPv4Network(plan.subnet(name, slot)) for slot in range(ZONE_SLOTS)]
    assert list(ipaddress.collapse_addresses(slots)) == [ipaddress.IPv4Network(plan.block(name))]


@given(VPCS, RANGES, SLOTS)
def test_a_slot_moves_with_the_vpc_and_with_nothing_else(cidr: str, name: Range, slot: int) -> None:
    vpc = ipaddress.IPv4Network(cidr)
    reference = Plan(cidr="10.0.0.0/16")

    def offset(plan: Plan, base: ipaddress.IPv4Network) -> int:
        return int(ipaddress.IPv4Network(plan.subnet(name, slot)).network_address) - int(base.network_address)

    assert offset(Plan(cidr=cidr), vpc) == offset(reference, ipaddress.IPv4Network("10.0.0.0/16"))


@pytest.mark.parametrize(
    ("name", "cidrs"),
    [
        ("private", ["10.100.0.0/19", "10.100.32.0/19", "10.100.64.0/19", "10.100.96.0/19"]),
        ("public", ["10.100.128.0/20", "10.100.144.0/20", "10.100.160.0/20", "10.100.176.0/20"]),
        ("isolated", ["10.100.192.0/21", "10.100.200.0/21", "10.100.208.0/21", "10.100.216.0/21"]),
        ("control_plane", ["10.100.224.0/28", "10.100.224.16/28", "10.100.224.32/28", "10.100.224.48/28"]),
        ("firewall", ["10.100.224.64/28", "10.100.224.80/28", "10.100.224.96/28", "10.100.224.112/28"]),
        ("nat", ["10.100.224.128/28", "10.100.224.144/28", "10.100.224.160/28", "10.100.224.176/28"]),
        ("load_balancer", ["10.100.228.0/24", "10.100.229.0/24", "10.100.230.0/24", "10.100.231.0/24"]),
    ],
)
def test_subnets_have_the_addresses_of_the_decision_record(name: Range, cidrs: list[str]) -> None:
    plan = Plan(cidr="10.100.0.0/16")
    assert [plan.subnet(name, slot) for slot in range(ZONE_SLOTS)] == cidrs


def test_every_tier_has_a_block() -> None:
    assert set(TIERS) < set(BLOCKS)


@pytest.mark.parametrize("cidr", ["10.100.0.0/17", "10.0.0.0/8"])
def test_fails_for_a_vpc_that_is_no_slash_16(cidr: str) -> None:
    with pytest.raises(ValueError, match="is no /16"):
        Plan(cidr=cidr)


@pytest.mark.parametrize("slot", [-1, ZONE_SLOTS])
def test_fails_for_a_slot_that_the_plan_lacks(slot: int) -> None:
    with pytest.raises(ValueError, match="slots 0 to 3"):
        Plan(cidr="10.100.0.0/16").subnet("public", slot)

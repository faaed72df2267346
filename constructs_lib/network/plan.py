"""The subnet plan of a VPC: which range every tier and availability zone gets. Pure: imports no engine.

Every tier is one contiguous block with a slot for each of four zones, so that a policy names a tier by one CIDR and a
zone that is added later takes its own empty slot: nothing that exists changes its address (docs/adr/0004).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from config.compliance import Egress

Tier = Literal["public", "private", "isolated", "control_plane", "load_balancer", "firewall", "nat"]
Range = Tier

# Amazon VPC User Guide, "VPC CIDR blocks": a VPC's IPv4 range is a /28 to a /16; the plan fills the largest.
VPC_PREFIX = 16
# Three zones are in use at most (config.deployment.Vpc.zones); the fourth slot is held for growth.
ZONE_SLOTS = 4
TIERS: tuple[Tier, ...] = ("public", "private", "isolated", "control_plane", "load_balancer")
# What stands between the private tier and the internet gateway where a firewall does (docs/adr/0026).
_INSPECTION: tuple[Tier, ...] = ("firewall", "nat")


@dataclass(frozen=True, kw_only=True)
class Block:
    """Four equal subnets in a row, starting ``offset`` addresses into the VPC, each with prefix length ``prefix``."""

    offset: int
    prefix: int
    purpose: str


# Amazon EKS User Guide, "View Amazon EKS networking requirements for VPC and subnets": clusters take /28 subnets of
# their own for the network interfaces of the control plane. AWS Network Firewall Developer Guide, "VPC and subnets":
# a firewall endpoint needs a subnet of its own, /28 at least.
BLOCKS: Mapping[Range, Block] = {
    "private": Block(offset=0, prefix=19, purpose="nodes and pods"),
    "public": Block(offset=128 * 256, prefix=20, purpose="internet-facing load balancers and NAT gateways"),
    "isolated": Block(offset=192 * 256, prefix=21, purpose="database and interface endpoints"),
    "control_plane": Block(offset=224 * 256, prefix=28, purpose="network interfaces of the EKS control plane"),
    "firewall": Block(offset=224 * 256 + 64, prefix=28, purpose="Network Firewall endpoints"),
    "nat": Block(offset=224 * 256 + 128, prefix=28, purpose="NAT gateways behind a firewall"),
    "load_balancer": Block(offset=228 * 256, prefix=24, purpose="internal load balancers"),
}


def tiers(egress: Egress) -> tuple[Tier, ...]:
    """The tiers that a VPC has subnets of; the ranges of the others stay reserved.

    Without a way out there is no internet gateway, and so nothing that a public subnet would be good for.
    """
    if egress == "none":
        return tuple(tier for tier in TIERS if tier != "public")
    return (*TIERS, *_INSPECTION) if egress == "firewall" else TIERS


@dataclass(frozen=True, kw_only=True)
class Row:
    """One subnet of the plan: its range's name, zone slot (0 to 3) and CIDR."""

    range: Range
    slot: int
    cidr: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The plan of the VPC ``cidr``, such as ``10.100.0.0/16``.

    Raises ValueError where ``cidr`` is no /16.
    """

    cidr: str

    def __post_init__(self) -> None:
        if self._network().prefixlen != VPC_PREFIX:
            raise ValueError(f"VPC CIDR {self.cidr} is no /{VPC_PREFIX}: the subnet plan needs all of its addresses")

    def subnet(self, name: Range, slot: int) -> str:
        """CIDR of ``name`` in zone slot ``slot``, the zone's place in the deployment file.

        Raises ValueError where there is no such slot.
        """
        if not 0 <= slot < ZONE_SLOTS:
            raise ValueError(f"zone slot {slot}: the plan has slots 0 to {ZONE_SLOTS - 1}")
        block = BLOCKS[name]
        size = 2 ** (32 - block.prefix)
        first = self._network().network_address + block.offset + slot * size
        return str(ipaddress.IPv4Network((first, block.prefix)))

    def block(self, name: Range) -> str:
        """CIDR of all four slots of ``name``: what policies and security groups name."""
        block = BLOCKS[name]
        first = self._network().network_address + block.offset
        return str(ipaddress.IPv4Network((first, block.prefix - (ZONE_SLOTS.bit_length() - 1))))

    def rows(self) -> Iterator[Row]:
        """Every subnet of the plan, in use or reserved, by range and slot."""
        for name in BLOCKS:
            for slot in range(ZONE_SLOTS):
                yield Row(range=name, slot=slot, cidr=self.subnet(name, slot))

    def overlaps(self) -> list[tuple[Row, Row]]:
        """Pairs of rows that share an address; a right plan has none."""
        rows = list(self.rows())
        networks = [ipaddress.IPv4Network(row.cidr) for row in rows]
        return [(rows[i], rows[j]) for i in range(len(rows)) for j in range(i) if networks[i].overlaps(networks[j])]

    def _network(self) -> ipaddress.IPv4Network:
        return ipaddress.IPv4Network(self.cidr)

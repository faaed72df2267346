"""Rules of the network ACLs, tier by tier. Pure: imports no engine.

Network ACLs are stateless: replies need rules of their own. They are the coarse net below the security groups; the
route tables say which of the addresses admitted here can be reached at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from config.compliance import Egress
from constructs_lib.network.plan import Tier, tiers

ANYWHERE = "0.0.0.0/0"
# Amazon VPC User Guide, "Custom network ACLs", "Ephemeral ports": NAT gateways and load balancers use 1024 to 65535.
_REPLIES = (1024, 65535)

_ONLY_REPLIES = {
    "CKV_AWS_231": "Replies come to any port from 1024, of which 3389 is one. A network ACL keeps no connections; "
    "security groups do, and let nothing in at that port.",
}
_WITHIN = {"CKV_AWS_352": "Traffic within the VPC only: security groups and network policies say which ports."}
_ICMP = {"CKV_AWS_352": "ICMP has no ports; the rule admits one type and code."}


@dataclass(frozen=True, kw_only=True)
class AclRule:
    """One allowing rule. ``protocol`` is tcp, udp, icmp or -1 (all); ``icmp`` is type and code.

    Rule numbers follow from the order: 100, 110, … for each direction. ``waived`` is for checkov: check → reason.
    """

    name: str
    cidr: str
    egress: bool = False
    protocol: str = "-1"
    ports: tuple[int, int] | None = None
    icmp: tuple[int, int] | None = None
    waived: Mapping[str, str] = field(default_factory=dict)


def acl_rules(vpc_cidr: str, egress: Egress) -> Mapping[Tier, tuple[AclRule, ...]]:
    """Rules by tier for a VPC of range ``vpc_cidr``, for the tiers that it has."""
    within = (
        AclRule(name="in_vpc", cidr=vpc_cidr, waived=_WITHIN),
        AclRule(name="out_vpc", cidr=vpc_cidr, egress=True),
    )
    everywhere = AclRule(name="out_all", cidr=ANYWHERE, egress=True)
    replies = AclRule(name="in_replies", cidr=ANYWHERE, protocol="tcp", ports=_REPLIES, waived=_ONLY_REPLIES)
    # "Fragmentation needed": without it, large packets vanish (Amazon VPC User Guide, "Path MTU Discovery").
    path_mtu = AclRule(name="in_path_mtu", cidr=ANYWHERE, protocol="icmp", icmp=(3, 4), waived=_ICMP)
    datagrams = AclRule(name="in_datagram_replies", cidr=ANYWHERE, protocol="udp", ports=_REPLIES, waived=_ONLY_REPLIES)
    outside = (replies, datagrams, path_mtu)
    web = (
        AclRule(name="in_http", cidr=ANYWHERE, protocol="tcp", ports=(80, 80)),
        AclRule(name="in_https", cidr=ANYWHERE, protocol="tcp", ports=(443, 443)),
    )
    https = AclRule(name="out_https", cidr=ANYWHERE, egress=True, protocol="tcp", ports=(443, 443))
    # By HTTPS and by nothing else. Without a firewall or NAT the S3 gateway endpoint is the only way out: its addresses
    # are public ones, and a network ACL can't name a prefix list (Amazon VPC User Guide, "Gateway endpoints").
    restricted = (*within, replies, *((path_mtu,) if egress == "firewall" else ()), https)
    rules: dict[Tier, tuple[AclRule, ...]] = {
        "public": (within[0], *web, *outside, everywhere),
        "private": (within[0], *outside, everywhere) if egress == "open" else restricted,
        "isolated": within,
        "control_plane": within,
        "load_balancer": within,
        "firewall": restricted,
        "nat": restricted,
    }
    return {tier: rules[tier] for tier in tiers(egress)}


def acl_waivers(rules: Sequence[AclRule]) -> Mapping[str, str]:
    """What is waived for the ACL of ``rules``: AWS gives its rules back as its own, and checkov asks them again."""
    return {check: reason for rule in rules for check, reason in rule.waived.items() if check == "CKV_AWS_231"}

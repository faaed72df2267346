"""The subnets of every tier and zone, each tier behind its own network ACL."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.network_acl import NetworkAcl
from cdktf_cdktf_provider_aws.network_acl_rule import NetworkAclRule
from cdktf_cdktf_provider_aws.subnet import Subnet

from constructs_lib.naming import address
from constructs_lib.network.acl_rules import AclRule, acl_rules, acl_waivers
from constructs_lib.network.plan import Plan, Tier, tiers
from constructs_lib.network.vpc import Network
from constructs_lib.stack import PlatformStack

# Data has a tier without a way to the internet; pods have one without public addresses.
_SERVES: Mapping[Tier, tuple[str, ...]] = {
    "isolated": ("1.4.4",),
    "private": ("1.4.2", "1.4.5"),
    "firewall": ("1.2.1",),
}


class Subnets:
    """Subnet ids by zone, for each tier that the VPC has: ``ids["private"]["us-west-2a"]``."""

    ids: Mapping[Tier, Mapping[str, str]]

    def __init__(self, stack: PlatformStack, network: Network, plan: Plan) -> None:
        zones = stack.deployment.vpc.zones
        self.ids = {
            tier: {zone: _subnet(stack, network, plan, tier, slot, zone) for slot, zone in enumerate(zones)}
            for tier in tiers(stack.deployment.vpc.egress)
        }
        for tier, rules in acl_rules(plan.cidr, stack.deployment.vpc.egress).items():
            _network_acl(stack, network, tier, self.ids[tier], rules)


def _subnet(stack: PlatformStack, network: Network, plan: Plan, tier: Tier, slot: int, zone: str) -> str:
    stack.serves(f"aws_subnet.{address(tier, zone)}", *_SERVES.get(tier, ()))
    subnet = stack.add(
        Subnet,
        address(tier, zone),
        vpc_id=network.vpc.id,
        availability_zone=zone,
        cidr_block=plan.subnet(tier, slot),
        # Not even in the public tier: load balancers and NAT gateways bring addresses of their own.
        map_public_ip_on_launch=False,
        tags={"Name": stack.naming.name(_words(tier), zone)} | _role(tier, stack),
    )
    return str(subnet.id)


def _role(tier: Tier, stack: PlatformStack) -> dict[str, str]:
    """Tags by which controllers find subnets.

    Sources: AWS Load Balancer Controller documentation, "Subnet auto-discovery"; Karpenter documentation,
    "NodeClasses", spec.subnetSelectorTerms.
    """
    if tier == "public":
        return {"kubernetes.io/role/elb": "1"}
    if tier == "private":
        return {"karpenter.sh/discovery": stack.naming.cluster}
    if tier == "load_balancer":
        # No pod has an address here: a policy that admits the load balancer admits nothing else.
        return {"kubernetes.io/role/internal-elb": "1"}
    return {}


def _network_acl(
    stack: PlatformStack, network: Network, tier: Tier, subnets: Mapping[str, str], rules: tuple[AclRule, ...]
) -> None:
    acl = stack.add(
        NetworkAcl,
        tier,
        vpc_id=network.vpc.id,
        subnet_ids=list(subnets.values()),
        tags={"Name": stack.naming.name(_words(tier))},
    )
    stack.serves(f"aws_network_acl.{tier}", "1.2.1", "1.3.1", "1.3.2", "1.4.1")
    stack.waive(f"aws_network_acl.{tier}", **acl_waivers(rules))
    for egress in (False, True):
        for place, rule in enumerate(rule for rule in rules if rule.egress is egress):
            name = f"{tier}_{rule.name}"
            stack.serves(f"aws_network_acl_rule.{name}", "1.2.5", "1.3.2" if egress else "1.3.1")
            stack.waive(f"aws_network_acl_rule.{name}", **rule.waived)
            stack.add(
                NetworkAclRule,
                name,
                network_acl_id=acl.id,
                egress=egress,
                rule_number=100 + 10 * place,
                rule_action="allow",
                protocol=rule.protocol,
                cidr_block=rule.cidr,
                from_port=rule.ports[0] if rule.ports else None,
                to_port=rule.ports[1] if rule.ports else None,
                icmp_type=rule.icmp[0] if rule.icmp else None,
                icmp_code=rule.icmp[1] if rule.icmp else None,
            )


def _words(tier: Tier) -> str:
    return tier.replace("_", "-")

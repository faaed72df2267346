"""Names that may be asked for in the VPC, and the log of all questions."""

from __future__ import annotations

from typing import Any

from cdktf_cdktf_provider_aws.route53_resolver_firewall_config import Route53ResolverFirewallConfig
from cdktf_cdktf_provider_aws.route53_resolver_firewall_domain_list import Route53ResolverFirewallDomainList
from cdktf_cdktf_provider_aws.route53_resolver_firewall_rule import Route53ResolverFirewallRule
from cdktf_cdktf_provider_aws.route53_resolver_firewall_rule_group import Route53ResolverFirewallRuleGroup
from cdktf_cdktf_provider_aws.route53_resolver_firewall_rule_group_association import (
    Route53ResolverFirewallRuleGroupAssociation,
)
from cdktf_cdktf_provider_aws.route53_resolver_query_log_config import Route53ResolverQueryLogConfig
from cdktf_cdktf_provider_aws.route53_resolver_query_log_config_association import (
    Route53ResolverQueryLogConfigAssociation,
)

from constructs_lib.network import egress
from constructs_lib.network.egress_logs import EgressLogs
from constructs_lib.network.vpc import Network
from constructs_lib.stack import PlatformStack

# The lowest that an association may have: AWS's own and Firewall Manager's groups come before and after.
_PRIORITY = 101
# An allowed name may be an alias of one that isn't in the list, such as a content network's.
_TRUST = "TRUST_REDIRECTION_DOMAIN"
_REQUIREMENTS = ("1.2.1", "1.3.2")


def dns_firewall(stack: PlatformStack, network: Network) -> None:
    """Names outside of the list don't exist (NXDOMAIN); where the service itself fails, no name does.

    A name that is asked for can carry data out, to whoever answers for its domain, where no packet may leave.
    """
    name, deployment = stack.naming.name("egress"), stack.deployment
    group = stack.add(Route53ResolverFirewallRuleGroup, "egress", name=name, tags={"Name": name})
    asked = egress.questions(egress.admitted(deployment), deployment.platform.domain, deployment.platform.region)
    _rule(stack, group, "allowed", 100, asked, action="ALLOW", firewall_domain_redirection_action=_TRUST)
    # "*." is what AWS makes of "*": the provider compares texts (its issue 23543).
    _rule(stack, group, "others", 200, ["*."], action="BLOCK", block_response="NXDOMAIN")
    stack.serves("aws_route53_resolver_firewall_rule_group_association.egress", *_REQUIREMENTS)
    stack.add(
        Route53ResolverFirewallRuleGroupAssociation,
        "egress",
        name=name,
        vpc_id=network.vpc.id,
        firewall_rule_group_id=group.id,
        priority=_PRIORITY,
        mutation_protection="ENABLED",
        tags={"Name": name},
    )
    stack.serves("aws_route53_resolver_firewall_config.vpc", *_REQUIREMENTS)
    stack.add(Route53ResolverFirewallConfig, "vpc", resource_id=network.vpc.id, firewall_fail_open="DISABLED")


def _rule(
    stack: PlatformStack,
    group: Route53ResolverFirewallRuleGroup,
    name: str,
    priority: int,
    domains: list[str],
    **action: Any,
) -> None:
    listed = stack.add(
        Route53ResolverFirewallDomainList,
        f"egress_{name}",
        name=stack.naming.name("egress", name),
        domains=domains,
        tags={"Name": stack.naming.name("egress", name)},
    )
    stack.serves(f"aws_route53_resolver_firewall_rule.egress_{name}", *_REQUIREMENTS)
    stack.add(
        Route53ResolverFirewallRule,
        f"egress_{name}",
        name=stack.naming.name("egress", name),
        firewall_rule_group_id=group.id,
        firewall_domain_list_id=listed.id,
        priority=priority,
        **action,
    )


def query_log(stack: PlatformStack, network: Network, logs: EgressLogs) -> None:
    """Every question that hosts and pods of the VPC ask its resolver, with what DNS Firewall made of it."""
    name = stack.naming.name("dns-queries")
    logs.group("dns-queries")
    config = stack.add(
        Route53ResolverQueryLogConfig,
        "vpc",
        name=name,
        destination_arn="${aws_cloudwatch_log_group.dns_queries.arn}",
        tags={"Name": name},
        depends_on=[logs.delivery],
    )
    stack.serves("aws_route53_resolver_query_log_config_association.vpc", "10.2.1", "10.2.2")
    stack.add(
        Route53ResolverQueryLogConfigAssociation,
        "vpc",
        resolver_query_log_config_id=config.id,
        resource_id=network.vpc.id,
    )

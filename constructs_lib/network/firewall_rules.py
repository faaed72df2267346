"""The rule groups of the firewall: CIDRs, then names, then what is neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cdktf_cdktf_provider_aws.networkfirewall_rule_group import (
    NetworkfirewallRuleGroup,
    NetworkfirewallRuleGroupEncryptionConfiguration,
    NetworkfirewallRuleGroupRuleGroup,
    NetworkfirewallRuleGroupRuleGroupRulesSource,
    NetworkfirewallRuleGroupRuleGroupRulesSourceRulesSourceListStruct,
    NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRule,
    NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRuleHeader,
    NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRuleRuleOption,
    NetworkfirewallRuleGroupRuleGroupRuleVariables,
    NetworkfirewallRuleGroupRuleGroupRuleVariablesIpSets,
    NetworkfirewallRuleGroupRuleGroupRuleVariablesIpSetsIpSet,
    NetworkfirewallRuleGroupRuleGroupStatefulRuleOptions,
)

from constructs_lib.naming import address
from constructs_lib.network import egress
from constructs_lib.stack import PlatformStack

_HTTPS = "443"
_ANY = "ANY"
# A group's capacity can't change while a policy has it (AWS Network Firewall Developer Guide, "Setting rule group
# capacity"): one unit for each CIDR or protocol, and for each name; config.rules.network admits no more.
CAPACITIES: Mapping[str, int] = {"cidrs": 200, "names": 1000, "others": 10}


@dataclass(frozen=True, kw_only=True)
class Way:
    """One five-tuple rule for what comes from the private tier."""

    action: str
    protocol: str
    destination: str = _ANY
    port: str = _ANY


def rule_groups(stack: PlatformStack, private: str, key_arn: str) -> Iterator[str]:
    """Add the groups that hold rules, and yield their ARNs in the order in which the firewall asks them.

    ``private`` is the range that connections come from. Names are matched with the server name that TLS asks for: HTTP
    without TLS leaves by no rule. What is neither TCP nor named would pass until it is answered, since only packets of
    established connections are dropped by default; the last group drops it.
    """
    made = _Groups(stack, private, key_arn)
    passed = [
        Way(action="PASS", protocol="TCP", destination=cidr, port=_HTTPS) for cidr in egress.cidrs(stack.deployment.vpc)
    ]
    if passed:
        yield made.ways("cidrs", "CIDRs that workloads may reach by HTTPS", passed)
    targets = egress.targets(egress.admitted(stack.deployment))
    if targets:
        yield made.names(targets)
    yield made.ways(
        "others", "All that isn't TCP", [Way(action="DROP", protocol=protocol) for protocol in ("UDP", "ICMP")]
    )


@dataclass(frozen=True)
class _Groups:
    stack: PlatformStack
    private: str
    key_arn: str

    def ways(self, name: str, description: str, ways: list[Way]) -> str:
        rules = [self._rule(way, place) for place, way in enumerate(ways, start=1)]
        source = NetworkfirewallRuleGroupRuleGroupRulesSource(stateful_rule=rules)
        return self._group(name, description, rules_source=source)

    def names(self, targets: list[str]) -> str:
        listed = NetworkfirewallRuleGroupRuleGroupRulesSourceRulesSourceListStruct(
            generated_rules_type="ALLOWLIST", target_types=["TLS_SNI"], targets=targets
        )
        home = NetworkfirewallRuleGroupRuleGroupRuleVariablesIpSets(
            key="HOME_NET", ip_set=NetworkfirewallRuleGroupRuleGroupRuleVariablesIpSetsIpSet(definition=[self.private])
        )
        return self._group(
            "names",
            "Names that workloads and components may reach by TLS",
            rules_source=NetworkfirewallRuleGroupRuleGroupRulesSource(rules_source_list=listed),
            rule_variables=NetworkfirewallRuleGroupRuleGroupRuleVariables(ip_sets=[home]),
        )

    def _rule(self, way: Way, sid: int) -> NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRule:
        return NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRule(
            action=way.action,
            header=NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRuleHeader(
                protocol=way.protocol,
                source=self.private,
                source_port=_ANY,
                direction="FORWARD",
                destination=way.destination,
                destination_port=way.port,
            ),
            rule_option=[
                NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRuleRuleOption(keyword="sid", settings=[str(sid)])
            ],
        )

    def _group(self, name: str, description: str, **rules: Any) -> str:
        full = address("egress", name)
        self.stack.serves(f"aws_networkfirewall_rule_group.{full}", "1.2.1", "1.2.5", "1.3.2")
        group = self.stack.add(
            NetworkfirewallRuleGroup,
            full,
            name=self.stack.naming.name("egress", name),
            description=description,
            type="STATEFUL",
            capacity=CAPACITIES[name],
            encryption_configuration=NetworkfirewallRuleGroupEncryptionConfiguration(
                type="CUSTOMER_KMS", key_id=self.key_arn
            ),
            rule_group=NetworkfirewallRuleGroupRuleGroup(
                stateful_rule_options=NetworkfirewallRuleGroupRuleGroupStatefulRuleOptions(rule_order="STRICT_ORDER"),
                **rules,
            ),
        )
        return str(group.arn)

"""The firewall that all connections from the private tier to the internet pass."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.networkfirewall_firewall import (
    NetworkfirewallFirewall,
    NetworkfirewallFirewallEncryptionConfiguration,
    NetworkfirewallFirewallSubnetMapping,
)
from cdktf_cdktf_provider_aws.networkfirewall_firewall_policy import (
    NetworkfirewallFirewallPolicy,
    NetworkfirewallFirewallPolicyEncryptionConfiguration,
    NetworkfirewallFirewallPolicyFirewallPolicy,
    NetworkfirewallFirewallPolicyFirewallPolicyStatefulEngineOptions,
    NetworkfirewallFirewallPolicyFirewallPolicyStatefulRuleGroupReference,
)
from cdktf_cdktf_provider_aws.networkfirewall_logging_configuration import (
    NetworkfirewallLoggingConfiguration,
    NetworkfirewallLoggingConfigurationLoggingConfiguration,
    NetworkfirewallLoggingConfigurationLoggingConfigurationLogDestinationConfig,
)

from constructs_lib.engine import TerraformLocal
from constructs_lib.network.egress_logs import EgressLogs
from constructs_lib.network.firewall_rules import rule_groups
from constructs_lib.network.plan import Plan
from constructs_lib.network.subnets import Subnets
from constructs_lib.network.vpc import Network
from constructs_lib.stack import PlatformStack

_NAME = "egress"
_TO_RULES = ["aws:forward_to_sfe"]
# AWS Network Firewall API reference, FirewallPolicy, StatefulDefaultActions: packets to servers of connections that no
# rule passed are dropped once TLS has said a name. Not sooner, since a post-quantum ClientHello fills two packets.
_DEFAULT = ["aws:alert_established_app_layer_to_server", "aws:drop_established_app_layer_to_server"]
_ENDPOINTS = "firewall_endpoints"


class EgressFirewall:
    """``endpoint_ids`` are the firewall's endpoints by zone, which route tables lead to."""

    endpoint_ids: Mapping[str, str]

    def __init__(self, stack: PlatformStack, network: Network, subnets: Subnets, plan: Plan, logs: EgressLogs) -> None:
        self._stack, self._key_arn = stack, logs.key_arn
        firewall = self._firewall(network, subnets, self._policy(plan))
        self._logging(firewall, logs)
        states = f"aws_networkfirewall_firewall.{_NAME}.firewall_status[0].sync_states"
        by_zone = "state.availability_zone => state.attachment[0].endpoint_id"
        stack.add(TerraformLocal, _ENDPOINTS, f"${{{{for state in {states} : {by_zone}}}}}")
        self.endpoint_ids = {zone: f'${{local.{_ENDPOINTS}["{zone}"]}}' for zone in stack.deployment.vpc.zones}

    def _policy(self, plan: Plan) -> str:
        groups = rule_groups(self._stack, plan.block("private"), self._key_arn)
        self._stack.serves(f"aws_networkfirewall_firewall_policy.{_NAME}", "1.2.1", "1.3.2", "1.4.3")
        policy = self._stack.add(
            NetworkfirewallFirewallPolicy,
            _NAME,
            name=self._stack.naming.name(_NAME),
            description="What may leave the VPC; all else is dropped",
            encryption_configuration=NetworkfirewallFirewallPolicyEncryptionConfiguration(
                type="CUSTOMER_KMS", key_id=self._key_arn
            ),
            firewall_policy=NetworkfirewallFirewallPolicyFirewallPolicy(
                stateless_default_actions=_TO_RULES,
                stateless_fragment_default_actions=_TO_RULES,
                stateful_default_actions=_DEFAULT,
                stateful_engine_options=NetworkfirewallFirewallPolicyFirewallPolicyStatefulEngineOptions(
                    rule_order="STRICT_ORDER", stream_exception_policy="DROP"
                ),
                stateful_rule_group_reference=[
                    NetworkfirewallFirewallPolicyFirewallPolicyStatefulRuleGroupReference(
                        priority=100 * place, resource_arn=arn
                    )
                    for place, arn in enumerate(groups, start=1)
                ],
            ),
        )
        return str(policy.arn)

    def _firewall(self, network: Network, subnets: Subnets, policy_arn: str) -> NetworkfirewallFirewall:
        self._stack.serves(f"aws_networkfirewall_firewall.{_NAME}", "1.2.1", "1.3.2", "1.4.1", "1.4.3")
        return self._stack.add(
            NetworkfirewallFirewall,
            _NAME,
            name=self._stack.naming.name(_NAME),
            description="Between the private subnets and the NAT gateways",
            vpc_id=network.vpc.id,
            firewall_policy_arn=policy_arn,
            subnet_mapping=[
                NetworkfirewallFirewallSubnetMapping(subnet_id=subnet) for subnet in subnets.ids["firewall"].values()
            ],
            delete_protection=True,
            subnet_change_protection=True,
            firewall_policy_change_protection=True,
            encryption_configuration=NetworkfirewallFirewallEncryptionConfiguration(
                type="CUSTOMER_KMS", key_id=self._key_arn
            ),
            tags={"Name": self._stack.naming.name(_NAME)},
        )

    def _logging(self, firewall: NetworkfirewallFirewall, logs: EgressLogs) -> None:
        self._stack.serves(f"aws_networkfirewall_logging_configuration.{_NAME}", "10.2.1", "10.2.2", "1.2.1")
        self._stack.add(
            NetworkfirewallLoggingConfiguration,
            _NAME,
            firewall_arn=firewall.arn,
            logging_configuration=NetworkfirewallLoggingConfigurationLoggingConfiguration(
                log_destination_config=[
                    NetworkfirewallLoggingConfigurationLoggingConfigurationLogDestinationConfig(
                        log_type=kind,
                        log_destination_type="CloudWatchLogs",
                        log_destination={"logGroup": logs.group(f"firewall-{kind.lower()}")},
                    )
                    for kind in ("ALERT", "FLOW")
                ]
            ),
            depends_on=[logs.delivery],
        )

"""How an object that AWS holds is found again from a resource's arguments alone, and by which id it is imported. Pure.

Ids: AWS provider documentation, section "Import" of each resource (5.100; 6.x has the same), looked up 2026-11. A type
that stands in neither table can be made again without harm (a put, an attachment), or can't be told from others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

# Type → operation of EC2 that lists it, key of the answer, key of an item's id. Told apart by the tag Name.
TAGGED: Mapping[str, tuple[str, str, str]] = {
    "aws_eip": ("describe_addresses", "Addresses", "AllocationId"),
    "aws_flow_log": ("describe_flow_logs", "FlowLogs", "FlowLogId"),
    "aws_internet_gateway": ("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    "aws_nat_gateway": ("describe_nat_gateways", "NatGateways", "NatGatewayId"),
    "aws_network_acl": ("describe_network_acls", "NetworkAcls", "NetworkAclId"),
    "aws_route_table": ("describe_route_tables", "RouteTables", "RouteTableId"),
    "aws_security_group": ("describe_security_groups", "SecurityGroups", "GroupId"),
    "aws_subnet": ("describe_subnets", "Subnets", "SubnetId"),
    "aws_vpc": ("describe_vpcs", "Vpcs", "VpcId"),
    "aws_vpc_endpoint": ("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
}
# Type → id, of arguments of the resource, ``account`` and ``region``.
NAMED: Mapping[str, str] = {
    "aws_backup_vault": "{name}",
    "aws_budgets_budget": "{account}:{name}",
    "aws_cloudwatch_event_bus": "{name}",
    "aws_cloudwatch_log_group": "{name}",
    "aws_db_subnet_group": "{name}",
    "aws_dynamodb_table": "{name}",
    "aws_ecr_pull_through_cache_rule": "{ecr_repository_prefix}",
    "aws_ecr_repository": "{name}",
    "aws_ecr_repository_creation_template": "{prefix}",
    "aws_eks_access_entry": "{cluster_name}:{principal_arn}",
    "aws_eks_addon": "{cluster_name}:{addon_name}",
    "aws_eks_cluster": "{name}",
    "aws_eks_node_group": "{cluster_name}:{node_group_name}",
    "aws_iam_instance_profile": "{name}",
    "aws_iam_policy": "arn:aws:iam::{account}:policy{path}{name}",
    "aws_iam_role": "{name}",
    "aws_kms_alias": "{name}",
    "aws_network_acl_rule": "{network_acl_id}:{rule_number}:{protocol}:{egress}",
    "aws_rds_cluster": "{cluster_identifier}",
    "aws_rds_cluster_instance": "{identifier}",
    "aws_rds_cluster_parameter_group": "{name}",
    "aws_route": "{route_table_id}_{destination_cidr_block}",
    "aws_route_table_association": "{subnet_id}/{route_table_id}",
    "aws_s3_bucket": "{bucket}",
    "aws_ssm_document": "{name}",
}
# Defaults of arguments that an id needs.
_DEFAULTS = {"path": "/", "egress": False}
_FIELD, _REFERENCE = re.compile(r"\{(\w+)\}"), re.compile(r"\$\{(aws_\w+\.\w+)\.(\w+)\}")

Lookup = Callable[[str, str], str | None]


def import_id(kind: str, arguments: Mapping[str, Any], given: Mapping[str, str], lookup: Lookup) -> str | None:
    """The id of a resource of NAMED; None for other types, and where it refers to what isn't there.

    ``given`` holds ``account`` and ``region``; ``lookup`` gives (address, attribute) of another resource.
    """
    template = NAMED.get(kind)
    if template is None:
        return None
    known = {**_DEFAULTS, **given, **arguments}
    values = {name: resolved(known.get(name), lookup) for name in _FIELD.findall(template)}
    return None if None in values.values() else template.format(**values)


def resolved(value: object, lookup: Lookup) -> str | None:
    """``value`` as text, with its references looked up; None where one isn't known."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return None
    text = str(value)
    for address, attribute in _REFERENCE.findall(text):
        found = lookup(address, attribute)
        if found is None:
            return None
        text = text.replace(f"${{{address}.{attribute}}}", found)
    return None if "${" in text else text

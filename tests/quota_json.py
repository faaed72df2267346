"""What the synthesized JSON holds of each row of the table of quotas, counted without a look at the configuration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.iam_json import documents, size
from tests.synth import StackJson

Stacks = Sequence[StackJson]


def of_type(stacks: Stacks, kind: str) -> Iterator[Mapping[str, Any]]:
    for stack in stacks:
        yield from stack.of_type(kind).values()


def count(kind: str, beside: int = 0) -> Callable[[Stacks], int]:
    """Resources of type ``kind``, and so many that AWS makes by itself."""
    return lambda stacks: sum(1 for _ in of_type(stacks, kind)) + beside


def most(counted: Iterator[Any]) -> int:
    return max(Counter(counted).values(), default=0)


def policies_of_a_role(stacks: Stacks) -> int:
    found = [
        (stack.name, each["role"])
        for stack in stacks
        for each in stack.of_type("aws_iam_role_policy_attachment").values()
    ]
    return most(iter(found))


def associations(stacks: Stacks) -> int:
    """Those of add-ons, which stand in them, too."""
    within = sum(len(each.get("pod_identity_association", [])) for each in of_type(stacks, "aws_eks_addon"))
    return within + count("aws_eks_pod_identity_association")(stacks)


def interface_endpoints(stacks: Stacks) -> int:
    return sum(each["vpc_endpoint_type"] == "Interface" for each in of_type(stacks, "aws_vpc_endpoint"))


def acl_rules(stacks: Stacks) -> int:
    return most((each["network_acl_id"], each.get("egress", False)) for each in of_type(stacks, "aws_network_acl_rule"))


def event_rules(stacks: Stacks) -> int:
    return most(each.get("event_bus_name", "default") for each in of_type(stacks, "aws_cloudwatch_event_rule"))


def nodes_rules(stacks: Stacks) -> int:
    """Of the nodes' group, which has the most; the load balancer controller adds one into it."""
    into = most(each["security_group_id"] for each in of_type(stacks, "aws_vpc_security_group_ingress_rule"))
    out = most(each["security_group_id"] for each in of_type(stacks, "aws_vpc_security_group_egress_rule"))
    return max(into + 1, out)


def sizes(stacks: Stacks, kind: str, argument: str) -> int:
    """Characters of the largest document that resources of type ``kind`` name as ``argument``."""
    found = []
    for stack in stacks:
        known = dict(documents(stack))
        for each in stack.of_type(kind).values():
            name = str(each[argument]).removeprefix("${data.aws_iam_policy_document.").removesuffix(".json}")
            found.append(size(known[name]))
    return max(found, default=0)


# The counted side of constructs_lib.quotas.counts.
COUNTED: Mapping[str, Callable[[Stacks], int]] = {
    "budgets": count("aws_budgets_budget"),
    "database-clusters": count("aws_rds_cluster"),
    "database-instances": count("aws_rds_cluster_instance"),
    "ecr-repositories": count("aws_ecr_repository"),
    # EKS makes one for the nodes of its group.
    "eks-access-entries": count("aws_eks_access_entry", beside=1),
    "eks-clusters": count("aws_eks_cluster"),
    "eks-pod-identities": associations,
    "elastic-ips": count("aws_eip"),
    "event-rules": event_rules,
    # EKS makes one for the nodes of its group.
    "iam-instance-profiles": count("aws_iam_instance_profile", beside=1),
    "iam-policies": count("aws_iam_policy"),
    "iam-policies-per-role": policies_of_a_role,
    "iam-roles": count("aws_iam_role"),
    "interface-endpoints": interface_endpoints,
    "internet-gateways": count("aws_internet_gateway"),
    # Each with one alias.
    "kms-keys": lambda stacks: max(count("aws_kms_key")(stacks), count("aws_kms_alias")(stacks)),
    "log-groups": count("aws_cloudwatch_log_group"),
    "nat-gateways-per-zone": lambda stacks: min(1, count("aws_nat_gateway")(stacks)),
    "network-acl-rules": acl_rules,
    # The VPC has one of its own.
    "route-tables": count("aws_route_table", beside=1),
    "s3-buckets": count("aws_s3_bucket"),
    # RDS makes that of the database's master user.
    "secrets": count("aws_secretsmanager_secret", beside=1),
    "security-group-rules": nodes_rules,
    "subnets": count("aws_subnet"),
    "vpcs": count("aws_vpc"),
}
# Sizes of documents, in which names that AWS makes stand.
MEASURED: Mapping[str, Callable[[Stacks], int]] = {
    "iam-inline-policy-size": lambda stacks: sizes(
        [stack for stack in stacks if "-teams-" in stack.name], "aws_iam_role_policy", "policy"
    ),
    "iam-policy-size": lambda stacks: sizes(stacks, "aws_iam_policy", "policy"),
    "iam-trust-policy-size": lambda stacks: sizes(stacks, "aws_iam_role", "assume_role_policy"),
}

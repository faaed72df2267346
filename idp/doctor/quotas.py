"""What the deployment asks of the account's quotas: counted in its own JSON, and of its node pools.

Codes, names and what counts: Service Quotas, as "AWS service endpoints and quotas" of the AWS General Reference lists
them; read 2026-11. The quotas' values are asked of the account. Service Quotas knows none for Aurora's capacity units:
an instance may take what `deployment:aurora:maxCapacity` says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.capacity import INSTANCE_TYPES
from config.deployment import Deployment
from config.pools import CapacityType, Pool
from config.quantities import millicores
from constructs_lib.components.pods import platform_pool, steady_platform_nodes
from constructs_lib.ingress.balancers import balancers
from idp.aws import Aws
from idp.doctor import usage
from idp.output import Stack


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A deployment and its synthesized stacks."""

    deployment: Deployment
    stacks: Sequence[Stack]

    def count(self, kind: str, holds: Callable[[Mapping[str, Any]], bool] = lambda _arguments: True) -> int:
        """Resources of type ``kind`` in the JSON whose arguments ``holds``."""
        found = (each for stack in self.stacks for each in stack.resources())
        return sum(address.split(".")[0] == kind and holds(arguments) for address, arguments in found)


Count = Callable[[Wanted], int]


@dataclass(frozen=True, kw_only=True)
class Quota:
    """``least`` is what the deployment can't come up without, ``most`` what it may grow to. ``used`` counts what the
    account has; None where the quota is of something that the deployment brings itself, such as its VPC."""

    service: str
    code: str
    name: str
    least: Count
    most: Count
    used: Callable[[Aws, Deployment], int] | None


def _of(kind: str) -> Count:
    return lambda wanted: wanted.count(kind)


def _interface_endpoints(wanted: Wanted) -> int:
    return wanted.count("aws_vpc_endpoint", lambda arguments: arguments.get("vpc_endpoint_type") != "Gateway")


def _rules_of_a_list(wanted: Wanted) -> int:
    """The most in one direction of one network ACL."""
    rules = (
        (arguments["network_acl_id"], arguments.get("egress", False))
        for stack in wanted.stacks
        for address, arguments in stack.resources()
        if address.startswith("aws_network_acl_rule.")
    )
    return max(Counter(rules).values(), default=0)


def _nat_gateway_of_a_zone(wanted: Wanted) -> int:
    return min(1, wanted.count("aws_nat_gateway"))


def _load_balancers(wanted: Wanted) -> int:
    """One for each exposure of the components, and the teams'."""
    return len(balancers(wanted.deployment)) + 1


def pool_vcpu(pool: Pool) -> int:
    """vCPU of ``pool`` at its limits, with its largest type on every node."""
    largest = max(INSTANCE_TYPES[kind].vcpu for kind in pool.instance_types)
    most = pool.limits.nodes * largest
    cpu = pool.limits.cpu
    return most if cpu is None else min(most, millicores(cpu) // 1000)


def _pools(kind: CapacityType) -> Count:
    def most(wanted: Wanted) -> int:
        return sum(pool_vcpu(pool) for pool in wanted.deployment.karpenter.pools if kind in pool.capacity_types)

    return most


def _steady(wanted: Wanted) -> int:
    """vCPU of the nodes that steadily run, without teams: the system's and the platform pool's."""
    deployment = wanted.deployment
    system = deployment.eks.system_nodes
    own = system.desired * INSTANCE_TYPES[system.instance_types[0]].vcpu
    kind = platform_pool(deployment).instance_types[0]
    return own + steady_platform_nodes(deployment) * INSTANCE_TYPES[kind].vcpu


def _on_demand(wanted: Wanted) -> int:
    system = wanted.deployment.eks.system_nodes
    largest = max(INSTANCE_TYPES[kind].vcpu for kind in system.instance_types)
    return system.max * largest + _pools("on-demand")(wanted)


def _fixed(service: str, code: str, name: str, count: Count, used: Callable[[Aws, Deployment], int] | None) -> Quota:
    return Quota(service=service, code=code, name=name, least=count, most=count, used=used)


TABLE: tuple[Quota, ...] = (
    _fixed("vpc", "L-F678F1CE", "VPCs per Region", _of("aws_vpc"), usage.vpcs),
    _fixed("vpc", "L-A4707A72", "Internet gateways per Region", _of("aws_internet_gateway"), usage.internet_gateways),
    _fixed("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", _of("aws_eip"), usage.addresses),
    _fixed(
        "vpc", "L-FE5A380F", "NAT gateways per Availability Zone", _nat_gateway_of_a_zone, usage.nat_gateways_of_a_zone
    ),
    _fixed("vpc", "L-29B6F2EB", "Interface VPC endpoints per VPC", _interface_endpoints, None),
    _fixed("vpc", "L-589F43AA", "Route tables per VPC", _of("aws_route_table"), None),
    _fixed("vpc", "L-2AEEBF1A", "Rules per network ACL", _rules_of_a_list, None),
    Quota(
        service="ec2",
        code="L-1216C47A",
        name="Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances, in vCPU",
        least=_steady,
        most=_on_demand,
        used=usage.on_demand_vcpu,
    ),
    Quota(
        service="ec2",
        code="L-34B43A08",
        name="All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests, in vCPU",
        least=lambda _wanted: 0,
        most=_pools("spot"),
        used=usage.spot_vcpu,
    ),
    _fixed("eks", "L-1194D53C", "Clusters", _of("aws_eks_cluster"), usage.clusters),
    _fixed("rds", "L-952B80B8", "DB clusters", _of("aws_rds_cluster"), usage.database_clusters),
    _fixed("rds", "L-7B6409FD", "DB instances", _of("aws_rds_cluster_instance"), usage.database_instances),
    _fixed(
        "elasticloadbalancing",
        "L-53DA6B97",
        "Application Load Balancers per Region",
        _load_balancers,
        usage.application_load_balancers,
    ),
)

# IAM says both itself (IAM API reference, GetAccountSummary): key of use, key of the quota, what the JSON makes.
IAM: Mapping[str, tuple[str, str, str]] = {
    "IAM roles": ("Roles", "RolesQuota", "aws_iam_role"),
    "IAM customer managed policies": ("Policies", "PoliciesQuota", "aws_iam_policy"),
}

"""What is asked of the account about the rows of ``config.quotas`` that Service Quotas knows: its values, and its use.

The needs are those that synth warns of (``constructs_lib.quotas``). Service Quotas knows no quota of Aurora's capacity
units: an instance may take what `deployment:aurora:maxCapacity` says.
"""

from __future__ import annotations

from collections.abc import Mapping

from config.deployment import Deployment
from config.quotas import Quota, by_key
from constructs_lib.quotas.counts import COUNTS
from constructs_lib.quotas.nodes import steady_vcpu
from idp.doctor import usage

# Row → what the account has of it already. A row of the deployment's own things, such as its VPC's, has none.
USED: Mapping[str, usage.Used] = {
    "application-load-balancers": usage.application_load_balancers,
    "database-clusters": usage.listed("rds", "describe_db_clusters", "DBClusters"),
    "database-instances": usage.listed("rds", "describe_db_instances", "DBInstances"),
    "ecr-repositories": usage.listed("ecr", "describe_repositories", "repositories"),
    "eks-clusters": usage.listed("eks", "list_clusters", "clusters"),
    "elastic-ips": usage.addresses,
    # Of the account's own bus.
    "event-rules": usage.listed("events", "list_rules", "Rules"),
    "internet-gateways": usage.listed("ec2", "describe_internet_gateways", "InternetGateways"),
    "nat-gateways-per-zone": usage.nat_gateways_of_a_zone,
    "on-demand-vcpu": usage.on_demand_vcpu,
    "s3-buckets": usage.buckets,
    "security-groups": usage.listed("ec2", "describe_security_groups", "SecurityGroups"),
    "spot-vcpu": usage.spot_vcpu,
    "target-groups": usage.listed("elbv2", "describe_target_groups", "TargetGroups"),
    "vpcs": usage.listed("ec2", "describe_vpcs", "Vpcs"),
}

# IAM says them itself, in every region (IAM API reference, GetAccountSummary): key of use, and of the quota.
IAM: Mapping[str, tuple[str | None, str]] = {
    "iam-roles": ("Roles", "RolesQuota"),
    "iam-policies": ("Policies", "PoliciesQuota"),
    "iam-instance-profiles": ("InstanceProfiles", "InstanceProfilesQuota"),
    "iam-policies-per-role": (None, "AttachedPoliciesPerRoleQuota"),
    "iam-trust-policy-size": (None, "AssumeRolePolicySizeQuota"),
}


def asked() -> tuple[Quota, ...]:
    """The rows that Service Quotas is asked for: who shares them is known, and somebody can raise them."""
    rows = by_key().values()
    return tuple(
        row
        for row in rows
        if row.kind == "adjustable" and row.key not in IAM and (row.scope == "deployment" or row.key in USED)
    )


def most(row: Quota, deployment: Deployment) -> int:
    """What ``deployment`` may grow to."""
    return COUNTS[row.key](deployment)


def least(row: Quota, deployment: Deployment) -> int:
    """What it can't come up without: of vCPU, what steadily runs; of what teams may make, nothing."""
    if row.key == "on-demand-vcpu":
        return steady_vcpu(deployment)
    return 0 if row.key == "spot-vcpu" or row.estimate else most(row, deployment)

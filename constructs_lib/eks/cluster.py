"""The EKS control plane, with its log group and role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.eks_cluster import (
    EksCluster,
    EksClusterAccessConfig,
    EksClusterEncryptionConfig,
    EksClusterEncryptionConfigProvider,
    EksClusterKubernetesNetworkConfig,
    EksClusterUpgradePolicy,
    EksClusterVpcConfig,
)

from config.deployment import Eks
from constructs_lib.checkov import short_retention
from constructs_lib.eks.roles import role_with
from constructs_lib.engine import TerraformResourceLifecycle
from constructs_lib.evidence.retention import kept
from constructs_lib.network.acl_rules import ANYWHERE
from constructs_lib.stack import PlatformStack

NAME = "cluster"
LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
# AWS gives neither back after creation: an imported cluster would look changed, and both force a new one.
_NEVER_READ_BACK = ["access_config[0].bootstrap_cluster_creator_admin_permissions", "bootstrap_self_managed_addons"]


@dataclass(frozen=True, kw_only=True)
class ClusterProps:
    """``subnet_ids`` are the control plane's own subnets by zone, ``security_group_ids`` join EKS's own group.

    ``secrets_key_arn`` encrypts Kubernetes secrets, ``logs_key_arn`` the control plane's log.
    """

    subnet_ids: Mapping[str, str]
    security_group_ids: Sequence[str]
    secrets_key_arn: str
    logs_key_arn: str


def cluster(stack: PlatformStack, props: ClusterProps) -> EksCluster:
    """Cluster ``<id>-platform``: access by declared entries only, add-ons only as EKS add-ons.

    Raises ValueError where the public endpoint would be open to everyone.
    """
    settings = stack.deployment.eks
    made, attachments = role_with(
        stack,
        NAME,
        service="eks.amazonaws.com",
        description="EKS manages network interfaces and security groups of the cluster",
        managed=["AmazonEKSClusterPolicy"],
    )
    _waive_endpoint(stack)
    stack.serves(f"aws_eks_cluster.{NAME}", *_serves(settings))
    return stack.add(
        EksCluster,
        NAME,
        name=stack.naming.cluster,
        version=settings.version,
        role_arn=made.arn,
        upgrade_policy=EksClusterUpgradePolicy(support_type=settings.support_type),
        access_config=EksClusterAccessConfig(
            authentication_mode="API", bootstrap_cluster_creator_admin_permissions=False
        ),
        bootstrap_self_managed_addons=False,
        kubernetes_network_config=EksClusterKubernetesNetworkConfig(
            ip_family="ipv4", service_ipv4_cidr=settings.service_cidr
        ),
        vpc_config=_vpc_config(settings, props),
        encryption_config=EksClusterEncryptionConfig(
            resources=["secrets"], provider=EksClusterEncryptionConfigProvider(key_arn=props.secrets_key_arn)
        ),
        enabled_cluster_log_types=LOG_TYPES,
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True, ignore_changes=_NEVER_READ_BACK),
        depends_on=[_log(stack, props), *attachments],
    )


def _serves(settings: Eks) -> tuple[str, ...]:
    """Access by entries alone, secrets encrypted, all logs on; a private endpoint is closed to other networks."""
    logged = ("10.2.1", "10.2.1.2", "10.2.1.4", "10.2.1.5", "10.2.1.7", "10.2.2")
    private = ("1.3.1",) if settings.endpoint_access == "private_only" else ()
    return ("2.2.7", "7.3.1", "7.3.3", "8.3.2", *logged, *private)


def _waive_endpoint(stack: PlatformStack) -> None:
    if stack.deployment.eks.endpoint_access == "public_and_private":
        stack.waive(
            f"aws_eks_cluster.{NAME}",
            CKV_AWS_39="Administrators reach the API from public_access_cidrs, never from everywhere; access entries "
            "decide who gets in.",
        )


def _log(stack: PlatformStack, props: ClusterProps) -> CloudwatchLogGroup:
    # EKS would make the group itself at the first line, without retention and key.
    stack.waive(f"aws_cloudwatch_log_group.{NAME}", **short_retention(stack.deployment.eks.log_retention_days))
    stack.serves(f"aws_cloudwatch_log_group.{NAME}", "10.3.3", *kept(stack.deployment.eks.log_retention_days))
    return stack.add(
        CloudwatchLogGroup,
        NAME,
        name=f"/aws/eks/{stack.naming.cluster}/cluster",
        retention_in_days=stack.deployment.eks.log_retention_days,
        kms_key_id=props.logs_key_arn,
    )


def _vpc_config(settings: Eks, props: ClusterProps) -> EksClusterVpcConfig:
    public = settings.endpoint_access == "public_and_private"
    cidrs = list(settings.public_access_cidrs)
    # Without a list AWS takes everyone (EKS API reference, VpcConfigRequest, publicAccessCidrs).
    if public and (not cidrs or ANYWHERE in cidrs):
        raise ValueError("a public API endpoint needs deployment:eks:publicAccessCidrs, without 0.0.0.0/0")
    return EksClusterVpcConfig(
        subnet_ids=list(props.subnet_ids.values()),
        security_group_ids=list(props.security_group_ids),
        endpoint_private_access=True,
        endpoint_public_access=public,
        public_access_cidrs=cidrs if public else None,
    )

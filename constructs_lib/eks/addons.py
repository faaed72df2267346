"""The add-ons that a node needs to become ready: made before the first node, gone after the last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdktf_cdktf_provider_aws.eks_addon import EksAddon, EksAddonPodIdentityAssociation
from cdktf_cdktf_provider_aws.eks_cluster import EksCluster

from config.versions import addon_version
from constructs_lib.engine import TerraformLocal, TerraformResource
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

# Keys and their types are the add-on's own schema (`aws eks describe-addon-configuration`); flags are strings.
# Source: Amazon EKS User Guide, "Limit Pod traffic with network policies" and "Assign more IP addresses to Amazon EKS
# nodes with prefixes".
VPC_CNI: Mapping[str, Any] = {
    "enableNetworkPolicy": "true",
    "env": {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"},
}


def addons_before_nodes(stack: PlatformStack, cluster: EksCluster, *, cni_role_arn: str) -> list[EksAddon]:
    """Pod Identity agent, kube-proxy, and the VPC CNI with the role ``cni_role_arn`` for its ``aws-node``.

    The CNI gets its credentials from the agent, so the node's role needs no CNI rights, which any pod on the host's
    network could use.
    """
    agent = _addon(stack, cluster, "eks-pod-identity-agent")
    proxy = _addon(stack, cluster, "kube-proxy")
    stack.add(TerraformLocal, "vpc_cni", dict(VPC_CNI))
    cni = _addon(
        stack,
        cluster,
        "vpc-cni",
        configuration_values="${jsonencode(local.vpc_cni)}",
        pod_identity_association=[EksAddonPodIdentityAssociation(role_arn=cni_role_arn, service_account="aws-node")],
        depends_on=[agent],
    )
    stack.serves("aws_eks_addon.vpc_cni", "1.3.1", "1.3.2")
    stack.serves("aws_eks_addon.eks_pod_identity_agent", "7.2.5")
    return [agent, proxy, cni]


def _addon(
    stack: PlatformStack,
    cluster: EksCluster,
    name: str,
    *,
    configuration_values: str | None = None,
    pod_identity_association: list[EksAddonPodIdentityAssociation] | None = None,
    depends_on: list[TerraformResource] | None = None,
) -> EksAddon:
    return stack.add(
        EksAddon,
        address(name),
        cluster_name=cluster.name,
        addon_name=name,
        addon_version=addon_version(name, stack.deployment.eks.version),
        configuration_values=configuration_values,
        pod_identity_association=pod_identity_association,
        # What is configured here wins, over a half-made add-on and over edits in the cluster: those would be drift.
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
        depends_on=depends_on,
    )

"""The access entries of the cluster, and the access policies of EKS that go with them."""

from __future__ import annotations

from collections.abc import Iterable

from cdktf_cdktf_provider_aws.eks_access_entry import EksAccessEntry
from cdktf_cdktf_provider_aws.eks_access_policy_association import (
    EksAccessPolicyAssociation,
    EksAccessPolicyAssociationAccessScope,
)
from cdktf_cdktf_provider_aws.eks_cluster import EksCluster

from constructs_lib.eks.access import AccessEntry
from constructs_lib.stack import PlatformStack


def add_access_entries(stack: PlatformStack, cluster: EksCluster, entries: Iterable[AccessEntry]) -> None:
    """One entry for each row.

    EKS keeps the role's id beside its ARN, so an entry is dead once its role was deleted and made again (Amazon EKS
    User Guide, "Create access entries"). The roles are in other states, where no ``replace_triggered_by`` reaches: a
    role that was made again needs ``tofu apply -replace=aws_eks_access_entry.<name>`` here.
    """
    for entry in entries:
        stack.serves(f"aws_eks_access_entry.{entry.name}", "7.2.2", "7.3.1", "7.3.2")
        made = stack.add(
            EksAccessEntry,
            entry.name,
            cluster_name=cluster.name,
            principal_arn=entry.principal_arn,
            type="STANDARD",
            kubernetes_groups=list(entry.groups) or None,
            user_name=entry.user_name,
        )
        if entry.policy:
            stack.serves(f"aws_eks_access_policy_association.{entry.name}", "7.2.2", "7.3.2")
            stack.add(
                EksAccessPolicyAssociation,
                entry.name,
                cluster_name=cluster.name,
                principal_arn=made.principal_arn,
                policy_arn=f"arn:aws:eks::aws:cluster-access-policy/{entry.policy}",
                access_scope=EksAccessPolicyAssociationAccessScope(type="cluster"),
            )

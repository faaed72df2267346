"""Who Karpenter's nodes are: role, instance profile, and their way into the cluster."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.eks_access_entry import EksAccessEntry
from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from cdktf_cdktf_provider_aws.iam_role import IamRole

from constructs_lib.eks.nodes import NODE_POLICIES, pull_through
from constructs_lib.eks.roles import role_with
from constructs_lib.engine import TerraformResource
from constructs_lib.karpenter.names import NODE_ROLE
from constructs_lib.stack import PlatformStack


def node_identity(stack: PlatformStack) -> tuple[IamRole, list[TerraformResource]]:
    """Role ``<id>-karpenter-node``, its instance profile, and its access entry: the role, and
    what must be there before a node.

    The profile is made here and not by Karpenter: IAM has no endpoint in the VPC, and the controller needs no right to
    make profiles. Source: Karpenter documentation, "NodeClasses", spec.instanceProfile.
    """
    role, attachments = role_with(
        stack,
        NODE_ROLE,
        service="ec2.amazonaws.com",
        description="Nodes of Karpenter: join the cluster, pull images, Session Manager",
        managed=NODE_POLICIES,
        statements=pull_through(stack),
    )
    profile = stack.add(IamInstanceProfile, "karpenter_node", name=role.name, role=role.name)
    entry = stack.add(
        EksAccessEntry,
        "karpenter_node",
        cluster_name=stack.naming.cluster,
        principal_arn=role.arn,
        type="EC2_LINUX",
    )
    return role, [profile, entry, *attachments]

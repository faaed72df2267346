"""Roles of the cluster and its nodes, whose attachments others must wait for."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment

from constructs_lib.iam.document import Statement
from constructs_lib.iam.role import role
from constructs_lib.iam.trust import compute_trust
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack


def role_with(
    stack: PlatformStack,
    name: str,
    *,
    service: str,
    description: str,
    managed: Sequence[str],
    statements: Sequence[Statement] = (),
) -> tuple[IamRole, list[IamRolePolicyAttachment]]:
    """Role ``<deployment>-<name>`` for ``service``, and the attachments of the AWS managed policies ``managed``.

    Cluster and nodes wait for the attachments, and go before them: without its policies EKS can't remove the network
    interfaces that it made (provider documentation, aws_eks_cluster and aws_eks_node_group, depends_on).
    """
    made = role(stack, name, description=description, trust=[compute_trust(service)], statements=statements)
    attachments = [
        stack.add(
            IamRolePolicyAttachment,
            address(name, policy.lower()),
            role=made.name,
            policy_arn=f"arn:aws:iam::aws:policy/{policy}",
        )
        for policy in managed
    ]
    return made, attachments

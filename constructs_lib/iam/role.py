"""A role with its trust, its inline policy and AWS-managed policies: three addresses of the same name."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment

from config.names import ROLE_NAME_MAX
from constructs_lib.iam.document import Statement
from constructs_lib.iam.policy import policy_document
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

HOUR = 3600


def role(
    stack: PlatformStack,
    name: str,
    *,
    description: str,
    trust: Sequence[Statement],
    statements: Sequence[Statement] = (),
    managed: Sequence[str] = (),
    boundary: str | None = None,
    session_seconds: int = HOUR,
) -> IamRole:
    """Role ``<deployment>-<name>``. ``statements`` become a customer managed policy of the same name.

    ``managed`` are names of AWS managed policies, ``boundary`` is a permissions boundary's ARN. Raises ValueError where
    the name is longer than IAM allows.
    """
    full_name = stack.naming.name(name)
    if len(full_name) > ROLE_NAME_MAX:
        raise ValueError(f"role name {full_name} has {len(full_name)} characters, IAM allows {ROLE_NAME_MAX}")
    at = address(name)
    made = stack.add(
        IamRole,
        at,
        name=full_name,
        description=description,
        assume_role_policy=policy_document(stack, f"{at}_trust", trust),
        permissions_boundary=boundary,
        max_session_duration=session_seconds,
    )
    if statements:
        policy = stack.add(
            IamPolicy,
            at,
            name=full_name,
            description=description,
            policy=policy_document(stack, at, statements),
        )
        stack.add(IamRolePolicyAttachment, at, role=made.name, policy_arn=policy.arn)
    for aws_managed in managed:
        stack.add(
            IamRolePolicyAttachment,
            address(name, aws_managed.rsplit("/", 1)[-1].lower()),
            role=made.name,
            policy_arn=f"arn:aws:iam::aws:policy/{aws_managed}",
        )
    return made

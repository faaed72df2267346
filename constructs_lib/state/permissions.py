"""What the deployer, the planner and the auditor may do. Pure: imports no engine.

The deployer's services are those of the stacks; its IAM rights stop at the deployment's own names, and it can't take
away the ground it stands on (state, locks, keys of the state).
"""

from __future__ import annotations

from constructs_lib.iam.document import Statement, when
from constructs_lib.naming import Naming

# One entry for each AWS service that a stack of ours manages (provider resource types in stacks/).
DEPLOYED_SERVICES = (
    "acm",
    "autoscaling",
    "budgets",
    "ce",
    "cloudwatch",
    "dynamodb",
    "ec2",
    "ecr",
    "eks",
    "elasticloadbalancing",
    "events",
    "inspector2",
    "kms",
    "logs",
    "rds",
    "route53",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "wafv2",
)


def state_access(naming: Naming, *, write: bool) -> list[Statement]:
    """Read (and write) of every state of the deployment. Locks are ``lock_access``.

    Source: OpenTofu documentation, backend s3, "S3 Bucket Permissions".
    """
    bucket = naming.bucket_arn("tfstate")
    actions = ("s3:GetObject", "s3:PutObject") if write else ("s3:GetObject", "s3:GetObjectVersion")
    key_actions = ("kms:Decrypt", "kms:GenerateDataKey") if write else ("kms:Decrypt",)
    return [
        Statement(sid="StateList", actions=("s3:ListBucket", "s3:GetBucketVersioning"), resources=(bucket,)),
        Statement(sid="StateObjects", actions=actions, resources=(f"{bucket}/{naming.deployment}-*",)),
        Statement(
            sid="StateKey",
            actions=key_actions,
            resources=(naming.arn("kms", "key/*"),),
            conditions=(when("ForAnyValue:StringEquals", "kms:ResourceAliases", naming.state_key_alias),),
        ),
    ]


def lock_access(naming: Naming) -> list[Statement]:
    """Take and release locks, in the table and as lock files (backend s3, "DynamoDB Table Permissions")."""
    return [
        Statement(
            sid="LockTable",
            actions=("dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"),
            resources=(naming.arn("dynamodb", f"table/{naming.lock_table}"),),
        ),
        Statement(
            sid="LockFiles",
            actions=("s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
            resources=(f"{naming.bucket_arn('tfstate')}/{naming.deployment}-*.tflock",),
        ),
    ]


def planner(naming: Naming) -> list[Statement]:
    """On top of the AWS managed policy ReadOnlyAccess: states with locks, and nothing that reads contents."""
    return [
        *state_access(naming, write=False),
        *lock_access(naming),
        Statement(
            sid="DenyContents",
            deny=True,
            actions=(
                "secretsmanager:GetSecretValue",
                "secretsmanager:BatchGetSecretValue",
                "ssm:GetParameterHistory",
                "dynamodb:Scan",
                "dynamodb:Query",
                "logs:GetLogEvents",
                "logs:FilterLogEvents",
            ),
            resources=("*",),
        ),
        Statement(
            sid="DenyOtherObjects",
            deny=True,
            actions=("s3:GetObject", "s3:GetObjectVersion"),
            not_resources=(f"{naming.bucket_arn('tfstate')}/*",),
        ),
    ]


def deployer(naming: Naming) -> list[Statement]:
    """Manage the platform's services in its region; IAM only under the deployment's names; keep the ground."""
    return [
        *state_access(naming, write=True),
        *lock_access(naming),
        Statement(
            sid="PlatformServices",
            actions=tuple(f"{service}:*" for service in DEPLOYED_SERVICES),
            resources=("*",),
        ),
        *_iam(naming),
        Statement(
            sid="KeepRemoteState",
            deny=True,
            actions=(
                "s3:DeleteBucket",
                "s3:DeleteObjectVersion",
                "s3:PutBucketVersioning",
                "dynamodb:DeleteTable",
            ),
            resources=(
                naming.bucket_arn("tfstate"),
                f"{naming.bucket_arn('tfstate')}/*",
                naming.arn("dynamodb", f"table/{naming.lock_table}"),
            ),
        ),
        Statement(
            sid="KeepStateKey",
            deny=True,
            actions=("kms:ScheduleKeyDeletion", "kms:DisableKey"),
            resources=(naming.arn("kms", "key/*"),),
            conditions=(when("ForAnyValue:StringEquals", "kms:ResourceAliases", naming.state_key_alias),),
        ),
    ]


def _iam(naming: Naming) -> list[Statement]:
    own = tuple(
        f"arn:aws:iam::{naming.account}:{kind}{name}"
        for kind in ("role/", "policy/", "instance-profile/")
        for name in (f"{naming.deployment}-*", f"{naming.deployment}/*")
    )
    return [
        Statement(sid="IamRead", actions=("iam:Get*", "iam:List*"), resources=("*",)),
        Statement(
            sid="IamOwnNames",
            actions=(
                "iam:AddRoleToInstanceProfile",
                "iam:AttachRolePolicy",
                "iam:CreateInstanceProfile",
                "iam:CreatePolicy",
                "iam:CreatePolicyVersion",
                "iam:CreateRole",
                "iam:DeleteInstanceProfile",
                "iam:DeletePolicy",
                "iam:DeletePolicyVersion",
                "iam:DeleteRole",
                "iam:DeleteRolePermissionsBoundary",
                "iam:DeleteRolePolicy",
                "iam:DetachRolePolicy",
                "iam:PutRolePermissionsBoundary",
                "iam:PutRolePolicy",
                "iam:RemoveRoleFromInstanceProfile",
                "iam:TagInstanceProfile",
                "iam:TagPolicy",
                "iam:TagRole",
                "iam:UntagInstanceProfile",
                "iam:UntagPolicy",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
                "iam:UpdateRole",
                "iam:UpdateRoleDescription",
            ),
            resources=own,
        ),
        Statement(
            sid="PassOwnRoles",
            actions=("iam:PassRole",),
            resources=own[:2],
            conditions=(
                when(
                    "StringEquals",
                    "iam:PassedToService",
                    "ec2.amazonaws.com",
                    "ecr.amazonaws.com",
                    "eks.amazonaws.com",
                    "events.amazonaws.com",
                    "monitoring.rds.amazonaws.com",
                    "pods.eks.amazonaws.com",
                    "vpc-flow-logs.amazonaws.com",
                ),
            ),
        ),
        Statement(
            sid="ServiceLinkedRoles",
            actions=("iam:CreateServiceLinkedRole",),
            resources=(f"arn:aws:iam::{naming.account}:role/aws-service-role/*",),
        ),
        Statement(
            sid="AccountSingletons",
            actions=(
                "iam:CreateOpenIDConnectProvider",
                "iam:DeleteOpenIDConnectProvider",
                "iam:TagOpenIDConnectProvider",
                "iam:UpdateOpenIDConnectProviderThumbprint",
                "iam:UpdateAccountPasswordPolicy",
                "iam:DeleteAccountPasswordPolicy",
            ),
            resources=("*",),
        ),
    ]

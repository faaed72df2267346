"""The permissions boundary: the most that any role of people, workloads and teams can do. Pure: imports no engine.

A boundary grants nothing; a role may do what both its own policy and the boundary allow (IAM User Guide, "Permissions
boundaries for IAM entities").
"""

from __future__ import annotations

from constructs_lib.data.secrets_table import ANALYSIS_ROLE
from constructs_lib.iam.document import Statement, when
from constructs_lib.naming import Naming

BOUNDARY = "boundary"

# What a row of the access tables, a team's policy or an AWS managed policy of the cluster's own workloads uses.
SERVICES = (
    "acm",
    "arc-zonal-shift",
    "autoscaling",
    "cloudwatch",
    "cognito-idp",
    "ec2",
    "ec2messages",
    "ecr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "events",
    "kms",
    "logs",
    "pi",
    "pricing",
    "rds",
    "rds-db",
    "route53",
    "s3",
    "secretsmanager",
    "shield",
    "sns",
    "sqs",
    "ssm",
    "ssmmessages",
    "tag",
    "waf-regional",
    "wafv2",
)
# What carries a ResourceTag that IAM can compare, and belongs to one deployment.
OWNED = ("ec2", "eks", "elasticloadbalancing", "rds", "secretsmanager", "sqs")


def boundary_statements(naming: Naming) -> list[Statement]:
    """The statements of policy ``<id>-boundary``."""
    own_roles = naming.role_arn("*")
    return [
        Statement(sid="Services", actions=tuple(f"{service}:*" for service in SERVICES), resources=("*",)),
        # Karpenter makes the nodes' instance profiles; load balancers need their service-linked role once.
        Statement(
            sid="NodesAndBalancers",
            actions=(
                "iam:AddRoleToInstanceProfile",
                "iam:CreateInstanceProfile",
                "iam:CreateServiceLinkedRole",
                "iam:DeleteInstanceProfile",
                "iam:Get*",
                "iam:List*",
                "iam:RemoveRoleFromInstanceProfile",
                "iam:TagInstanceProfile",
            ),
            resources=("*",),
        ),
        Statement(
            sid="PassNodeRole",
            actions=("iam:PassRole",),
            resources=(own_roles,),
            conditions=(when("StringEquals", "iam:PassedToService", "ec2.amazonaws.com"),),
        ),
        Statement(
            sid="Operators",
            actions=("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"),
            resources=(naming.role_arn("deployer"), naming.role_arn("planner")),
        ),
        # External Secrets becomes a team's role to read for the team's namespace, and one for what all of them receive.
        Statement(
            sid="SecretsOfTeams",
            actions=("sts:AssumeRole", "sts:TagSession"),
            resources=(naming.role_arn("team-*-secrets", naming.team_role_path), naming.role_arn(ANALYSIS_ROLE)),
        ),
        Statement(sid="WhoAmI", actions=("sts:GetCallerIdentity",), resources=("*",)),
        *_denials(naming),
    ]


def _denials(naming: Naming) -> list[Statement]:
    state = naming.bucket_arn("tfstate")
    return [
        # Roles, policies, users and boundaries are made by the deployer alone, this boundary included.
        Statement(
            sid="NoEscalation",
            deny=True,
            actions=(
                "iam:Attach*",
                "iam:CreateAccessKey",
                "iam:CreateLoginProfile",
                "iam:CreatePolicy*",
                "iam:CreateRole",
                "iam:CreateUser",
                "iam:DeletePolicy*",
                "iam:DeleteRole*",
                "iam:Detach*",
                "iam:Put*",
                "iam:SetDefaultPolicyVersion",
                "iam:Update*",
            ),
            resources=("*",),
        ),
        Statement(
            sid="NoState",
            deny=True,
            actions=("dynamodb:*", "s3:*"),
            resources=(state, f"{state}/*", naming.arn("dynamodb", f"table/{naming.lock_table}")),
        ),
        Statement(
            sid="NoStateKey",
            deny=True,
            actions=("kms:*",),
            resources=(naming.arn("kms", "key/*"),),
            conditions=(when("ForAnyValue:StringEquals", "kms:ResourceAliases", naming.state_key_alias),),
        ),
        Statement(
            sid="NoKeyAdministration",
            deny=True,
            actions=("kms:Disable*", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"),
            resources=("*",),
        ),
        # Every resource carries the tag "deployment" (default tags); what carries none belongs to nobody here.
        Statement(
            sid="NoOtherDeployment",
            deny=True,
            actions=tuple(f"{service}:*" for service in OWNED),
            resources=("*",),
            conditions=(
                when("Null", "aws:ResourceTag/deployment", "false"),
                when("StringNotEquals", "aws:ResourceTag/deployment", naming.deployment),
            ),
        ),
    ]

"""The roles of who plans, deploys and audits, with their trust."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.iam_role import IamRole

from constructs_lib.iam.breadth import waive_breadth
from constructs_lib.iam.document import Statement
from constructs_lib.iam.role import HOUR, role
from constructs_lib.iam.trust import BREAK_GLASS, break_glass_trust
from constructs_lib.stack import PlatformStack
from constructs_lib.state import permissions, trust
from constructs_lib.state.security_services import security_services

# A full apply of every stack takes well over an hour on AWS, most of it for cluster and database.
DEPLOYER_SESSION = 4 * HOUR


@dataclass(frozen=True, kw_only=True)
class StateRoles:
    deployer: IamRole
    planner: IamRole
    auditor: IamRole


def state_roles(stack: PlatformStack) -> StateRoles:
    """``<id>-deployer``, ``<id>-planner`` and ``<id>-auditor``."""
    for name in ("deployer", "planner"):
        stack.waive(
            f"aws_iam_role.{name}",
            CKV_AWS_61="The account stands for one role that doesn't exist yet: aws:PrincipalArn names it.",
        )
    waive_breadth(stack, "deployer", "It applies every stack; the deployment branch's CI and administrators assume it.")
    for name in ("deployer", "planner"):
        stack.serves(f"aws_iam_role.{name}", "1.2.8", "6.5.4", "7.2.2", "8.6.2")
    stack.serves("aws_iam_role.auditor", "1.2.8", "7.2.2")
    return StateRoles(
        deployer=role(
            stack,
            "deployer",
            description="Applies the stacks: CI on the deployment branch, Atlantis, administrators",
            trust=trust.deployers(stack.naming, stack.deployment),
            statements=[*permissions.deployer(stack.naming), *security_services(stack.deployment)],
            session_seconds=DEPLOYER_SESSION,
        ),
        planner=role(
            stack,
            "planner",
            description="Plans the stacks: CI on pull requests, Atlantis, administrators",
            trust=trust.planners(stack.naming, stack.deployment),
            statements=permissions.planner(stack.naming),
            managed=("ReadOnlyAccess",),
        ),
        auditor=role(
            stack,
            "auditor",
            description="Reads Terraform state, without taking locks",
            trust=[trust.auditors(stack.deployment)],
            statements=permissions.state_access(stack.naming, write=False),
        ),
    )


def break_glass_role(stack: PlatformStack) -> None:
    """``<id>-break-glass``, where the deployment file names users: the way to administrator and deployer when nobody
    can sign in by Identity Center (docs/adr/0043). It may do nothing else; a session lasts an hour.
    """
    users = stack.deployment.access.break_glass
    if not users:
        return
    roles = ("admin", "deployer")
    role(
        stack,
        BREAK_GLASS,
        description="Emergencies: declared users with a second factor become administrator or deployer",
        trust=[break_glass_trust(users)],
        statements=[
            Statement(
                sid="Become",
                actions=("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"),
                resources=tuple(stack.naming.role_arn(name) for name in roles),
            )
        ],
    )
    stack.serves("aws_iam_role.break_glass", "7.2.2", "8.2.2", "8.4.1")

"""The roles of a team, and how its people reach the cluster. Addresses don't hold the team's name: the stack does."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.eks_access_entry import EksAccessEntry
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy

from config.teams import Team
from constructs_lib.iam.document import Statement
from constructs_lib.iam.policy import policy_document
from constructs_lib.iam.role import HOUR
from constructs_lib.iam.trust import people_trust, reader_trust
from constructs_lib.stack import PlatformStack
from constructs_lib.teams.names import PERSON_ROLES, PersonRole, kubernetes_group, role_name
from constructs_lib.teams.rights import AwsRole, rights_of


def person_roles(stack: PlatformStack, team: Team, *, boundary: str) -> None:
    """``<id>-team-<name>-developer`` and ``-viewer``, each with an access entry for its group.

    An entry names the role by its whole ARN, path included (Amazon EKS User Guide, "Create access entries").
    """
    for name in PERSON_ROLES:
        made = _role(stack, team, name, [people_trust(_trusted(stack, team, name))], boundary)
        stack.serves(f"aws_eks_access_entry.{name}", "7.2.2", "7.3.1", "7.3.2")
        stack.add(
            EksAccessEntry,
            name,
            cluster_name=stack.naming.cluster,
            principal_arn=made.arn,
            type="STANDARD",
            kubernetes_groups=[kubernetes_group(stack.deployment.id, team.name, name)],
        )


def secrets_role(stack: PlatformStack, team: Team, *, reader: str, boundary: str) -> IamRole:
    """``<id>-team-<name>-secrets``: what External Secrets, role ``reader``, becomes for the team's store."""
    return _role(stack, team, "secrets", [reader_trust(reader)], boundary)


def _trusted(stack: PlatformStack, team: Team, name: PersonRole) -> Sequence[str]:
    """Who may assume the role; where nobody is declared, the administrators: a role must trust somebody."""
    declared = team.developer_roles if name == "developer" else team.viewer_roles
    return declared or [person.role for person in stack.deployment.access.administrators]


def _role(stack: PlatformStack, team: Team, name: AwsRole, trust: Sequence[Statement], boundary: str) -> IamRole:
    """A role below the path of teams, its rights inline: they are nobody else's."""
    naming = stack.naming
    made = stack.add(
        IamRole,
        name,
        name=naming.name(role_name(team.name, name)),
        path=naming.team_role_path,
        description=f"Team {team.name}: {name}",
        assume_role_policy=policy_document(stack, f"{name}_trust", trust),
        permissions_boundary=boundary,
        max_session_duration=HOUR,
    )
    stack.serves(f"aws_iam_role.{name}", "7.2.5" if name == "secrets" else "7.2.2", "7.3.2")
    document = policy_document(stack, name, rights_of(name, naming, stack.deployment, team.name))
    stack.add(IamRolePolicy, name, name=name, role=made.name, policy=document)
    return made

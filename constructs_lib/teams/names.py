"""Every name that derives from a team's. Pure: imports no engine.

Where a name of one team could be the start of another's (``a`` and ``a-b``), a character follows that team names don't
hold: a slash, or two dashes.
"""

from __future__ import annotations

from typing import Literal

from config.deployment import Deployment
from config.names import team_namespace
from config.teams import Team
from constructs_lib.eks.access import group
from constructs_lib.naming import Naming
from constructs_lib.registry.table import TEAM_PREFIX

PersonRole = Literal["developer", "viewer"]
PERSON_ROLES: tuple[PersonRole, ...] = ("developer", "viewer")
STAGING, SANDBOX = "staging", "sandbox"
# Label of pull requests that have a preview.
PREVIEW_LABEL = "preview"
# Of people in team groups; the admission policy of chart shared-namespaces knows them by it.
GROUP_PREFIX = "team-"


def kubernetes_group(deployment_id: str, team: str, role: PersonRole) -> str:
    """The group of the access entry, which RBAC binds: ``idp:team-alpha:developers``."""
    return group(deployment_id, f"{GROUP_PREFIX}{team}:{role}s")


def role_name(team: str, purpose: str) -> str:
    """The role's name without the deployment's id: ``team-alpha-developer``."""
    return f"team-{team}-{purpose}"


def role_arn(naming: Naming, team: str, purpose: str) -> str:
    return naming.role_arn(role_name(team, purpose), naming.team_role_path)


def secrets_path(team: str) -> str:
    """Where the team's secrets are, below ``/<id>/``: ``team/alpha/``."""
    return f"team/{team}/"


def repository_prefix(team: str) -> str:
    """Where the team's images are: ``team/alpha/``."""
    return f"{TEAM_PREFIX}/{team}/"


def artifacts_prefix(team: str) -> str:
    """Where the team's objects in the artifacts bucket are: keys start with the namespace."""
    return f"{team_namespace(team)}/"


def developer_groups(deployment: Deployment, team: Team) -> tuple[str, ...]:
    """Groups of the identity provider whose people are developers."""
    return (f"{deployment.github.organization}:{team.name}",) if team.groups is None else team.groups


def owner(deployment: Deployment, team: Team) -> str:
    """Who answers for the team: an e-mail address."""
    return team.owner or deployment.access.administrators[0].email

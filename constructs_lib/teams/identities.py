"""Which roles in AWS each team has, and which service accounts of its namespace have one. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from config.deployment import Deployment
from constructs_lib.addons.namespaces import builds_images
from constructs_lib.teams.names import PERSON_ROLES
from constructs_lib.teams.rights import AwsRole
from constructs_lib.workflows.accounts import ROLES
from constructs_lib.workflows.settings import DEPLOYER


def team_roles(components: Collection[str]) -> tuple[AwsRole, ...]:
    """The roles of a team where ``components`` are on."""
    return (*PERSON_ROLES, "secrets") if "external-secrets" in components else PERSON_ROLES


def pod_identities(deployment: Deployment, components: Collection[str]) -> Mapping[str, str]:
    """Service account of a team's namespace → the workload whose role it has; ``components`` are on."""
    if "argo-workflows" not in components:
        return {}
    return {**ROLES, DEPLOYER: "argo-deployer-sa"} if builds_images(deployment) else ROLES

"""Values of the releases that all teams share: charts ``shared-namespaces`` and ``namespace-ttl``. Pure."""

from __future__ import annotations

from typing import Any, get_args

from config.deployment import Deployment
from config.team_capacity import largest_room
from config.teams import SHARED_QUOTAS
from constructs_lib.eks.access import group
from constructs_lib.helm.values import values
from constructs_lib.teams.kinds import Role, api_version, cluster_role, kinds, rules
from constructs_lib.teams.limits import hard, limit_range
from constructs_lib.teams.names import GROUP_PREFIX, SANDBOX, STAGING
from constructs_lib.teams.traffic import shared_policies
from constructs_lib.teams.values import shared_namespaces
from constructs_lib.telemetry.analysis import credentials

NAMESPACES_CHART = "shared-namespaces"
TTL_CHART = "namespace-ttl"

# No Secret can be in the sandbox, where developers of all teams run commands in all pods.
_FURTHER = {SANDBOX: {"count/secrets": "0"}}


def namespaces_values(deployment: Deployment) -> str:
    """The values file of chart ``shared-namespaces``."""
    largest = largest_room(deployment)
    return values(
        deployment,
        NAMESPACES_CHART,
        namespaces=[
            {
                "name": name,
                "scope": name,
                "quota": hard(SHARED_QUOTAS[name]) | _FURTHER.get(name, {}),
                "limits": limit_range(SHARED_QUOTAS[name], largest),
            }
            for name in shared_namespaces(deployment)
        ],
        policies=shared_policies(deployment),
        roles=_roles(deployment),
        cleaning=_cleaning(deployment) if has_ttl(deployment) else [],
        credentials=credentials(deployment, STAGING),
        group_prefix=group(deployment.id, GROUP_PREFIX),
    )


def has_ttl(deployment: Deployment) -> bool:
    """Whether somebody deletes what is past its time."""
    return SANDBOX in shared_namespaces(deployment)


def ttl_values(deployment: Deployment) -> str:
    """The values file of chart ``namespace-ttl``."""
    return values(deployment, TTL_CHART, kinds=_made_in_sandbox(deployment))


def _roles(deployment: Deployment) -> list[dict[str, Any]]:
    """The ClusterRoles that grant something in ``deployment``."""
    found = []
    for role in get_args(Role):
        own = rules(deployment, role)
        if own and not (_of_workflows(role) and "argo-workflows" not in deployment.components.enabled()):
            found.append({"name": cluster_role(role), "rules": own})
    return found


def _of_workflows(role: Role) -> bool:
    return role in ("executor", "workflows-developer", "workflows-viewer")


def _made_in_sandbox(deployment: Deployment) -> list[dict[str, Any]]:
    """Whatever developers may make in the sandbox, by API group.

    With its version: Kyverno's deleting controller lists by the very version that a rule names, so ``*`` finds nothing
    (kyverno 1.19, pkg/admissionpolicy, GetGVRs).
    """
    found: dict[str, list[str]] = {}
    for row in kinds(deployment):
        if row.sandbox == "full" and row.kind:
            found.setdefault(row.group, []).append(row.resource)
    return [
        {"group": group, "version": api_version(group), "resources": resources} for group, resources in found.items()
    ]


def _cleaning(deployment: Deployment) -> list[dict[str, Any]]:
    verbs = ["get", "list", "watch", "delete"]
    rows = [{"group": "", "resources": ["namespaces"]}, *_made_in_sandbox(deployment)]
    return [{"apiGroups": [row["group"]], "resources": row["resources"], "verbs": verbs} for row in rows]

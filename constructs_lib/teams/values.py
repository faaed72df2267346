"""Values of the release of a team: chart ``idp-team``. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from config.capacity import Room
from config.deployment import Deployment
from config.names import application_name, source_name, team_namespace
from config.team_capacity import largest_room
from config.teams import Team
from constructs_lib.addons.namespaces import NAMESPACES, builds_images
from constructs_lib.helm.blocks import block, remember
from constructs_lib.naming import Naming
from constructs_lib.teams.git import team_git
from constructs_lib.teams.kinds import Role, cluster_role, deployable
from constructs_lib.teams.limits import hard, limit_range
from constructs_lib.teams.names import (
    PERSON_ROLES,
    SANDBOX,
    STAGING,
    developer_groups,
    kubernetes_group,
    owner,
    role_arn,
    secrets_path,
)
from constructs_lib.teams.previews import team_previews
from constructs_lib.teams.traffic import shared_policies, team_policies, workflow_policies
from constructs_lib.telemetry.analysis import credentials
from constructs_lib.workflows.accounts import ROLES
from constructs_lib.workflows.daemons import CLIENT_SECRET, TRUSTED
from constructs_lib.workflows.settings import DEPLOYER, DEPLOYER_ROLE, SENSOR

CHART = "idp-team"
STORE = "team"
IN_CLUSTER = "https://kubernetes.default.svc"
_RULE = "workflows.argoproj.io/rbac-rule"
_PRECEDENCE = "workflows.argoproj.io/rbac-rule-precedence"


@dataclass(frozen=True, kw_only=True)
class Common:
    """What is the same for every team of a deployment, worked out once. ``shared`` are the shared namespaces."""

    components: frozenset[str]
    largest: Room | None
    shared: tuple[str, ...]
    values: dict[str, Any]
    text: str


def shared_namespaces(deployment: Deployment) -> tuple[str, ...]:
    """The shared namespaces that are there; a sandbox only where Kyverno empties it."""
    return (STAGING, SANDBOX) if "kyverno" in deployment.components.enabled() else (STAGING,)


def common(deployment: Deployment) -> Common:
    """The common part of ``deployment``."""
    on = frozenset(deployment.components.enabled())
    values = {
        "networkPolicies": [*shared_policies(deployment), *workflow_policies(deployment)],
        "deployableKinds": deployable(deployment) if "argocd" in on else [],
    }
    return Common(
        components=on,
        largest=largest_room(deployment),
        shared=shared_namespaces(deployment),
        values=values,
        text=f"\n# The same for every team.\n{block(values)}\n",
    )


def team_values(deployment: Deployment, naming: Naming, team: Team, same: Common) -> str:
    """The values file of ``team``."""
    own = own_values(deployment, naming, team, same)
    text = f"# Chart {CHART}: team {team.name}, as deployment:teams says.\n{block(own)}\n{same.text}"
    return remember(text, {**own, **same.values})


def own_values(deployment: Deployment, naming: Naming, team: Team, same: Common) -> dict[str, Any]:
    """The part of the values that is ``team``'s own."""
    namespace = team_namespace(team.name)
    return {
        "team": {"name": team.name, "namespace": namespace, "owner": owner(deployment, team)},
        "namespaces": [{"name": namespace, "podSecurity": "restricted"} | ({"pool": team.pool} if team.pool else {})],
        "bindings": _bindings(deployment, team, same),
        "serviceAccounts": _service_accounts(deployment, team, same),
        "quota": hard(team.resources),
        "limits": limit_range(team.resources, largest_room(deployment, team.pool) if team.pool else same.largest),
        "ownPolicies": team_policies(deployment, internet=team.internet, egress=team.egress),
        "secretStore": _store(deployment, naming, team) if "external-secrets" in same.components else None,
        "externalSecrets": credentials(deployment, namespace),
        "deliveries": _deliveries(deployment, team, same) if "argocd" in same.components else None,
        "previews": team_previews(deployment, team),
        "pipelines": _pipelines(deployment, team, same),
        "git": team_git(deployment, team),
    }


def _bindings(deployment: Deployment, team: Team, same: Common) -> list[dict[str, Any]]:
    namespace = team_namespace(team.name)
    found = [
        {
            "name": f"{role}s",
            "namespace": namespace,
            "role": cluster_role(role),
            "group": kubernetes_group(deployment.id, team.name, role),
        }
        for role in PERSON_ROLES
    ]
    developers = kubernetes_group(deployment.id, team.name, "developer")
    places: dict[str, Role] = {STAGING: "staging", SANDBOX: "sandbox"}
    found += [
        {"name": namespace, "namespace": place, "role": cluster_role(places[place]), "group": developers}
        for place in same.shared
    ]
    if "argo-workflows" in same.components:
        accounts: dict[str, Role] = {
            **dict.fromkeys(ROLES, "executor"),
            "workflows-developer": "workflows-developer",
            "workflows-viewer": "workflows-viewer",
        }
        found += [
            {"name": account, "namespace": namespace, "role": cluster_role(role), "account": account}
            for account, role in accounts.items()
        ]
    if builds_images(deployment):
        found.append({"name": DEPLOYER, "namespace": namespace, "role": DEPLOYER_ROLE, "account": DEPLOYER})
    return found


def _service_accounts(deployment: Deployment, team: Team, same: Common) -> list[dict[str, Any]]:
    """Of workflow pods, and of people in Argo Workflows: who matches both rules is a developer."""
    if "argo-workflows" not in same.components:
        return []
    namespace = team_namespace(team.name)
    return [
        *({"name": name, "namespace": namespace} for name in ROLES),
        *([{"name": DEPLOYER, "namespace": namespace}] if builds_images(deployment) else []),
        _account("workflows-developer", namespace, developer_groups(deployment, team), team.members, precedence=2),
        _account("workflows-viewer", namespace, team.viewer_groups, (), precedence=1),
    ]


def _account(
    name: str, namespace: str, groups: Sequence[str], members: Sequence[str], *, precedence: int
) -> dict[str, Any]:
    rules = [f"'{group}' in groups" for group in groups]
    rules += [f"preferred_username == '{member}'" for member in members]
    annotations = {_RULE: " || ".join(rules) or "false", _PRECEDENCE: str(precedence)}
    return {"name": name, "namespace": namespace, "annotations": annotations, "token": True}


def _store(deployment: Deployment, naming: Naming, team: Team) -> dict[str, Any]:
    return {
        "name": STORE,
        "region": deployment.platform.region,
        "role": role_arn(naming, team.name, "secrets"),
        "prefix": f"/{deployment.id}/{secrets_path(team.name)}",
    }


def _pipelines(deployment: Deployment, team: Team, same: Common) -> dict[str, Any] | None:
    """What workflows of the team need beside their accounts: the way to the builder, and sight of what is deployed."""
    if not builds_images(deployment):
        return None
    places = ("team", *same.shared)
    return {
        "builder": {"issuer": TRUSTED.name, "secret": CLIENT_SECRET},
        "deployer": DEPLOYER,
        "sensor": _sensor(team, same),
        "applications": [application_name(team.name, source, place) for source in team.sources for place in places],
    }


def _sensor(team: Team, same: Common) -> dict[str, str] | None:
    """Who starts workflows when something happens in the team's repositories."""
    if "argo-events" not in same.components or not team.sources:
        return None
    return {"account": SENSOR, "namespace": NAMESPACES["argo-events"].name}


def _deliveries(deployment: Deployment, team: Team, same: Common) -> dict[str, Any]:
    own = {"place": "team", "namespace": team_namespace(team.name)}
    return {
        "namespace": NAMESPACES["argocd"].name,
        "server": IN_CLUSTER,
        "sources": [{"name": source_name(each), "url": f"https://github.com/{each}"} for each in team.sources],
        "destinations": [own, *({"place": place, "namespace": place} for place in same.shared)],
        "developers": [*developer_groups(deployment, team), *team.members],
        "viewers": list(team.viewer_groups),
    }

"""Previews of pull requests: values of chart ``preview-namespaces``, and of a team's part in chart ``idp-team``. Pure.

Argo CD makes a namespace for each open pull request with the label (docs/adr/0018).
"""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from config.names import preview_namespace, preview_prefix, source_name
from config.rules.previews import NEEDED
from config.team_capacity import largest_room
from config.teams import PREVIEW_QUOTA, Team
from constructs_lib.addons.namespaces import NAMESPACES
from constructs_lib.components.catalog.argocd import ARGOCD, GITHUB_APP, PYTHON
from constructs_lib.components.catalog.argocd_pods import PREVIEW_LABELS
from constructs_lib.components.images import located
from constructs_lib.components.pods import placed
from constructs_lib.eks.access import group
from constructs_lib.helm.values import values
from constructs_lib.registry.table import PREVIEW_TAG, registry
from constructs_lib.teams.kinds import cluster_role, kinds
from constructs_lib.teams.limits import hard, limit_range
from constructs_lib.teams.names import GROUP_PREFIX, PREVIEW_LABEL
from constructs_lib.teams.traffic import shared_policies
from constructs_lib.workflows.events import image, publishes

CHART = "preview-namespaces"
# For how many hours the label of pull requests stays on.
HOURS = 24
# Where Argo CD looks in the pull request's commit.
_PATH = "deploy/preview"


def has_previews(deployment: Deployment) -> bool:
    """Whether teams can have previews: what makes them, closes them and ends them is on."""
    return set(NEEDED) <= set(deployment.components.enabled())


def previews_values(deployment: Deployment) -> str:
    """The values file of chart ``preview-namespaces``."""
    return values(
        deployment,
        CHART,
        argocd=NAMESPACES["argocd"].name,
        group_prefix=group(deployment.id, GROUP_PREFIX),
        view_role=cluster_role("viewer"),
        quota=hard(PREVIEW_QUOTA) | {"count/secrets": "0"},
        limits=limit_range(PREVIEW_QUOTA, largest_room(deployment)),
        policies=shared_policies(deployment),
    )


def team_previews(deployment: Deployment, team: Team) -> dict[str, Any] | None:
    """The part of ``team``; None where it has no previews."""
    app = deployment.github.app
    if not team.previews or app is None:
        return None
    return {
        "project": f"preview-{team.name}",
        "namespaces": f"{preview_prefix(team.name)}*",
        "label": PREVIEW_LABEL,
        "limit": team.preview_limit,
        "path": _PATH,
        "repositories": [_repository(deployment, team, each) for each in team.previews],
        "kinds": [
            {"group": row.group, "kind": row.kind}
            for row in kinds(deployment)
            # What only a namespace of a team's own can use, such as workflows and its store, is left out.
            if row.deployed and row.kind and row.sandbox == "full"
        ],
        "app": {"id": app.id, "installation": app.installation, **GITHUB_APP},
        "remover": _remover(deployment),
    }


def _repository(deployment: Deployment, team: Team, repository: str) -> dict[str, str]:
    owner, _, name = repository.partition("/")
    found = {
        "name": source_name(repository),
        "owner": owner,
        "repository": name,
        "namespace": preview_namespace(team.name, repository, "{{ .number }}"),
    }
    if publishes(team, repository):
        # What ci publishes of the commit (sensors/pull-request.yaml), in place of what the directory names.
        name = image(team, repository)
        found["image"] = f"{name}={registry(deployment)}/{name}:{PREVIEW_TAG}{{{{ .head_sha }}}}"
    return found


def _remover(deployment: Deployment) -> dict[str, Any]:
    pods = placed(PREVIEW_LABELS, deployment)
    (image,) = (each for each in ARGOCD.images if each.name == PYTHON)
    return {
        "image": located(deployment, image).reference,
        "hours": HOURS,
        "schedule": "*/15 * * * *",
        "labels": dict(pods.labels),
        "priority": pods.priority,
        "placement": dict(pods.placement),
        "resources": dict(pods.resources),
    }

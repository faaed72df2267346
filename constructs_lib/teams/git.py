"""Logins to Git of a team's workflows: tokens of the GitHub App, for an hour and the team's repositories. Pure.

Why not a password for each team: docs/adr/0025.
"""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from config.names import team_namespace
from config.teams import Team
from constructs_lib.addons.namespaces import NAMESPACES, builds_images
from constructs_lib.components.catalog.argocd import GITHUB_APP

# Argo CD has the App's key in its namespace, External Secrets makes tokens of it.
_NEEDED = frozenset({"argocd", "external-secrets"})
# Secret in the namespace (keys username and password) → the App's right on contents that its token has (GitHub
# documentation, "Generating an installation access token for a GitHub App", permissions). Steps of
# workflow-templates/ mount them.
CREDENTIALS = {"git-credentials": "read", "git-push-credentials": "write"}


def team_git(deployment: Deployment, team: Team) -> dict[str, Any] | None:
    """The part of chart ``idp-team``; None where nobody could make a token, or nothing would use it."""
    app = deployment.github.app
    repositories = _of_installation(deployment, team)
    usable = builds_images(deployment) and set(deployment.components.enabled()) >= _NEEDED
    if app is None or not repositories or not usable:
        return None
    home = team_namespace(team.name)
    return {
        "namespace": NAMESPACES["argocd"].name,
        "repositories": repositories,
        "app": {"id": app.id, "installation": app.installation, **GITHUB_APP},
        # Two dashes: no name of one team is the start of another's.
        "credentials": [
            {"name": name, "token": f"{home}--{name}", "contents": right} for name, right in CREDENTIALS.items()
        ],
    }


def _of_installation(deployment: Deployment, team: Team) -> list[str]:
    """Names of the team's sources in the App's organization: GitHub refuses a token that names another's as well."""
    organization = deployment.github.organization.lower()
    split = (source.partition("/") for source in team.sources)
    return [name for owner, _, name in split if owner.lower() == organization]

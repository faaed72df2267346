"""Logins to Git of a team's workflows: tokens of the GitHub App, for an hour and the team's repositories. Pure.

Why not a password for each team: docs/adr/0025.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.deployment import Deployment
from config.names import team_namespace
from config.teams import Team
from constructs_lib.addons.namespaces import NAMESPACES, builds_images
from constructs_lib.components.catalog.argocd import GITHUB_APP

# Argo CD has the App's key in its namespace, External Secrets makes tokens of it.
_NEEDED = frozenset({"argocd", "external-secrets"})
# Repositories of one token (GitHub documentation, "Create an installation access token for an app").
_MOST = 500
# Secret in the namespace (keys username and password) → the App's right on contents that its token has (GitHub
# documentation, "Generating an installation access token for a GitHub App", permissions). Steps of
# workflow-templates/ mount them.
CREDENTIALS = {"git-credentials": "read", "git-push-credentials": "write"}


def team_git(deployment: Deployment, team: Team) -> dict[str, Any] | None:
    """The part of chart ``idp-team``; None where nobody could make a token, or nothing would use it."""
    return _git(deployment, team_namespace(team.name), _of_installation(deployment, team), CREDENTIALS)


def platform_git(deployment: Deployment) -> dict[str, Any] | None:
    """The part of chart ``workflow-templates``: documentation of every team is built in the platform's own namespace.

    None as for ``team_git``, and without events, which start that.
    """
    names = {name for team in deployment.teams for name in _of_installation(deployment, team)}
    home, read = NAMESPACES["argo-workflows"].name, {"git-credentials": CREDENTIALS["git-credentials"]}
    found = _git(deployment, home, sorted(names)[:_MOST], read)
    return None if found is None or "argo-events" not in deployment.components.enabled() else {"home": home, **found}


def _git(
    deployment: Deployment, home: str, repositories: list[str], credentials: Mapping[str, str]
) -> dict[str, Any] | None:
    app = deployment.github.app
    usable = builds_images(deployment) and set(deployment.components.enabled()) >= _NEEDED
    if app is None or not repositories or not usable:
        return None
    return {
        "namespace": NAMESPACES["argocd"].name,
        "repositories": repositories,
        "app": {"id": app.id, "installation": app.installation, **GITHUB_APP},
        # Two dashes: no name of one team is the start of another's.
        "credentials": [
            {"name": name, "token": f"{home}--{name}", "contents": right} for name, right in credentials.items()
        ],
    }


def _of_installation(deployment: Deployment, team: Team) -> list[str]:
    """Names of the team's sources in the App's organization: GitHub refuses a token that names another's as well."""
    organization = deployment.github.organization.lower()
    split = (source.partition("/") for source in team.sources)
    return [name for owner, _, name in split if owner.lower() == organization]

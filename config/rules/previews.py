"""Rules of previews of pull requests."""

from __future__ import annotations

from collections.abc import Iterator

from config.deployment import Deployment
from config.file import DeploymentFile
from config.names import preview_namespace_over, source_name
from config.rules.finding import Finding, twice

KEY = "deployment:teams"
# Argo CD makes them, External Secrets gets the token that takes them away in time, Kyverno closes them.
NEEDED = ("argocd", "external-secrets", "kyverno")


def repositories(file: DeploymentFile) -> Iterator[Finding]:
    """A team's previews are of its sources, each named once, and their namespaces' names fit."""
    for index, team in enumerate(file.teams):
        key = f"{KEY}[{index}].previews"
        yield from twice(key, team.previews, "a repository")
        for at, repository in enumerate(team.previews):
            if repository not in team.sources:
                yield Finding(
                    key=f"{key}[{at}]",
                    value=repository,
                    message="must be one of the team's sources, from which Argo CD may deploy",
                    remedy="add it to sources, or remove it here",
                )
            over = preview_namespace_over(team.name, repository)
            if over > 0:
                name = source_name(repository)
                yield Finding(
                    key=f"{key}[{at}]",
                    value=repository,
                    message=f"must have a name of at most {len(name) - over} characters beside a team's of "
                    f"{len(team.name)}: both are part of namespaces, which Kubernetes limits to 63",
                    remedy="remove it here, or shorten the team's or the repository's name",
                )


def needs(deployment: Deployment) -> Iterator[Finding]:
    """Where a team has previews, there is what makes them and takes them away."""
    missing = [name for name in NEEDED if name not in deployment.components.enabled()]
    for index, team in enumerate(deployment.teams):
        key = f"{KEY}[{index}].previews"
        if team.previews and missing:
            yield Finding(
                key=key,
                value=list(team.previews),
                message=f"must be empty without {' and '.join(missing)}",
                remedy="remove them, or switch the components on",
            )
        if team.previews and deployment.github.app is None:
            yield Finding(
                key=key,
                value=list(team.previews),
                message="must be empty without deployment:github:app, which takes labels off pull requests",
                remedy='write "deployment:github:app": {"id": "…", "installation": "…"}',
            )
        yield from _strangers(index, team.previews, deployment.github.organization)


def _strangers(index: int, previews: tuple[str, ...], organization: str) -> Iterator[Finding]:
    """An installation of the App sees one organization."""
    for at, repository in enumerate(previews):
        if repository.partition("/")[0].lower() != organization.lower():
            yield Finding(
                key=f"{KEY}[{index}].previews[{at}]",
                value=repository,
                message=f"must be of organization {organization}, where the GitHub App is installed",
                remedy="remove it, or change deployment:github:organization",
            )


FILE_RULES = (repositories,)
DEPLOYMENT_RULES = (needs,)

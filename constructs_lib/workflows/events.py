"""Which repositories' events start workflows, and where: what sensors/ leave open. Pure: imports no engine."""

from __future__ import annotations

import hashlib
from typing import Any

from config.deployment import Deployment
from config.names import source_name, team_namespace
from config.teams import Team
from constructs_lib.addons.namespaces import NAMESPACES, PULL_REQUESTS, builds_images
from constructs_lib.registry.table import PREVIEW_TAG
from constructs_lib.teams.names import PREVIEW_LABEL, repository_prefix
from constructs_lib.workflows.settings import DOCS_SENSOR, SENSOR, STRANGER_SENSOR

# Files of sensors/.
SENSORS = ("push", "pull-request", "stranger", "release", "docs")
SOURCE_ACCOUNT = "argo-events-source"
# Kubernetes documentation, "Labels and Selectors": a trigger's name becomes a label of what it makes.
_LABEL_MAX = 63


def sensor_accounts() -> tuple[str, ...]:
    """Service accounts that sensors run as."""
    return (SENSOR, STRANGER_SENSOR, DOCS_SENSOR)


def sources(deployment: Deployment) -> list[dict[str, Any]]:
    """A row for each repository of each team; none where no workflow could build anything."""
    if not builds_images(deployment):
        return []
    seen: set[str] = set()
    documented: set[str] = set()
    found = []
    for team in deployment.teams:
        for repository in team.sources:
            # Two teams may deploy from one repository; a stranger's proposal is checked once.
            first = repository.lower() not in seen
            seen.add(repository.lower())
            # Two organizations may have repositories of one name: the later one overwrites no documentation.
            owns = entity(repository) not in documented
            documented.add(entity(repository))
            names = _sensors(team, repository, first=first, documents=owns)
            found.append({"sensors": names, "settings": settings(team, repository)})
    return found


def image(team: Team, repository: str) -> str:
    """The image of a Git repository: of the same name, below the team's prefix."""
    return f"{repository_prefix(team.name)}{source_name(repository)}"


def entity(repository: str) -> str:
    """The component of Backstage's catalog that a repository's documentation is of."""
    return f"default/component/{source_name(repository)}"


def publishes(team: Team, repository: str) -> bool:
    """Whether the team has an image repository of the Git repository's name."""
    return source_name(repository) in team.repositories


def _sensors(team: Team, repository: str, *, first: bool, documents: bool) -> list[str]:
    left_out = {"stranger": not first, "release": not publishes(team, repository), "docs": not documents}
    return [name for name in SENSORS if not left_out.get(name)]


def settings(team: Team, repository: str) -> dict[str, str]:
    """What the files of sensors/ leave open, by the name that they use."""
    application = f"{team.name}--{source_name(repository)}"
    fork, outsider = _named("fork", application), _named("outsider", application)
    return {
        "events.namespace": NAMESPACES["argo-events"].name,
        "strangers.namespace": PULL_REQUESTS.name,
        "pipelines.namespace": NAMESPACES["argo-workflows"].name,
        "team.namespace": team_namespace(team.name),
        "source.name": _named("source", application),
        "source.fork": fork,
        "source.outsider": outsider,
        "source.either": f"{fork} || {outsider}",
        # GitHub's names know no case.
        "source.pattern": f"(?i)^{repository.replace('.', '[.]')}$",
        "source.image": image(team, repository),
        "source.entity": entity(repository),
        "source.publish": "true" if publishes(team, repository) else "false",
        # Label of pull requests whose image is published, and what its tag starts with.
        "source.preview": PREVIEW_LABEL if repository in team.previews and publishes(team, repository) else "",
        "source.prefix": PREVIEW_TAG,
        "source.application": application,
    }


def _named(prefix: str, application: str) -> str:
    """A name of a dependency or trigger. It starts with a letter, as a variable of the sensor's conditions must."""
    name = f"{prefix}--{application}"
    if len(name) <= _LABEL_MAX:
        return name
    return f"{name[: _LABEL_MAX - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"

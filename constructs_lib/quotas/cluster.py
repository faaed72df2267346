"""What the cluster's database holds, and what Argo CD and Argo Events look after. Pure: imports no engine.

Sizes are estimates: the real ones depend on what teams run. Measured on the shipped charts, rounded up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.deployment import Deployment
from config.namespaces import namespaces as named
from config.teams import PREVIEW_QUOTA, SHARED_QUOTAS, Team
from constructs_lib.naming import naming_of
from constructs_lib.teams.limits import hard
from constructs_lib.teams.values import common, own_values, shared_namespaces
from constructs_lib.workflows.events import sources

# KiB in the database: of an object of a team's release, of one of the five revisions of the release that Helm keeps, of
# an application with what Argo CD says of its objects, of a pod with its events and endpoints.
_OBJECT, _REVISION, _APPLICATION, _POD = 2, 24, 32, 12
_REVISIONS = 5
# Bytes of the largest sensor, and what each repository adds: it names every repository of every team.
SENSOR_BYTES, SOURCE_BYTES = 1_000, 4_500
_KIB = 1024


def namespaces(deployment: Deployment) -> int:
    """With those of pull requests at their limits."""
    return len(named(deployment)) + _previews(deployment)


def pods(deployment: Deployment) -> int:
    """What the quotas of teams, previews and shared namespaces allow."""
    shared = [SHARED_QUOTAS[name] for name in shared_namespaces(deployment)]
    quotas = [team.resources for team in deployment.teams] + shared
    of_preview = int(hard(PREVIEW_QUOTA)["pods"])
    return sum(int(hard(quota)["pods"]) for quota in quotas) + _previews(deployment) * of_preview


def applications(deployment: Deployment) -> int:
    """One for each repository and place, and one for each preview."""
    if "argocd" not in deployment.components.enabled():
        return 0
    places = 1 + len(shared_namespaces(deployment))
    return places * sum(len(team.sources) for team in deployment.teams) + _previews(deployment)


def objects(deployment: Deployment) -> int:
    """Objects of the teams' releases. Teams of one shape have as many as each other."""
    same, naming, known = common(deployment), naming_of(deployment), dict[Any, int]()
    total = 0
    for team in deployment.teams:
        shape = _shape(team)
        if shape not in known:
            values = own_values(deployment, naming, team, same) | same.values
            known[shape] = objects_of(values)
        total += known[shape]
    return total


def database_mib(deployment: Deployment) -> int:
    """The cluster's database with all that teams may make."""
    releases = _REVISIONS * _REVISION * len(deployment.teams)
    kib = objects(deployment) * _OBJECT + releases + applications(deployment) * _APPLICATION + pods(deployment) * _POD
    return -(-kib // _KIB)


def sensor_kib(deployment: Deployment) -> int:
    """The largest object of Argo Events: the sensor that watches pull requests from outside, all of them."""
    if "argo-events" not in deployment.components.enabled():
        return 0
    watched = sum("stranger" in row["sensors"] for row in sources(deployment))
    return -(-(SENSOR_BYTES + SOURCE_BYTES * watched) // _KIB)


def objects_of(values: Mapping[str, Any]) -> int:
    """Objects that chart ``idp-team`` makes of ``values``."""
    accounts = values["serviceAccounts"]
    own = len(values["namespaces"]) + len(values["bindings"]) + len(accounts)
    own += sum(bool(account.get("token")) for account in accounts)
    # A quota and the limits of containers.
    own += 2 + len(values["networkPolicies"]) + len(values["ownPolicies"])
    own += bool(values["secretStore"]) + len(values["externalSecrets"])
    return own + _of_deliveries(values) + _of_git(values) + _of_previews(values)


def _of_deliveries(values: Mapping[str, Any]) -> int:
    """A project and an application set for each source; a certificate; rights to see applications, and of events."""
    deliveries, pipelines = values["deliveries"], values["pipelines"]
    found = 1 + len(deliveries["sources"]) if deliveries else 0
    if pipelines:
        found += 1 + 2 * bool(pipelines["applications"] and deliveries) + 2 * bool(pipelines["sensor"])
    return found


def _of_git(values: Mapping[str, Any]) -> int:
    """Three for each login; who reads them, the right to, and the store."""
    git = values["git"]
    return 3 * len(git["credentials"]) + 4 if git else 0


def _of_previews(values: Mapping[str, Any]) -> int:
    """A project and the job that removes labels; for each repository an application set, and a login in two parts."""
    previews = values["previews"]
    return 2 + 3 * len(previews["repositories"]) if previews else 0


def _previews(deployment: Deployment) -> int:
    return sum(team.preview_limit for team in deployment.teams if team.previews)


def _shape(team: Team) -> tuple[Any, ...]:
    return len(team.sources), len(team.previews), len(team.egress), team.internet, bool(team.pool)

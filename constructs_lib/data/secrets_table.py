"""The table of secrets: every path in Secrets Manager, who makes its value, who reads it, how it rotates. Pure.

Two schemes, both the seed's (DESIGN 10). ``/<id>/db|oauth|api/<component>`` is synced into a namespace by External
Secrets; ``/<id>/<component>/*`` is for what a workload's own role reads, and holds nothing yet. Logins to Git are in no
path: the GitHub App's key makes them (docs/adr/0025). The stack makes empty containers: no value is here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from config.deployment import Deployment

# Makers. A person writes what another company issues; the bootstrap job makes what is random.
BOOTSTRAP_JOB = "database bootstrap job"
PERSON = "platform administrator"

EXTERNAL_SECRETS = "external-secrets"
# What External Secrets becomes to read what teams' namespaces receive of the platform's secrets.
ANALYSIS_ROLE = "analysis-secrets"

Scheme = Literal["synced", "own-role"]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads a secret: ``workload`` is the role's name without the deployment id (``backstage-sa``), present when
    ``component`` is on, ``becomes`` that of a narrower role that it assumes to read. ``into`` names the namespaces that
    receive the value, ``scopes`` those that are many: by their label ``platform/scope``."""

    workload: str
    component: str
    into: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    becomes: str = ""


@dataclass(frozen=True, kw_only=True)
class Secret:
    """One row. ``path`` is below ``/<id>/``; ``components``: any of them makes the secret necessary.

    ``rotation_days`` is the longest age of a value in days; ``rotation`` says how it is changed. ``when`` narrows the
    deployments that need it.
    """

    path: str
    holds: str
    components: tuple[str, ...]
    maker: str
    readers: tuple[Reader, ...]
    rotation_days: int
    rotation: str
    when: Callable[[Deployment], bool] = lambda _deployment: True

    @property
    def scheme(self) -> Scheme:
        return "synced" if self.path.split("/")[0] in ("analysis", "api", "db", "oauth") else "own-role"


def _synced(*namespaces: str) -> tuple[Reader, ...]:
    return (Reader(workload="external-secrets-sa", component=EXTERNAL_SECRETS, into=namespaces),)


_DATABASE = "the bootstrap job, run again, sets a new password; Reloader restarts the readers"
_ISSUED = "make a new credential at the issuer, write it here, revoke the old one"

TABLE: tuple[Secret, ...] = (
    Secret(
        path="db/backstage",
        holds="user, password, host and database of Backstage",
        components=("backstage",),
        maker=BOOTSTRAP_JOB,
        readers=_synced("backstage"),
        rotation_days=90,
        rotation=_DATABASE,
    ),
    Secret(
        path="db/argo-workflows",
        holds="user, password, host and database of the workflow archive",
        components=("argo-workflows",),
        maker=BOOTSTRAP_JOB,
        readers=_synced("argo"),
        rotation_days=90,
        rotation=_DATABASE,
    ),
    # A GitHub OAuth app has one callback address, so each place where people sign in has its own.
    # Source: GitHub documentation, "Creating an OAuth app", and "Differences between GitHub Apps and OAuth apps".
    Secret(
        path="oauth/backstage",
        holds="client id and secret of the GitHub OAuth app for sign-in to Backstage",
        components=("backstage",),
        maker=PERSON,
        readers=_synced("backstage"),
        rotation_days=365,
        rotation=_ISSUED,
    ),
    Secret(
        path="oauth/argocd",
        holds="client-id and client-secret of the GitHub OAuth app for sign-in to Argo CD, and by its Dex to Workflows",
        components=("argocd",),
        maker=PERSON,
        readers=_synced("argocd"),
        rotation_days=365,
        rotation=_ISSUED,
    ),
    Secret(
        path="api/github",
        holds="app-id, installation-id and private-key of the GitHub App: catalog, repositories, pull requests",
        components=("backstage", "argocd"),
        maker=PERSON,
        readers=_synced("backstage", "argocd"),
        rotation_days=365,
        rotation=_ISSUED,
    ),
    Secret(
        path="api/argo-events",
        holds="webhook-secret, which signs what GitHub sends",
        components=("argo-events",),
        maker=PERSON,
        readers=_synced("argo-events"),
        rotation_days=365,
        rotation="write a new value here and in the webhook's settings",
    ),
    Secret(
        path="api/grafana-cloud",
        holds="metrics-user, logs-user, traces-user and token of the Grafana Cloud stack",
        components=("grafana-agent",),
        maker=PERSON,
        readers=_synced("monitoring"),
        rotation_days=365,
        rotation=_ISSUED,
    ),
    Secret(
        # Not below backstage/, which its own role reads: it takes them from its environment, before any call to AWS.
        path="api/backstage",
        holds="keys that sign sessions and calls between Backstage's own parts",
        components=("backstage",),
        maker=BOOTSTRAP_JOB,
        readers=_synced("backstage"),
        rotation_days=90,
        rotation="the bootstrap job, run again, makes new keys; Reloader restarts Backstage, and people sign in anew",
    ),
    Secret(
        # Teams' namespaces receive it: a path, a store and a role that lead to nothing else (docs/adr/0023).
        path="analysis/grafana-cloud",
        holds="metrics-user and token of the Grafana Cloud stack that read metrics of teams, to judge their rollouts",
        components=("argo-rollouts",),
        maker=PERSON,
        readers=(
            Reader(
                workload="external-secrets-sa",
                component=EXTERNAL_SECRETS,
                scopes=("staging", "team"),
                becomes=ANALYSIS_ROLE,
            ),
        ),
        rotation_days=365,
        rotation=_ISSUED,
        when=lambda deployment: deployment.components.analysis(),
    ),
)


def rows(deployment: Deployment) -> tuple[Secret, ...]:
    """The secrets that ``deployment`` needs and somebody can read, sorted by path."""
    enabled = set(deployment.components.enabled())
    wanted = (
        secret
        for secret in TABLE
        if enabled & set(secret.components)
        and any(reader.component in enabled for reader in secret.readers)
        and secret.when(deployment)
    )
    return tuple(sorted(wanted, key=lambda secret: secret.path))


def full_path(deployment: Deployment, secret: Secret) -> str:
    """The secret's name in Secrets Manager: ``/idp/db/backstage``."""
    return f"/{deployment.id}/{secret.path}"


def secret_paths(deployment: Deployment) -> tuple[str, ...]:
    """The paths of ``deployment``, sorted."""
    return tuple(full_path(deployment, secret) for secret in rows(deployment))

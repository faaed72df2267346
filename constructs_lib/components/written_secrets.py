"""The secrets whose values a person writes, and where each value comes from. Pure: imports no engine.

Everything that the platform knows itself (addresses, callbacks, paths) is filled in: a person types what another
company issues, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from config.deployment import Deployment
from config.names import cluster_name
from constructs_lib.components.component import Component
from constructs_lib.components.registry import CATALOG
from constructs_lib.data.secrets_table import PERSON, Secret, rows
from constructs_lib.telemetry import analysis

_PROPERTY = re.compile(r"""\{\{-?\s*(?:\.([\w]+)|index \. "([\w-]+)")""")


@dataclass(frozen=True, kw_only=True)
class Written:
    """How a person comes by the secret ``path`` (``oauth/argocd``).

    ``steps`` say what to do at the issuer. ``keys`` are those of the stored JSON where no component of the registry
    says which it takes. ``files`` are keys whose value is in a file, ``random`` those that the command itself makes,
    ``known`` those whose value the deployment file has.
    """

    path: str
    steps: Callable[[Deployment], tuple[str, ...]]
    keys: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    random: tuple[str, ...] = ()
    known: Callable[[Deployment], Mapping[str, str]] = lambda _deployment: {}


def _oauth_app(component: str, name: str, callback: str) -> Callable[[Deployment], tuple[str, ...]]:
    """Steps of a GitHub OAuth app (GitHub documentation, "Creating an OAuth app")."""

    def steps(deployment: Deployment) -> tuple[str, ...]:
        host = deployment.components.hosts()[component].domain
        return (
            f"Open https://github.com/organizations/{deployment.github.organization}/settings/applications/new as an "
            "owner of the organization.",
            f"Application name `{deployment.id}-{name}`, homepage `https://{host}`, callback "
            f"`https://{host}{callback}`; leave device flow off.",
            "Generate a client secret, and run the command with both.",
        )

    return steps


def _github_app(deployment: Deployment) -> tuple[str, ...]:
    """Permissions: Backstage documentation, "GitHub Apps"; Argo CD documentation, "Private Repositories"."""
    ids = 'write them into the deployment file, `"deployment:github:app": {"id": "…", "installation": "…"}`, and run '
    ids += "`make synth`: without them there are no previews, and teams make their workflows' logins to Git themselves."
    if deployment.github.app is not None:
        ids = "the deployment file has both."
    return (
        f"Open https://github.com/organizations/{deployment.github.organization}/settings/apps/new. Name "
        f"`{deployment.id}-platform`, homepage `https://{deployment.platform.domain}`, no webhook.",
        "Repository permissions: Administration, Contents, Pull requests and Workflows read and write; Commit statuses "
        "and Metadata read. Organization permissions: Members read.",
        "Install it on the organization. The app's page shows the App ID; the address of the installation's page ends "
        f"in the installation id. Neither is secret: {ids}",
        "Where GitHub protects the branch that Argo CD deploys from, let the App pass: workflow `cd` promotes as it.",
        "Generate a private key, and run the command with the path of the downloaded file; then delete the file.",
    )


def _github_app_ids(deployment: Deployment) -> Mapping[str, str]:
    app = deployment.github.app
    return {"app-id": app.id, "installation-id": app.installation} if app else {}


def _webhook(deployment: Deployment) -> tuple[str, ...]:
    del deployment
    return ("The command makes the value. The hook at GitHub takes it from there, once the address answers (below).",)


def _grafana(deployment: Deployment) -> tuple[str, ...]:
    del deployment
    return (
        "In Grafana Cloud, open the stack's details: each service (Prometheus, Loki, Tempo) shows its user id.",
        "Make an access policy with the scopes metrics:write, logs:write, traces:write, rules:read and rules:write and "
        "the stack as its realm, and a token of it.",
    )


def _analysis(deployment: Deployment) -> tuple[str, ...]:
    """Grafana Cloud documentation, "Use label-based access control (LBAC) with access policies"."""
    return (
        "In Grafana Cloud, open the stack's details: service Prometheus shows its user id.",
        "Make an access policy of its own with the scope metrics:read alone and the stack as its realm, with the label "
        f'selector `{{cluster="{cluster_name(deployment.id)}", namespace=~"staging|team-.+"}}`: people of teams can '
        "read the token, and it shows them what runs in such namespaces and nothing else. Make a token of it.",
    )


TABLE: tuple[Written, ...] = (
    Written(
        path="oauth/argocd",
        # Argo CD documentation, User Management, "Dex": the callback is the issuer's.
        steps=_oauth_app("argocd", "argocd", "/api/dex/callback"),
    ),
    Written(
        path="oauth/backstage",
        # Backstage documentation, "GitHub Authentication Provider".
        steps=_oauth_app("backstage", "backstage", "/api/auth/github/handler/frame"),
    ),
    Written(path="api/github", steps=_github_app, files=("private-key",), known=_github_app_ids),
    Written(path="api/argo-events", steps=_webhook, random=("webhook-secret",)),
    Written(path=analysis.PATH, steps=_analysis, keys=(analysis.USER, analysis.TOKEN)),
    Written(path="api/grafana-cloud", steps=_grafana, keys=("metrics-user", "logs-user", "traces-user", "token")),
)


def written(deployment: Deployment) -> tuple[tuple[Secret, Written], ...]:
    """Every secret of ``deployment`` that a person writes, in the order of the paths.

    Raises KeyError for one that the table doesn't say how to come by.
    """
    known = {each.path: each for each in TABLE}
    return tuple((secret, known[secret.path]) for secret in rows(deployment) if secret.maker == PERSON)


def keys(entry: Written, components: Mapping[str, Component] = CATALOG) -> tuple[str, ...]:
    """Keys of the stored JSON: those that ``components`` take, in the entry's order; else the entry's own."""
    found = taken(entry.path, components.values()) or set(entry.keys)
    return tuple(sorted(found, key=lambda key: (key not in entry.keys, _place(key, entry.keys), key)))


def _place(key: str, order: Sequence[str]) -> int:
    return order.index(key) if key in order else 0


def taken(path: str, components: Iterable[Component]) -> set[str]:
    """Properties of the secret ``path`` that ``components`` take into their namespaces."""
    found: set[str] = set()
    for synced in (each for component in components for each in component.secrets if each.path == path):
        found |= set(synced.keys.values())
        for text in synced.literals.values():
            found |= {plain or indexed for plain, indexed in _PROPERTY.findall(text)}
    return found

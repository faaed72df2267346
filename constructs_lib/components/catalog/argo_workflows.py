"""Argo Workflows: pipelines, and their archive. Its pods are in ``argo_workflows_pods``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.deployment import Deployment
from constructs_lib.addons.namespaces import builds_images
from constructs_lib.components.catalog.argo_workflows_pods import PODS
from constructs_lib.components.catalog.argocd import WORKFLOWS_CLIENT
from constructs_lib.components.component import (
    Component,
    Foundation,
    Host,
    Image,
    OwnChart,
    ServerCertificate,
    SyncedSecret,
)
from constructs_lib.components.wiring import ROOTS, ROOTS_FILE
from constructs_lib.data.aurora_settings import PORT
from constructs_lib.data.databases_table import TABLE as DATABASES
from constructs_lib.naming import Naming
from constructs_lib.teams.git import platform_git
from constructs_lib.workflows.accounts import BUILDER, EXECUTOR, READER, ROLES
from constructs_lib.workflows.settings import (
    DAEMON_CHART,
    TEMPLATES_CHART,
    build_daemon,
    deployer_rules,
    documentation,
    template_settings,
    untrusted,
)

_VERSION = "v4.0.6"
_DATABASE_SECRET = "argo-workflows-database"
_CERTIFICATE = "argo-workflows-server-tls"
PUBLISHER = "techdocs-publisher"
# Whose tokens the server acts by for people: those of namespace argo, and those of every team's namespace.
ADMIN, VISITOR = "workflows-admin", "workflows-visitor"
OF_TEAMS = ("workflows-developer", "workflows-viewer")
_RULE = "workflows.argoproj.io/rbac-rule"
_PRECEDENCE = "workflows.argoproj.io/rbac-rule-precedence"


def token_secret(account: str) -> str:
    """The Secret in which Argo Workflows looks for the token (Argo Workflows documentation, "Manually create
    secrets")."""
    return f"{account}.service-account-token"


def _accounts(deployment: Deployment) -> list[dict[str, Any]]:
    """An account of a team's namespace is looked at only for who has one here: so everybody has one, without rights."""
    github = deployment.github
    administrators = f"'{github.organization}:{github.admin_team}' in groups"
    return [
        # Above those of teams: an administrator is one in their namespaces, too.
        {"name": ADMIN, "token": True, "annotations": {_RULE: administrators, _PRECEDENCE: "10"}},
        {"name": VISITOR, "token": True, "annotations": {_RULE: "true", _PRECEDENCE: "0"}},
        # Of the workflow that publishes TechDocs.
        {"name": PUBLISHER, "token": False, "annotations": {}},
        # Of steps; the executor is the chart's own.
        *({"name": name, "token": False, "annotations": {}} for name in (READER, BUILDER)),
    ]


def _context(deployment: Deployment, naming: Naming) -> Mapping[str, Any]:
    (database,) = (row for row in DATABASES if row.component == "argo-workflows")
    # The server reads its certificate by the API, at start.
    certificate = (_CERTIFICATE,) if deployment.transit.to_pods else ()
    return {
        "bucket": naming.bucket("artifacts"),
        "client": WORKFLOWS_CLIENT,
        "database": {"name": database.database, "port": PORT, "secret": _DATABASE_SECRET},
        "roots": {"name": ROOTS, "file": ROOTS_FILE},
        "accounts": _accounts(deployment),
        "admin": ADMIN,
        "executor": EXECUTOR,
        "reporters": [{"name": name, "namespace": "argo"} for name in (PUBLISHER, READER, BUILDER)],
        "certificate": "".join(certificate),
        "server_secrets": [_DATABASE_SECRET, WORKFLOWS_CLIENT, *certificate],
        "readable_secrets": [WORKFLOWS_CLIENT, *certificate, *map(token_secret, (ADMIN, VISITOR, *OF_TEAMS))],
        "workflow_settings": template_settings(deployment, naming),
        "untrusted": untrusted(deployment),
        "documentation": documentation(deployment),
        "git": platform_git(deployment),
        "deployer_rules": deployer_rules(deployment),
        "build_daemon": build_daemon(deployment),
    }


def _from_other_stacks(foundation: Foundation) -> Mapping[str, Any]:
    return {"controller": {"persistence": {"postgresql": {"host": foundation.database_endpoint}}}}


ARGO_WORKFLOWS = Component(
    name="argo-workflows",
    purpose="Pipelines of CI",
    chart="argo-workflows",
    pods=PODS,
    images=tuple(
        Image(name=name, upstream=f"quay.io/argoproj/{name}", tag=_VERSION)
        for name in ("workflow-controller", "argocli", "argoexec")
    ),
    identities=("argo-controller-sa", "argo-server-sa", *ROLES.values(), "techdocs-publisher-sa"),
    secrets=(
        SyncedSecret(
            name=_DATABASE_SECRET,
            path="db/argo-workflows",
            keys={"username": "username", "password": "password"},
        ),
    ),
    host=Host(
        pods="server",
        service="argo-workflows-server",
        port=2746,
        target_port=2746,
        health_path="/",
    ),
    certificates=(ServerCertificate(name=_CERTIFICATE, services=("argo-workflows-server",), host=True),),
    # The server asks the issuer, by its public name, before it is ready.
    # Certificates of the daemons that build images need their definitions.
    after=("cert-manager", "external-dns"),
    own_charts=(
        OwnChart(name="workflow-accounts", order="before"),
        OwnChart(name=DAEMON_CHART, when=builds_images),
        OwnChart(name=TEMPLATES_CHART, when=builds_images),
    ),
    context=_context,
    from_other_stacks=_from_other_stacks,
    timeout_seconds=900,
)

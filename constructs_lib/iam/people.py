"""The table of people's access: role × action × place, one row for each bullet of the seed. Pure: imports no engine.

Rows of place ``aws`` become IAM documents in ``foundation-iam``; those of place ``kubernetes`` are granted by access
entries and RBAC in the cluster. The access page shows both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from config.deployment import Deployment
from constructs_lib.iam.document import Statement
from constructs_lib.iam.people_rights import (
    assume_operators,
    database_admin,
    eks_admin,
    eks_read,
    eks_use,
    logs_and_metrics,
    no_secret_values,
    no_secret_writes,
    secrets_read,
    secrets_write,
)
from constructs_lib.iam.workloads import Made
from constructs_lib.naming import Naming

PersonRole = Literal["admin", "operator", "viewer"]
Place = Literal["aws", "kubernetes"]

DESCRIPTIONS: dict[PersonRole, str] = {
    "admin": "Platform team leads: cluster, deployments, secrets and database",
    "operator": "Platform engineers: platform namespaces, and secrets to read",
    "viewer": "Stakeholders and auditors: read only, without secrets",
}


@dataclass(frozen=True, kw_only=True)
class Right:
    """One row. ``bullet`` is the seed's own; ``what`` says what it comes to, ``source`` where its actions are from."""

    role: PersonRole
    bullet: str
    place: Place
    what: str
    source: str
    statements: Callable[[Naming, Made], list[Statement]] = lambda _naming, _made: []


_EKS = "Service Authorization Reference, Amazon EKS; Amazon EKS User Guide, Identity-based policy examples"
_SECRETS = "Secrets Manager User Guide, Permissions policy examples"
_ENTRIES = "Amazon EKS User Guide, Grant IAM users access to Kubernetes with EKS access entries"

RIGHTS: tuple[Right, ...] = (
    Right(
        role="admin",
        bullet="Full EKS access (all namespaces)",
        place="aws",
        what="every EKS action on the deployment's cluster, its node groups, add-ons and entries",
        source=_EKS,
        statements=eks_admin,
    ),
    Right(
        role="admin",
        bullet="Full EKS access (all namespaces)",
        place="kubernetes",
        what="cluster administrator",
        source=_ENTRIES,
    ),
    Right(
        role="admin",
        bullet="CDK deploy permissions",
        place="aws",
        what="assume the deployer and the planner",
        source="IAM User Guide, Methods to assume a role (role chaining)",
        statements=assume_operators,
    ),
    Right(
        role="admin",
        bullet="Secrets Manager read/write",
        place="aws",
        what="read and write values under the deployment's paths and the registry's credentials; no create, no delete",
        source=_SECRETS,
        statements=secrets_write,
    ),
    Right(
        role="admin",
        bullet="Aurora admin",
        place="aws",
        what="change, restart, fail over and snapshot the cluster; log in as any database user; read the master secret",
        source="Service Authorization Reference, Amazon RDS; Aurora User Guide, IAM policy for IAM database access",
        statements=database_admin,
    ),
    Right(
        role="operator",
        bullet="EKS access (platform namespaces only)",
        place="aws",
        what="find the cluster and reach its API",
        source=_EKS,
        statements=eks_use,
    ),
    Right(
        role="operator",
        bullet="EKS access (platform namespaces only)",
        place="kubernetes",
        what="edit in the platform's namespaces",
        source=_ENTRIES,
    ),
    Right(
        role="operator",
        bullet="View secrets, no write",
        place="aws",
        what="read values under the deployment's paths; writes denied",
        source=_SECRETS,
        statements=lambda naming, made: [*secrets_read(naming, made), *no_secret_writes(naming, made)],
    ),
    Right(
        role="operator",
        bullet="Argo/ArgoCD management",
        place="kubernetes",
        what="workflows, templates and applications; Argo CD's own roles",
        source="Argo CD documentation, RBAC Configuration; Argo Workflows documentation, Argo Server SSO RBAC",
    ),
    Right(
        role="viewer",
        bullet="Read-only EKS access",
        place="aws",
        what="see the cluster and reach its API",
        source=_EKS,
        statements=eks_read,
    ),
    Right(
        role="viewer",
        bullet="Read-only EKS access",
        place="kubernetes",
        what="view all namespaces, without Secret objects",
        source=_ENTRIES,
    ),
    Right(
        role="viewer",
        bullet="View logs, metrics",
        place="aws",
        what="log groups of cluster, database and network; metrics, alarms and dashboards",
        source="CloudWatch Logs User Guide, Identity-based policies; Service Authorization Reference, CloudWatch",
        statements=logs_and_metrics,
    ),
    Right(
        role="viewer",
        bullet="No secrets access",
        place="aws",
        what="values and the secrets' key denied",
        source=_SECRETS,
        statements=no_secret_values,
    ),
)


def rights_of(role: PersonRole, naming: Naming, made: Made) -> list[Statement]:
    """The IAM statements of ``<id>-<role>``."""
    return [statement for right in RIGHTS if right.role == role for statement in right.statements(naming, made)]


def declared(deployment: Deployment, role: PersonRole) -> list[str]:
    """Who may assume ``<id>-<role>``; where nobody is declared, the administrators: a role must trust somebody."""
    access = deployment.access
    people = {"admin": access.administrators, "operator": access.operators, "viewer": access.viewers}[role]
    return [person.role for person in people or access.administrators]

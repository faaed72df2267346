"""The table of databases: which component gets which place on the shared Aurora cluster, as whom. Pure.

DESIGN 10: a schema of the shared database, or a database of its own where a component can't use a schema. The job of
``images/database-bootstrap`` makes what the table says; its settings come from here (docs/adr/0012).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from config.deployment import Deployment
from constructs_lib.data.aurora_settings import PORT
from constructs_lib.data.secrets_table import BOOTSTRAP_JOB, Secret, full_path, rows

# The database that Aurora itself makes with the cluster.
SHARED = "platform"


@dataclass(frozen=True, kw_only=True)
class ComponentDatabase:
    """One row: user ``user`` works in ``schema`` of ``database``; ``privileges`` are those on the database.

    ``connection_limit`` bounds the user's connections on the whole cluster. ``secret`` is a path of the secrets table.
    ``source`` says where each right is documented.
    """

    component: str
    user: str
    database: str
    schema: str
    privileges: tuple[str, ...]
    connection_limit: int
    secret: str
    source: str


# What a cluster of one ACU takes, the smallest maximum that Aurora allows (Aurora User Guide, "Maximum connections for
# Aurora Serverless v2"). The limits below leave a quarter to the master and to RDS itself.
SMALLEST_MAX_CONNECTIONS = 189

TABLE: tuple[ComponentDatabase, ...] = (
    ComponentDatabase(
        component="backstage",
        user="backstage",
        database=SHARED,
        schema="backstage",
        # CREATE: each plugin makes a schema named after itself. TEMPORARY: the search index is loaded through a
        # temporary table.
        privileges=("CONNECT", "CREATE", "TEMPORARY"),
        connection_limit=100,
        secret="db/backstage",
        source="Backstage, PgConnector with pluginDivisionMode: schema (CREATE SCHEMA IF NOT EXISTS, which needs CREATE"
        " on the database even when the schema exists), and DatabaseDocumentStore of search-backend-module-pg",
    ),
    ComponentDatabase(
        component="argo-workflows",
        user="argo_workflows",
        # The controller names its tables without a schema and sets no search path.
        database="argo_workflows",
        schema="public",
        privileges=("CONNECT",),
        connection_limit=40,
        secret="db/argo-workflows",
        source="Argo Workflows, Workflow Archive: the user needs CREATE and USAGE on schema public",
    ),
)

# Keys of the secrets that hold random values and no database's password.
RANDOM_KEYS: dict[str, tuple[str, ...]] = {
    # Backstage, app-config: backend.auth.keys[].secret and auth.session.secret.
    "api/backstage": ("backend-secret", "session-secret"),
}


def made_by_job(deployment: Deployment) -> tuple[Secret, ...]:
    """The secrets of ``deployment`` whose values the job makes, sorted by path."""
    return tuple(secret for secret in rows(deployment) if secret.maker == BOOTSTRAP_JOB)


def databases(deployment: Deployment) -> tuple[ComponentDatabase, ...]:
    """The rows that ``deployment`` needs, in the order of their secrets' paths."""
    by_secret = {row.secret: row for row in TABLE}
    return tuple(by_secret[secret.path] for secret in made_by_job(deployment) if secret.path in by_secret)


def settings(deployment: Deployment) -> dict[str, Any]:
    """The job's settings file, without ``host`` and ``masterSecret``, which other stacks know.

    Raises KeyError for a secret of the job that neither table says how to make.
    """
    secrets = {secret.path: full_path(deployment, secret) for secret in made_by_job(deployment)}
    placed = databases(deployment)
    others = sorted(set(secrets) - {row.secret for row in placed})
    return {
        "region": deployment.platform.region,
        "port": PORT,
        "database": SHARED,
        "components": [_component(row, secrets[row.secret]) for row in placed],
        "randomKeys": [{"secret": secrets[path], "keys": list(RANDOM_KEYS[path])} for path in others],
    }


def _component(row: ComponentDatabase, secret: str) -> dict[str, Any]:
    return {
        "name": row.component,
        "user": row.user,
        "database": row.database,
        "schema": row.schema,
        "privileges": list(row.privileges),
        "connectionLimit": row.connection_limit,
        "secret": secret,
    }

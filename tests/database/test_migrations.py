"""What the components' own migrations need. The statements are of the kinds that theirs are made of.

Sources: Argo Workflows, persist/sqldb/migrate.go; Backstage, the PgConnector of backend-defaults, and the search module
for PostgreSQL; knex, its migration tables.
"""

from __future__ import annotations

import psycopg
import pytest

from tests.database.world import World

pytestmark = pytest.mark.database

# Unqualified names throughout: the controller relies on the search path.
ARGO = (
    "CREATE TABLE IF NOT EXISTS schema_history (schema_version int NOT NULL)",
    "INSERT INTO schema_history VALUES (-1)",
    "CREATE TABLE IF NOT EXISTS argo_workflows (id varchar(128), name varchar(256), namespace varchar(256),"
    " workflow text, startedat timestamp DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (id, namespace))",
    "CREATE UNIQUE INDEX idx_name ON argo_workflows (name)",
    "CREATE TABLE argo_workflow_history (id varchar(128), workflow text, PRIMARY KEY (id))",
    "ALTER TABLE argo_workflow_history RENAME TO argo_archived_workflows",
    "DROP INDEX idx_name",
    "ALTER TABLE argo_workflows DROP CONSTRAINT argo_workflows_pkey",
    "ALTER TABLE argo_workflows ADD PRIMARY KEY (name, namespace)",
    "ALTER TABLE argo_archived_workflows RENAME COLUMN id TO uid",
    "ALTER TABLE argo_archived_workflows ADD COLUMN clustername varchar(64) NOT NULL DEFAULT 'default'",
    "ALTER TABLE argo_archived_workflows DROP CONSTRAINT argo_workflow_history_pkey",
    "ALTER TABLE argo_archived_workflows ADD PRIMARY KEY (clustername, uid)",
    "ALTER TABLE argo_archived_workflows ALTER COLUMN workflow TYPE jsonb USING workflow::jsonb",
    "CREATE TABLE argo_archived_workflows_labels (clustername varchar(64), uid varchar(128), name varchar(317),"
    " value varchar(63), PRIMARY KEY (clustername, uid, name), FOREIGN KEY (clustername, uid)"
    " REFERENCES argo_archived_workflows (clustername, uid) ON DELETE CASCADE)",
    "CREATE INDEX argo_archived_workflows_labels_i1 ON argo_archived_workflows_labels (name, value)",
    "UPDATE schema_history SET schema_version = 60 WHERE schema_version = -1",
)

# One plugin's, in the schema that is named after it.
KNEX = (
    "CREATE TABLE IF NOT EXISTS knex_migrations (id serial PRIMARY KEY, name varchar(255), batch integer,"
    " migration_time timestamptz)",
    "CREATE TABLE IF NOT EXISTS knex_migrations_lock (index serial PRIMARY KEY, is_locked integer)",
    "INSERT INTO knex_migrations_lock (is_locked) VALUES (0)",
    "UPDATE knex_migrations_lock SET is_locked = 1 WHERE is_locked = 0",
    "CREATE TABLE documents (type text NOT NULL, document jsonb NOT NULL, hash bytea NOT NULL GENERATED ALWAYS AS"
    " (sha256(replace(document::text || type, '\\', '\\\\')::bytea)) STORED PRIMARY KEY,"
    " body tsvector GENERATED ALWAYS AS (to_tsvector('english', document)) STORED)",
    "CREATE INDEX documents_body ON documents USING gin (body)",
    "CREATE SEQUENCE stitch START 1",
    "COMMENT ON TABLE documents IS 'what is searched'",
    "INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('init.js', 1, now())",
)


def test_argos_migrations_run_in_its_database(complete: World) -> None:
    with complete.login("argo-workflows") as connection:
        for statement in ARGO:
            connection.execute(statement)
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    assert [name for (name,) in tables] == [
        "argo_archived_workflows",
        "argo_archived_workflows_labels",
        "argo_workflows",
        "schema_history",
    ]


def test_argos_migrations_go_on_after_a_rotation(complete: World) -> None:
    half = len(ARGO) // 2
    with complete.login("argo-workflows") as connection:
        for statement in ARGO[:half]:
            connection.execute(statement)
    assert complete.run().code == 0
    with complete.login("argo-workflows") as connection:
        for statement in ARGO[half:]:
            connection.execute(statement)


@pytest.mark.parametrize("plugin", ["catalog", "search", "scaffolder"])
def test_a_plugin_of_backstage_makes_its_schema_and_migrates_in_it(complete: World, plugin: str) -> None:
    with complete.login("backstage") as admin:
        admin.execute(f'CREATE SCHEMA IF NOT EXISTS "{plugin}"')
        admin.execute(f'CREATE SCHEMA IF NOT EXISTS "{plugin}"')
    with complete.login("backstage") as connection:
        connection.execute(f'SET search_path TO "{plugin}"')
        for statement in KNEX:
            connection.execute(statement)
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = %s", [plugin]).fetchone()
    assert tables == (3,)


def test_backstage_fills_its_search_index_through_a_temporary_table(complete: World) -> None:
    with complete.login("backstage") as connection, connection.transaction():
        connection.execute("CREATE TEMP TABLE documents_to_insert (type text, document jsonb) ON COMMIT DROP")
        connection.execute("INSERT INTO documents_to_insert VALUES ('software-catalog', '{}')")


def test_without_a_search_path_of_its_own_a_user_lands_in_its_schema(world: World) -> None:
    """By the name of the schema, not because PostgreSQL's own search path begins with the user's."""
    entry = world.component("backstage")
    entry["schema"] = f"{entry['schema']}_place"
    assert world.run().code == 0
    with world.login("backstage") as connection:
        connection.execute("CREATE TABLE here (id int)")
        schema = connection.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'here'").fetchone()
    assert schema == (entry["schema"],)


def test_argo_has_no_temporary_tables_for_it_needs_none(complete: World) -> None:
    with complete.login("argo-workflows") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TEMP TABLE another (id int)")

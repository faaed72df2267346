"""What a component may do on the server: its user, its database or schema, and nothing of anybody else's.

The master owns all that the job makes; a component owns only what it makes itself. So the master needs no membership in
the components' users, which since PostgreSQL 16 a role with CREATEROLE doesn't get by itself for the users it makes
(release notes of 16, "Migration"; it gets ADMIN, which ALTER ROLE needs, and neither SET nor INHERIT).
"""

from __future__ import annotations

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

from database_bootstrap.errors import Unsafe
from database_bootstrap.settings import PUBLIC, Component


def close_to_public(connection: psycopg.Connection) -> list[str]:
    """Take from PUBLIC the right to connect, in every database that the master owns; returns the others' names.

    PostgreSQL lets everybody connect to a new database, ``postgres`` and ``template1`` included (documentation,
    "Privileges", default privileges). ``rdsadmin`` stays: RDS owns it and lets nobody in.
    """
    rows = connection.execute(
        "SELECT datname, pg_has_role(datdba, 'USAGE') FROM pg_database"
        " WHERE datallowconn AND (has_database_privilege('public', oid, 'CONNECT')"
        " OR has_database_privilege('public', oid, 'TEMPORARY')) ORDER BY datname"
    ).fetchall()
    for name, ours in rows:
        if ours:
            _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", Identifier(name))
    return [name for name, ours in rows if not ours]


def ensure_user(connection: psycopg.Connection, component: Component) -> None:
    """A user that may log in and nothing else. Without a password yet: nobody can log in as it."""
    found = connection.execute(
        "SELECT rolsuper, rolreplication, rolbypassrls,"
        " ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = r.oid)"
        " FROM pg_roles r WHERE rolname = %s",
        [component.user],
    ).fetchone()
    if found is None:
        _run(connection, "CREATE ROLE {}", Identifier(component.user))
    elif any(found[:3]) or found[3]:
        raise Unsafe(
            f"user {component.user} exists with rights that the job did not give it"
            f" (superuser {found[0]}, replication {found[1]}, bypasses row security {found[2]}, member of {found[3]}):"
            " take them away or drop the user, then run again"
        )
    attributes = "ALTER ROLE {} LOGIN NOINHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT {}"
    _run(connection, attributes, Identifier(component.user), Literal(component.connection_limit))


def ensure_database(connection: psycopg.Connection, component: Component) -> None:
    """The database, with exactly the component's privileges added to what others have."""
    name = Identifier(component.database)
    exists = connection.execute("SELECT FROM pg_database WHERE datname = %s", [component.database]).fetchone()
    if exists is None:
        _run(connection, "CREATE DATABASE {}", name)
    user = Identifier(component.user)
    with connection.transaction():
        _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
        _run(connection, "REVOKE ALL ON DATABASE {} FROM {}", name, user)
        privileges = SQL(", ").join(map(SQL, component.privileges))
        _run(connection, "GRANT {} ON DATABASE {} TO {}", privileges, name, user)


def ensure_schema(connection: psycopg.Connection, component: Component) -> None:
    """The schema, in the database that ``connection`` is to, and the user's way to it."""
    schema, user = Identifier(component.schema), Identifier(component.user)
    if component.schema != PUBLIC:
        _ensure_own(connection, component)
    with connection.transaction():
        # Everybody may create in schema public of a cluster that was upgraded from 14 (release notes of 15).
        _run(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
        _run(connection, "REVOKE ALL ON SCHEMA {} FROM PUBLIC", schema)
        _run(connection, "GRANT CREATE, USAGE ON SCHEMA {} TO {}", schema, user)
    # REVOKE by somebody who may not is only a warning.
    if connection.execute("SELECT has_schema_privilege('public', 'public', 'CREATE')").fetchone() == (True,):
        raise Unsafe(
            f"everybody may create in schema public of database {component.database}, and the master can't change it:"
            " as owner of the schema, REVOKE CREATE ON SCHEMA public FROM PUBLIC"
        )
    path = "ALTER ROLE {} IN DATABASE {} SET search_path TO {}"
    _run(connection, path, user, Identifier(component.database), schema)


def set_password(connection: psycopg.Connection, user: str, password: str) -> None:
    """Set a password without showing it to the server, whose log keeps role statements (``log_statement`` = ddl)."""
    verifier = connection.pgconn.encrypt_password(password.encode(), user.encode(), b"scram-sha-256").decode()
    _run(connection, "ALTER ROLE {} PASSWORD {}", Identifier(user), Literal(verifier))


def _ensure_own(connection: psycopg.Connection, component: Component) -> None:
    owner = connection.execute(
        "SELECT nspowner::regrole::text, nspowner = current_user::regrole FROM pg_namespace WHERE nspname = %s",
        [component.schema],
    ).fetchone()
    if owner is None:
        _run(connection, "CREATE SCHEMA {}", Identifier(component.schema))
    elif not owner[1]:
        # Who may create schemas in the shared database could have taken the name.
        raise Unsafe(
            f"schema {component.schema} of database {component.database} belongs to {owner[0]}:"
            " rename it or give it to the master, then run again"
        )


def _run(connection: psycopg.Connection, statement: str, *parts: Composed | Identifier | Literal) -> None:
    connection.execute(SQL(statement).format(*parts))

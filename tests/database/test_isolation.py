"""A component reaches its own place on the server and nothing else."""

from __future__ import annotations

import itertools

import psycopg
import pytest

from tests.database.postgres import MASTER
from tests.database.world import World

pytestmark = pytest.mark.database

COMPONENTS = ("argo-workflows", "backstage")


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(COMPONENTS, 2)))
def test_a_component_cannot_connect_to_anothers_database(settled: World, one: str, other: str) -> None:
    database = settled.component(other)["database"]
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        settled.login(one, database=database)


@pytest.mark.parametrize("database", ["postgres", "template1", "rdsadmin"])
@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_cannot_connect_to_the_servers_own_databases(settled: World, name: str, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"permission denied for database|pg_hba\.conf rejects"):
        settled.login(name, database=database)


@pytest.mark.proves("7.2.5", "7.2.6")
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE DATABASE another",
        "CREATE ROLE another",
        f"SET ROLE {MASTER}",
        f"GRANT {MASTER} TO CURRENT_USER",
        "ALTER ROLE CURRENT_USER CREATEDB",
        "ALTER ROLE CURRENT_USER CONNECTION LIMIT -1",
        "CREATE TABLE pg_catalog.another (id int)",
        "SELECT rolpassword FROM pg_authid",
    ],
)
@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_may_not(settled: World, name: str, statement: str) -> None:
    with settled.login(name) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_a_component_with_its_own_database_cannot_make_schemas(settled: World) -> None:
    with settled.login("argo-workflows") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE SCHEMA another")


def test_schema_public_of_the_shared_database_is_closed(settled: World) -> None:
    with settled.login("backstage") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE public.another (id int)")


def test_a_schema_public_that_was_open_to_all_is_closed(world: World) -> None:
    with world.server.superuser(world.settings["database"]) as connection:
        connection.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    run = world.run()
    assert run.code == 0, run.output
    with world.server.superuser(world.settings["database"]) as connection:
        found = connection.execute(
            "SELECT has_schema_privilege('public', 'public', 'CREATE'),"
            " has_schema_privilege('public', 'public', 'USAGE')"
        ).fetchone()
    assert found == (False, False)


def test_components_of_the_shared_database_do_not_read_each_other(world: World) -> None:
    backstage = world.component("backstage")
    second = {**backstage, "name": "second", "user": f"{backstage['user']}_second", "secret": "/second/db/second"}
    second |= {"schema": f"{backstage['schema']}_second", "privileges": ["CONNECT"]}
    second["secret"] = f"{backstage['secret']}-second"
    world.client.create_secret(Name=second["secret"])
    world.settings["components"].append(second)
    run = world.run()
    assert run.code == 0, run.output
    for name in ("backstage", "second"):
        with world.login(name) as connection:
            connection.execute("CREATE TABLE mine (id int)")
    for name, other in itertools.permutations(("backstage", "second")):
        with world.login(name) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SELECT * FROM {world.component(other)['schema']}.mine")


def test_a_users_connections_are_limited(world: World) -> None:
    world.component("backstage")["connectionLimit"] = 2
    assert world.run().code == 0
    refused = pytest.raises(psycopg.OperationalError, match="too many connections for role")
    with world.login("backstage"), world.login("backstage"), refused:
        world.login("backstage")


def test_users_have_no_right_over_the_cluster(settled: World) -> None:
    users = [entry["user"] for entry in settled.components]
    with settled.server.superuser() as connection:
        found = connection.execute(
            "SELECT rolcanlogin, rolinherit OR rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication"
            " OR rolbypassrls, EXISTS (SELECT FROM pg_auth_members WHERE member = oid)"
            " FROM pg_roles WHERE rolname = ANY (%s)",
            [users],
        ).fetchall()
    assert found == [(True, False, False)] * len(users)


def test_the_master_does_not_take_on_the_components_rights(settled: World) -> None:
    users = [entry["user"] for entry in settled.components]
    option = "set_option OR inherit_option" if settled.server.program.major >= 16 else "true"
    with settled.server.superuser() as connection:
        found = connection.execute(
            f"SELECT count(*) FROM pg_auth_members WHERE roleid::regrole::text = ANY (%s) AND ({option})", [users]
        ).fetchone()
    assert found == (0,)


def test_what_components_own_is_only_what_they_made(settled: World) -> None:
    for entry in settled.components:
        with settled.server.superuser(entry["database"]) as connection:
            owned = connection.execute(
                "SELECT datname FROM pg_database WHERE datdba = %(user)s::regrole"
                " UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = %(user)s::regrole",
                entry,
            ).fetchall()
        assert owned == []


@pytest.mark.proves("4.2.1")
def test_a_login_without_tls_is_refused(settled: World) -> None:
    value = settled.secret("backstage")
    with pytest.raises(psycopg.OperationalError, match=r"pg_hba\.conf"):
        psycopg.connect(
            host="127.0.0.1",
            port=settled.server.port,
            user=value["username"],
            password=value["password"],
            dbname=value["dbname"],
            sslmode="disable",
        )

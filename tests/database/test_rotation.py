"""Running again, alone or twice at once."""

from __future__ import annotations

import json

import pytest

from tests.database.world import World

pytestmark = pytest.mark.database


@pytest.mark.proves("8.6.3")
def test_a_second_run_replaces_every_password(complete: World) -> None:
    before = {entry["name"]: complete.password(entry["name"]) for entry in complete.components}
    run = complete.run()
    assert run.code == 0, run.output
    for name, old in before.items():
        assert not complete.works(name, old)
        assert complete.works(name, complete.password(name))


def test_the_value_before_stays_to_be_looked_up(complete: World) -> None:
    before = complete.password("backstage")
    complete.run()
    assert complete.secret("backstage", VersionStage="AWSPREVIOUS")["password"] == before


def test_a_second_run_makes_new_keys(complete: World) -> None:
    (entry,) = complete.settings["randomKeys"]
    before = json.loads(complete.client.get_secret_value(SecretId=entry["secret"])["SecretString"])
    complete.run()
    after = json.loads(complete.client.get_secret_value(SecretId=entry["secret"])["SecretString"])
    assert not set(before.values()) & set(after.values())


def test_a_second_run_keeps_the_data(complete: World) -> None:
    for name in ("backstage", "argo-workflows"):
        with complete.login(name) as connection:
            connection.execute("CREATE TABLE kept (id serial PRIMARY KEY, word text)")
            connection.execute("INSERT INTO kept (word) VALUES ('here')")
    complete.run()
    for name in ("backstage", "argo-workflows"):
        with complete.login(name) as connection:
            assert connection.execute("SELECT word FROM kept").fetchall() == [("here",)]


def test_an_open_connection_outlives_the_rotation(complete: World) -> None:
    with complete.login("backstage") as connection:
        complete.run()
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_rights_that_were_changed_by_hand_are_set_right(complete: World) -> None:
    entry = complete.component("argo-workflows")
    with complete.server.superuser() as connection:
        connection.execute(f"ALTER ROLE {entry['user']} CREATEDB CONNECTION LIMIT -1")
        connection.execute(f"GRANT CREATE ON DATABASE {entry['database']} TO {entry['user']}")
        connection.execute(f"GRANT CONNECT ON DATABASE {entry['database']} TO PUBLIC")
    run = complete.run()
    assert run.code == 0, run.output
    with complete.server.superuser() as connection:
        found = connection.execute(
            "SELECT rolcreatedb, rolconnlimit, has_database_privilege(rolname, %(database)s, 'CREATE'),"
            " has_database_privilege('public', %(database)s, 'CONNECT') FROM pg_roles WHERE rolname = %(user)s",
            entry,
        ).fetchone()
    assert found == (False, entry["connectionLimit"], False, False)


def test_a_secret_that_names_an_old_server_gets_the_new_one(complete: World) -> None:
    entry = complete.component("backstage")
    stale = complete.secret("backstage") | {"host": "old.example.com"}
    complete.client.put_secret_value(
        SecretId=entry["secret"], SecretString=json.dumps(stale), VersionStages=["AWSPENDING"]
    )
    run = complete.run()
    assert run.code == 0, run.output
    assert complete.secret("backstage")["host"] == complete.settings["host"]
    complete.assert_complete()


def test_two_runs_at_once_end_right(complete: World) -> None:
    jobs = [complete.start(), complete.start()]
    runs = [job.wait() for job in jobs]
    assert [run.code for run in runs] == [0, 0], [run.output for run in runs]
    complete.assert_complete()


def test_two_first_runs_at_once_end_right(world: World) -> None:
    jobs = [world.start(), world.start()]
    runs = [job.wait() for job in jobs]
    assert [run.code for run in runs] == [0, 0], [run.output for run in runs]
    world.assert_complete()


def test_a_run_waits_for_the_lock_only_so_long(complete: World) -> None:
    from database_bootstrap.server import LOCK

    before = complete.password("backstage")
    with complete.server.superuser(complete.settings["database"]) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        run = complete.run(lockSeconds=1)
    assert run.code == 7
    assert "another run has held the lock for 1 s" in run.output
    assert complete.password("backstage") == before

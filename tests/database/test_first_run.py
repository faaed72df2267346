"""What the first run makes."""

from __future__ import annotations

import json
import re

import pytest

from tests.database.postgres import HOST
from tests.database.world import World

pytestmark = pytest.mark.database


def test_each_component_logs_in_with_what_its_secret_says(settled: World) -> None:
    for entry in settled.components:
        value = settled.secret(entry["name"])
        with settled.server.login(value["username"], value["password"], value["dbname"]) as connection:
            assert connection.execute("SELECT current_user, current_schema()").fetchone() == (
                entry["user"],
                entry["schema"],
            )


def test_secrets_name_the_server(settled: World) -> None:
    for entry in settled.components:
        value = settled.secret(entry["name"])
        assert {key: value[key] for key in ("host", "port", "dbname", "username")} == {
            "host": HOST,
            "port": settled.server.port,
            "dbname": entry["database"],
            "username": entry["user"],
        }
        assert set(value) == {"host", "port", "dbname", "username", "password"}


def test_passwords_are_long_and_differ(settled: World) -> None:
    passwords = [settled.password(entry["name"]) for entry in settled.components]
    assert len(set(passwords)) == len(passwords)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", password) for password in passwords)


def test_keys_of_backstage_are_made(settled: World) -> None:
    (entry,) = settled.settings["randomKeys"]
    value = json.loads(settled.client.get_secret_value(SecretId=entry["secret"])["SecretString"])
    assert set(value) == {"backend-secret", "session-secret"}
    assert all(len(key) == 44 for key in value.values())
    assert value["backend-secret"] != value["session-secret"]


def test_nothing_is_left_under_way(settled: World) -> None:
    settled.assert_complete()


def test_no_password_is_printed_or_logged(complete: World) -> None:
    again = complete.run()
    secrets = [complete.password(entry["name"]) for entry in complete.components]
    (keys,) = complete.settings["randomKeys"]
    secrets += json.loads(complete.client.get_secret_value(SecretId=keys["secret"])["SecretString"]).values()
    log = complete.server.log()
    assert "has a new password" in again.output
    assert "ALTER ROLE" in log, "the server's log shows no role statements: the test proves nothing"
    assert not [secret for secret in secrets if secret in again.output or secret in log]


def test_a_version_put_as_pending_and_labelled_current_by_the_service_is_finished(world: World) -> None:
    """Secrets Manager labels the first version of a secret AWSCURRENT whatever the caller asked for."""
    entry = world.component("backstage")
    address = {"username": entry["user"], "host": HOST, "port": world.server.port, "dbname": entry["database"]}
    world.client.put_secret_value(
        SecretId=entry["secret"],
        SecretString=json.dumps(address | {"password": "put-before-the-server-knew-it"}),
        VersionStages=["AWSCURRENT", "AWSPENDING"],
    )
    run = world.run()
    assert run.code == 0, run.output
    assert world.password("backstage") == "put-before-the-server-knew-it"
    world.assert_complete()

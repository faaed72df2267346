"""Each failure has its exit code and says what to do; what can be done is done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from database_bootstrap.errors import LoginRefused
from database_bootstrap.job import _master
from database_bootstrap.settings import load

from tests.database.certificates import issue
from tests.database.postgres import MASTER, MASTER_PASSWORD, free_port
from tests.database.world import World

pytestmark = pytest.mark.database


def untouched(world: World) -> bool:
    return not any(world.labels(entry["secret"]) for entry in world.components)


def put_master(world: World, value: Any) -> None:
    world.client.put_secret_value(SecretId=world.settings["masterSecret"], SecretString=json.dumps(value))


def test_a_wrong_password_of_the_master(world: World) -> None:
    put_master(world, {"username": MASTER, "password": "not-the-masters"})
    run = world.run()
    assert run.code == 5
    assert f"refuses user {MASTER}" in run.output
    assert "not-the-masters" not in run.output
    assert untouched(world)


def test_a_master_whose_password_changes_meanwhile_is_asked_for_again(world: World) -> None:
    """RDS changes the secret by itself, so the first value read may be old."""
    world.run()
    settings = load(world.directory / "settings-0.json")

    class Store:
        values = [
            {"username": MASTER, "password": "old"},
            {"username": MASTER, "password": MASTER_PASSWORD},
        ]

        def current(self, _secret: str) -> dict[str, str]:
            return self.values.pop(0)

    login, connection = _master(settings, Store())  # type: ignore[arg-type]
    with connection:
        assert login.password == MASTER_PASSWORD
    Store.values = [{"username": MASTER, "password": "old"}] * 2
    with pytest.raises(LoginRefused):
        _master(settings, Store())  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["localhost", "database.invalid"])
def test_a_server_that_does_not_answer(world: World, host: str) -> None:
    run = world.run(host=host, port=free_port())
    assert run.code == 4
    assert f"{host}:" in run.output
    assert "can't be reached" in run.output
    assert untouched(world)


def test_a_server_whose_certificate_is_of_another_authority(world: World, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(issue("localhost").ca)
    run = world.run(caFile=str(other))
    assert run.code == 4
    assert "is not trusted" in run.output
    assert untouched(world)


def test_a_server_whose_certificate_names_another_host(world: World) -> None:
    run = world.run(host="127.0.0.1")
    assert run.code == 4
    assert "is not trusted" in run.output


def test_a_missing_file_of_authorities(world: World) -> None:
    run = world.run(caFile="/nonexistent/ca.pem")
    assert run.code == 4
    assert "is not trusted by /nonexistent/ca.pem" in run.output


def test_a_missing_secret_of_the_master(world: World) -> None:
    run = world.run(masterSecret="rds!cluster-of-nobody")
    assert run.code == 3
    assert "rds!cluster-of-nobody" in run.output


@pytest.mark.parametrize("value", ["text", {"password": "without a user"}])
def test_a_secret_that_is_not_the_masters(world: World, value: Any) -> None:
    put_master(world, value)
    run = world.run()
    assert run.code == 3
    assert "without a user" not in run.output


def test_a_missing_secret_of_one_component_leaves_only_that_undone(world: World) -> None:
    missing = world.component("argo-workflows")["secret"]
    world.client.delete_secret(SecretId=missing, ForceDeleteWithoutRecovery=True)
    run = world.run()
    assert run.code == 6
    assert f"argo-workflows: FAILED: secret {missing}" in run.output
    assert "not done: argo-workflows" in run.output
    assert world.works("backstage", world.password("backstage"))
    world.client.create_secret(Name=missing)
    assert world.run().code == 0
    world.assert_complete()


def test_keys_that_exist_are_not_renewed_by_a_run_that_fails(complete: World) -> None:
    (keys,) = complete.settings["randomKeys"]
    before = complete.labels(keys["secret"])
    complete.client.delete_secret(
        SecretId=complete.component("argo-workflows")["secret"], ForceDeleteWithoutRecovery=True
    )
    assert complete.run().code == 6
    assert complete.labels(keys["secret"]) == before


def test_a_user_that_is_more_than_a_component_is_left_alone(world: World) -> None:
    user = world.component("backstage")["user"]
    with world.server.superuser() as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'of somebody' IN ROLE rds_superuser")
    run = world.run()
    assert run.code == 6
    assert f"user {user} exists with rights that the job did not give it" in run.output
    assert not world.labels(world.component("backstage")["secret"])
    assert world.works("argo-workflows", world.password("argo-workflows"))


def test_a_user_of_another_maker_is_left_alone(world: World) -> None:
    if world.server.program.major < 16:
        pytest.skip("before PostgreSQL 16 a role with CREATEROLE may alter every role that is no superuser")
    user = world.component("backstage")["user"]
    with world.server.superuser() as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN")
    run = world.run()
    assert run.code == 6
    assert "backstage: FAILED: 42501: permission denied to alter role" in run.output


def test_a_schema_of_another_owner_is_left_alone(world: World) -> None:
    schema = world.component("backstage")["schema"]
    with world.server.superuser(world.settings["database"]) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    run = world.run()
    assert run.code == 6
    assert f"schema {schema} of database {world.settings['database']} belongs to rdsadmin" in run.output


def test_a_schema_public_that_stays_open_to_all_is_told(world: World) -> None:
    """As in a cluster that was upgraded from PostgreSQL 14."""
    with world.server.superuser(world.settings["database"]) as connection:
        connection.execute("ALTER SCHEMA public OWNER TO rdsadmin")
        connection.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    run = world.run()
    assert run.code == 6
    assert "REVOKE CREATE ON SCHEMA public FROM PUBLIC" in run.output


def test_secrets_manager_that_does_not_answer(world: World) -> None:
    nobody = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"}
    world.environment = {**world.environment, **nobody}
    run = world.run()
    assert run.code == 8
    assert "Secrets Manager can't be called (EndpointConnectionError)" in run.output


def test_secrets_manager_that_does_not_allow_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The role lacks a right, or the key's policy does."""
    refused = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not for you"}}, "GetSecretValue")

    def refuse(*_: Any) -> None:
        raise refused

    # The child is a fork: it inherits this.
    monkeypatch.setattr(BaseClient, "_make_api_call", refuse)
    run = world.run()
    monkeypatch.undo()
    assert run.code == 8
    assert "AccessDeniedException: check the role of the job" in run.output

"""One cluster as the platform has it: a shared database, the secrets of the table, and the job's settings."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from config.deployment import Deployment
from constructs_lib.data.databases_table import settings
from tests.database.postgres import HOST, MASTER, MASTER_PASSWORD, Server
from tests.database.process import Job, Run, start

_NUMBERS = itertools.count(1)


@dataclass(kw_only=True)
class World:
    """``settings`` is what the table says, with names that no other world on the server has."""

    server: Server
    client: Any
    environment: Mapping[str, str]
    directory: Path
    settings: dict[str, Any]
    runs: list[str] = field(default_factory=list)

    def run(self, *, kill_after: int | None = None, **changes: Any) -> Run:
        return self.start(kill_after=kill_after, **changes).wait()

    def start(self, *, kill_after: int | None = None, **changes: Any) -> Job:
        number = len(self.runs)
        path, log = self.directory / f"settings-{number}.json", self.directory / f"log-{number}"
        path.write_text(json.dumps(self.settings | changes))
        self.runs.append(str(log))
        return start(path, log, self.environment, kill_after)

    def component(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(entry for entry in self.settings["components"] if entry["name"] == name)
        return found

    @property
    def components(self) -> list[dict[str, Any]]:
        return list(self.settings["components"])

    def secret(self, name: str, **which: str) -> dict[str, Any]:
        """The value in a component's secret; by default what its readers get."""
        # Named, for moto does not follow the label when it moves.
        which = which or {"VersionStage": "AWSCURRENT"}
        answer = self.client.get_secret_value(SecretId=self.component(name)["secret"], **which)
        value: dict[str, Any] = json.loads(answer["SecretString"])
        return value

    def password(self, name: str) -> str:
        return str(self.secret(name)["password"])

    def labels(self, secret: str) -> dict[str, list[str]]:
        versions = self.client.describe_secret(SecretId=secret).get("VersionIdsToStages", {})
        return {version: labels for version, labels in versions.items() if labels}

    def login(self, name: str, *, password: str | None = None, database: str | None = None) -> psycopg.Connection[Any]:
        """As a component: with the password that its secret holds, to its own database, unless told otherwise."""
        entry = self.component(name)
        return self.server.login(
            entry["user"], self.password(name) if password is None else password, database or entry["database"]
        )

    def works(self, name: str, password: str) -> bool:
        try:
            self.login(name, password=password).close()
        except psycopg.OperationalError as error:
            assert "password authentication failed" in str(error)
            return False
        return True

    def assert_complete(self) -> None:
        """Every component's readers get a password that works, and nothing is left under way."""
        for entry in self.components:
            assert self.works(entry["name"], self.password(entry["name"])), entry["name"]
            labels = [label for of_version in self.labels(entry["secret"]).values() for label in of_version]
            assert "AWSPENDING" not in labels, entry["name"]
        for entry in self.settings["randomKeys"]:
            value = json.loads(self.client.get_secret_value(SecretId=entry["secret"])["SecretString"])
            assert set(value) == set(entry["keys"])


def new_world(server: Server, client: Any, environment: Mapping[str, str], directory: Path, of: Deployment) -> World:
    number = next(_NUMBERS)
    master_secret = client.create_secret(
        Name=f"rds!cluster-{server.program.major}-{number}",
        SecretString=json.dumps({"username": MASTER, "password": MASTER_PASSWORD}),
    )["ARN"]
    named = _renamed(settings(of), f"{server.program.major}_{number}")
    with server.superuser() as connection:
        connection.execute(f"CREATE DATABASE {named['database']} OWNER {MASTER}")
    for entry in (*named["components"], *named["randomKeys"]):
        client.create_secret(Name=entry["secret"])
    named |= {
        "host": HOST,
        "masterSecret": master_secret,
        "port": server.port,
        "caFile": str(server.ca_file),
        "lockSeconds": 60,
    }
    return World(server=server, client=client, environment=environment, directory=directory, settings=named)


def drop_databases(world: World) -> None:
    """Each takes 8 MB of disk."""
    names = {world.settings["database"], *(entry["database"] for entry in world.components)}
    with world.server.superuser() as connection:
        for name in sorted(names):
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _renamed(table: Mapping[str, Any], suffix: str) -> dict[str, Any]:
    def component(entry: Mapping[str, Any]) -> dict[str, Any]:
        schema = entry["schema"] if entry["schema"] == "public" else f"{entry['schema']}_{suffix}"
        names = {key: f"{entry[key]}_{suffix}" for key in ("user", "database")}
        return {**entry, **names, "schema": schema, "secret": f"/{suffix}{entry['secret']}"}

    return {
        **table,
        "database": f"{table['database']}_{suffix}",
        "components": [component(entry) for entry in table["components"]],
        "randomKeys": [{**entry, "secret": f"/{suffix}{entry['secret']}"} for entry in table["randomKeys"]],
    }

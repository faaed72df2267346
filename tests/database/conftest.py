"""What the tests of this directory share: each PostgreSQL that can be had, and the sandbox's Secrets Manager."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest

from config.deployment import Deployment
from config.loader import load
from sandbox import process
from sandbox.environment import environment
from tests.conftest import ROOT
from tests.database.certificates import issue
from tests.database.postgres import HOST, Server, running
from tests.database.world import World, drop_databases, new_world
from tools.postgresql import PostgreSql, servers


def _name(program: PostgreSql | None) -> str:
    return f"postgresql-{program.major}" if program else "no-postgresql"


@pytest.fixture(scope="session", params=servers() or [None], ids=_name)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param is None:
        pytest.skip("no PostgreSQL server, 15 or newer, is to be had: run `make tools`")
    with running(request.param, issue(HOST)) as started:
        yield started


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The environment that leads to a Secrets Manager on loopback."""
    directory = tmp_path_factory.mktemp("aws")
    found = process.start(directory)
    try:
        variables = environment(found.port, {})
        yield {name: value for name, value in variables.items() if not name.endswith("_PROXY")}
    finally:
        process.stop(directory)


@pytest.fixture(scope="session")
def deployment() -> Deployment:
    """The first of the shipped deployments."""
    return load(ROOT / "cdktf.json")[0]


@pytest.fixture
def world(server: Server, aws: Mapping[str, str], tmp_path: Path, deployment: Deployment) -> Iterator[World]:
    """A cluster on which the job has not run yet."""
    with _world(server, aws, tmp_path, deployment) as found:
        yield found


@pytest.fixture
def complete(world: World) -> World:
    """A cluster on which the job has run."""
    return _run(world)


@pytest.fixture(scope="module")
def settled(
    server: Server, aws: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory, deployment: Deployment
) -> Iterator[World]:
    """A cluster on which the job has run, shared by tests that change nothing."""
    with _world(server, aws, tmp_path_factory.mktemp("settled"), deployment) as found:
        yield _run(found)


@contextmanager
def _world(server: Server, aws: Mapping[str, str], directory: Path, deployment: Deployment) -> Iterator[World]:
    found = new_world(server, _client(aws), aws, directory, deployment)
    yield found
    drop_databases(found)


def _run(world: World) -> World:
    run = world.run()
    assert run.code == 0, run.output
    return world


def _client(aws: Mapping[str, str]) -> Any:
    return boto3.client(
        "secretsmanager",
        region_name=aws["AWS_REGION"],
        endpoint_url=aws["AWS_ENDPOINT_URL"],
        aws_access_key_id=aws["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=aws["AWS_SECRET_ACCESS_KEY"],
    )

"""The table of databases agrees with the table of secrets, and each row is one that the job takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from database_bootstrap.settings import load

from config.deployment import Deployment
from constructs_lib.data import databases_table, secrets_table
from constructs_lib.data.databases_table import RANDOM_KEYS, SHARED, SMALLEST_MAX_CONNECTIONS, TABLE, settings
from constructs_lib.data.secrets_table import BOOTSTRAP_JOB, full_path, rows


def test_the_job_makes_every_secret_that_is_said_to_be_its() -> None:
    said = {secret.path for secret in secrets_table.TABLE if secret.maker == BOOTSTRAP_JOB}
    assert said == {row.secret for row in TABLE} | set(RANDOM_KEYS)


def test_no_secret_is_made_twice() -> None:
    made = [row.secret for row in TABLE] + list(RANDOM_KEYS)
    assert len(made) == len(set(made))


def test_rows_belong_to_the_component_of_their_secret() -> None:
    components = {secret.path: secret.components for secret in secrets_table.TABLE}
    assert all(components[row.secret] == (row.component,) for row in TABLE)


def test_settings_name_the_secrets_of_the_deployment(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with()
    found = settings(deployment)
    named = [entry["secret"] for entry in (*found["components"], *found["randomKeys"])]
    expected = [full_path(deployment, secret) for secret in rows(deployment) if secret.maker == BOOTSTRAP_JOB]
    assert sorted(named) == expected


def test_a_component_that_is_off_gets_nothing(deployment_with: Callable[..., Deployment]) -> None:
    found = settings(deployment_with({"deployment:components": {"external-secrets": {"enabled": True}}}))
    assert found["components"] == []
    assert found["randomKeys"] == []


def test_a_secret_without_a_way_to_make_it_is_an_error(
    deployment_with: Callable[..., Deployment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases_table, "RANDOM_KEYS", {})
    with pytest.raises(KeyError, match="api/backstage"):
        settings(deployment_with())


def test_the_job_takes_the_settings(deployment_with: Callable[..., Deployment], tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(settings(deployment_with()) | {"host": "h", "masterSecret": "arn"}))
    assert {component.name for component in load(path).components} == {"argo-workflows", "backstage"}


def test_connections_fit_the_smallest_cluster() -> None:
    assert sum(row.connection_limit for row in TABLE) <= SMALLEST_MAX_CONNECTIONS * 3 / 4


def test_rows_do_not_share_user_or_place() -> None:
    for values in ([row.user for row in TABLE], [(row.database, row.schema) for row in TABLE]):
        assert len(values) == len(set(values))
    assert all(row.schema != "public" for row in TABLE if row.database == SHARED)

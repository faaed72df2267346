"""Tests of the table of secrets."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.data.secrets_table import BOOTSTRAP_JOB, PERSON, TABLE, Secret, rows, secret_paths


def test_every_path_is_there_once() -> None:
    paths = [secret.path for secret in TABLE]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("secret", TABLE, ids=lambda secret: secret.path)
def test_every_secret_has_a_maker_a_reader_and_a_rotation(secret: Secret) -> None:
    assert secret.maker in (BOOTSTRAP_JOB, PERSON)
    assert secret.readers
    assert all(bool(reader.into) != bool(reader.scopes) for reader in secret.readers)
    # What many may receive is read by a role that reaches nothing else.
    assert all(reader.becomes for reader in secret.readers if reader.scopes)
    assert 0 < secret.rotation_days <= 365
    assert secret.rotation
    assert secret.components


@pytest.mark.parametrize("secret", TABLE, ids=lambda secret: secret.path)
def test_the_path_tells_who_reads(secret: Secret) -> None:
    assert re.fullmatch(r"[a-z-]+/[a-z-]+", secret.path)
    workloads = {reader.workload for reader in secret.readers}
    assert (secret.scheme, workloads) == ("synced", {"external-secrets-sa"})


def test_what_lies_below_a_component_s_own_path_is_its_role_s_to_read() -> None:
    own = dataclasses.replace(TABLE[0], path="backstage/plugins")
    assert own.scheme == "own-role"


def test_database_passwords_are_made_by_the_job_only() -> None:
    assert {secret.maker for secret in TABLE if secret.path.startswith("db/")} == {BOOTSTRAP_JOB}


def test_the_shipped_deployment_has_what_its_components_need(deployment_with: Callable[..., Deployment]) -> None:
    assert secret_paths(deployment_with()) == (
        "/idp/analysis/grafana-cloud",
        "/idp/api/argo-events",
        "/idp/api/backstage",
        "/idp/api/github",
        "/idp/api/grafana-cloud",
        "/idp/db/argo-workflows",
        "/idp/db/backstage",
        "/idp/oauth/argocd",
        "/idp/oauth/backstage",
    )


def test_a_component_that_is_off_has_no_secrets(deployment_with: Callable[..., Deployment]) -> None:
    on = {"argocd": {"enabled": True, "domain": "argocd.example.com"}, "external-secrets": {"enabled": True}}
    assert secret_paths(deployment_with({"deployment:components": on})) == ("/idp/api/github", "/idp/oauth/argocd")


def test_a_secret_that_nobody_could_read_is_not_made(deployment_with: Callable[..., Deployment]) -> None:
    whole = deployment_with()
    unread = whole.components.model_copy(update={"external_secrets": None})
    found = rows(whole.model_copy(update={"components": unread}))
    assert not found

"""Tests of pull-through cache rules and repository creation templates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.extension import ecr
from sandbox.extension.store import Store
from tests.unit.sandbox.requests import request

SECRET = "arn:aws:secretsmanager:us-west-2:111122223333:secret:ecr-pullthroughcache/hub-AbCdEf"


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ecr, "STORE", Store())
    yield


def call(target: str, account: str = "111122223333", **body: Any) -> tuple[int, dict[str, Any]]:
    response = ecr.route(request("ecr", target=target, account=account, **body))
    assert response is not None
    return response.status, json.loads(response.body)


def test_a_rule_is_read_back_as_it_was_created() -> None:
    call("CreatePullThroughCacheRule", ecrRepositoryPrefix="quay", upstreamRegistryUrl="quay.io")
    status, body = call("DescribePullThroughCacheRules", ecrRepositoryPrefixes=["quay"])
    assert (status, body["pullThroughCacheRules"][0]["upstreamRegistryUrl"]) == (200, "quay.io")


def test_a_deleted_rule_is_gone() -> None:
    call("CreatePullThroughCacheRule", ecrRepositoryPrefix="quay", upstreamRegistryUrl="quay.io")
    call("DeletePullThroughCacheRule", ecrRepositoryPrefix="quay")
    status, body = call("DescribePullThroughCacheRules", ecrRepositoryPrefixes=["quay"])
    assert (status, body["__type"]) == (400, "PullThroughCacheRuleNotFoundException")


def test_a_second_rule_of_the_same_prefix_is_refused() -> None:
    call("CreatePullThroughCacheRule", ecrRepositoryPrefix="quay", upstreamRegistryUrl="quay.io")
    _, body = call("CreatePullThroughCacheRule", ecrRepositoryPrefix="quay", upstreamRegistryUrl="quay.io")
    assert body["__type"] == "PullThroughCacheRuleAlreadyExistsException"


@pytest.mark.parametrize(
    ("credential", "status"), [(None, 400), (SECRET, 200), (SECRET.replace("ecr-pullthroughcache", "idp"), 400)]
)
def test_an_upstream_with_accounts_needs_a_secret_of_the_name_that_ecr_reads(
    credential: str | None, status: int
) -> None:
    body = {"ecrRepositoryPrefix": "hub", "upstreamRegistryUrl": "registry-1.docker.io"}
    given = {"credentialArn": credential} if credential else {}
    assert call("CreatePullThroughCacheRule", **body, **given)[0] == status


def test_a_template_is_updated_in_place() -> None:
    call("CreateRepositoryCreationTemplate", prefix="quay", imageTagMutability="MUTABLE")
    call("UpdateRepositoryCreationTemplate", prefix="quay", imageTagMutability="IMMUTABLE")
    _, body = call("DescribeRepositoryCreationTemplates")
    assert [item["imageTagMutability"] for item in body["repositoryCreationTemplates"]] == ["IMMUTABLE"]


def test_accounts_have_rules_of_their_own() -> None:
    call("CreatePullThroughCacheRule", ecrRepositoryPrefix="quay", upstreamRegistryUrl="quay.io")
    _, body = call("DescribePullThroughCacheRules", account="444455556666")
    assert body["pullThroughCacheRules"] == []


def test_what_moto_has_is_left_to_moto() -> None:
    assert ecr.route(request("ecr", target="CreateRepository", repositoryName="x")) is None
    assert ecr.route(request("s3", "GET", "/bucket")) is None

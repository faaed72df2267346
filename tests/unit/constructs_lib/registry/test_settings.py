"""Tests of the registry's settings and of the tables they come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from config.deployment import Deployment
from constructs_lib.naming import naming_of
from constructs_lib.registry.settings import registry_permissions, replication_destinations
from constructs_lib.registry.table import REPOSITORIES, UPSTREAMS, rule_is_due

Deploy = Callable[..., Deployment]


def permissions(deployment: Deployment) -> dict[str, Any]:
    return {statement.sid: statement for statement in registry_permissions(naming_of(deployment), deployment)}


def test_by_default_images_are_copied_to_one_other_region(deployment_with: Deploy) -> None:
    assert replication_destinations(deployment_with()) == (("us-east-1", "111122223333"),)
    there = deployment_with({"platform:region": "us-east-1", "platform:ssoRegion": "us-west-2"})
    assert replication_destinations(there) == (("us-west-2", "111122223333"),)


def test_other_accounts_get_copies_in_the_same_region(deployment_with: Deploy) -> None:
    deployment = deployment_with({"deployment:shared:replicationAccounts": ["444455556666"]})
    assert ("us-west-2", "444455556666") in replication_destinations(deployment)


def test_only_roles_of_the_deployment_import_into_caches(deployment_with: Deploy) -> None:
    found = permissions(deployment_with())
    assert set(found) == {"PullThroughCache"}
    conditions = {condition.variable: condition.values for condition in found["PullThroughCache"].conditions}
    assert conditions == {
        "aws:PrincipalAccount": ("111122223333",),
        "aws:PrincipalArn": ("arn:aws:iam::111122223333:role/idp-*",),
    }
    assert not [
        arn for arn in found["PullThroughCache"].resources if "/platform/" in arn or arn.endswith(":repository/*")
    ]


def test_consumers_import_into_caches_too(deployment_with: Deploy) -> None:
    found = permissions(deployment_with({"deployment:shared:consumerAccounts": ["444455556666"]}))
    assert found["ConsumersPullThroughCache"].principals == {"AWS": ("arn:aws:iam::444455556666:root",)}


def test_a_registry_that_is_filled_admits_its_source_only(deployment_with: Deploy) -> None:
    found = permissions(
        deployment_with(
            {
                "deployment:shared:owner": False,
                "deployment:shared:zoneId": "Z0123456789ABC",
                "deployment:shared:replicationSource": "444455556666",
            }
        )
    )
    assert set(found) == {"ReplicationFromSource"}
    assert found["ReplicationFromSource"].principals == {"AWS": ("arn:aws:iam::444455556666:root",)}
    assert "ecr:ReplicateImage" in found["ReplicationFromSource"].actions


def test_repositories_and_upstreams_are_there_once() -> None:
    names = [repository.full_name for repository in REPOSITORIES]
    assert len(names) == len(set(names))
    assert len({upstream.url for upstream in UPSTREAMS}) == len(UPSTREAMS)


def test_a_mirror_is_of_what_no_cache_can_serve() -> None:
    hosts = {repository.mirrors.split("/")[0] for repository in REPOSITORIES if repository.mirrors}
    assert hosts
    assert not hosts & {upstream.url for upstream in UPSTREAMS}


def test_only_caches_without_login_are_due_at_once(deployment_with: Deploy) -> None:
    deployment = deployment_with()
    assert {upstream.name for upstream in UPSTREAMS if rule_is_due(deployment, upstream)} == {
        "ecr-public",
        "kubernetes",
        "quay",
    }

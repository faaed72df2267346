"""Images come from the deployment's cache where it has one."""

from __future__ import annotations

from collections.abc import Callable

from config.deployment import Deployment
from constructs_lib.helm.images import repository


def test_a_cached_registry_is_pulled_through_ecr(deployment_with: Callable[..., Deployment]) -> None:
    assert repository(deployment_with(), "karpenter") == (
        "111122223333.dkr.ecr.us-west-2.amazonaws.com/ecr-public/karpenter/controller"
    )


def test_another_registry_account_is_followed(deployment_with: Callable[..., Deployment]) -> None:
    changes = {"deployment:shared:owner": False, "deployment:shared:registryAccount": "444455556666"}
    changes |= {
        "deployment:shared:zoneId": "Z0123456789ABCDEFGHIJ",
        "deployment:shared:certificateArn": "arn:aws:acm:us-west-2:111122223333:certificate/0",
    }
    assert repository(deployment_with(changes), "karpenter").startswith("444455556666.dkr.ecr.")


def test_without_a_cache_the_upstream_is_used(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with({"deployment:shared:pullThroughCaches": ["quay"]})
    assert repository(deployment, "karpenter") == "public.ecr.aws/karpenter/controller"

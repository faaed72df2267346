"""What the platform itself can't do without, and what its release is told of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from config.deployment import Deployment
from config.policies import OWN_EXCEPTIONS
from constructs_lib.policies.values import own


def shown(deployment: Deployment) -> dict[str, list[str]]:
    return {each["name"]: [policy["name"] for policy in each["policies"]] for each in own(deployment)}


def test_build_daemons_have_dated_exceptions_of_names_that_nobody_else_may_use(
    deployment_with: Callable[..., Deployment],
) -> None:
    deployment = deployment_with()
    assert shown(deployment) == {
        "build-daemons": ["disallow-privileged"],
        "build-daemons-image": ["restrict-registries"],
    }
    assert {each["name"] for each in own(deployment)} == {*OWN_EXCEPTIONS}
    assert {(each["namespace"], each["owner"]) for each in own(deployment)} == {("builds", deployment.platform.owner)}


def test_a_cached_image_needs_no_exception(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with({"deployment:shared:cacheCredentials": ["docker-hub"]})
    assert shown(deployment) == {"build-daemons": ["disallow-privileged"]}


def test_without_daemons_there_is_none(
    shipped_context: dict[str, Any], deployment_with: Callable[..., Deployment]
) -> None:
    off = ("argo-events", "argo-workflows")
    components = {name: each for name, each in shipped_context["deployment:components"].items() if name not in off}
    assert shown(deployment_with({"deployment:components": components})) == {}

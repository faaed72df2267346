"""The platform pool's limit, by profile and by what is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.sizing import OPTIONAL, SIZINGS

ZONES = 3


def limit(deployment: Deployment) -> int | None:
    (pool,) = (pool for pool in deployment.karpenter.pools if pool.name == "platform")
    return pool.limits.nodes


@pytest.mark.parametrize("profile", SIZINGS)
def test_a_limit_leaves_room_for_the_fullest_zone(profile: Any) -> None:
    for nodes in (SIZINGS[profile].platform, SIZINGS[profile].platform_and_options):
        assert nodes.limit >= nodes.steady + -(-nodes.steady // ZONES)
        # Of what keeps apart there are three replicas; in the cheapest profile nothing does.
        assert nodes.limit - nodes.steady >= (2 if profile == "seed-cost" else 3)


@pytest.mark.parametrize("component", sorted(OPTIONAL))
def test_an_optional_component_raises_the_limit(
    deployment_with: Callable[..., Deployment], shipped_context: dict[str, Any], component: str
) -> None:
    stated = shipped_context["deployment:components"]
    on = deployment_with({"deployment:components": stated | {component: {"enabled": True}}})
    off = deployment_with({"deployment:components": stated | {component: {"enabled": False}}})
    assert (limit(off), limit(on)) == (6, 7)

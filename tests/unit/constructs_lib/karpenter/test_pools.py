"""Pools as the chart takes them."""

from __future__ import annotations

from collections.abc import Callable

from config.deployment import Deployment
from constructs_lib.karpenter.pools import pool_values

Build = Callable[..., Deployment]


def test_a_pool_of_the_deployment_file_is_added(deployment_with: Build) -> None:
    pool = {"name": "ml", "instanceTypes": ["m6a.4xlarge"], "labels": {"team/purpose": "ml"}, "diskGib": 200}
    found = pool_values(deployment_with({"deployment:karpenter:pools": [pool]}))[-1]
    assert found["name"] == "ml"
    assert found["labels"] == {"platform/pool": "ml", "team/purpose": "ml"}
    assert (found["maxPods"], found["diskSize"]) == (110, "200Gi")


def test_limits_that_nobody_set_are_left_out(deployment_with: Build) -> None:
    pools = [{"name": "a"}, {"name": "b", "limits": {"nodes": 2, "cpu": "16", "memory": "64Gi"}}]
    first, second = pool_values(deployment_with({"deployment:karpenter:pools": pools}))[-2:]
    assert first["limits"] == {"nodes": "10"}
    assert second["limits"] == {"nodes": "2", "cpu": "16", "memory": "64Gi"}


def test_a_budget_without_a_schedule_has_none(deployment_with: Build) -> None:
    budgets = [{"nodes": "0", "schedule": "0 8 * * mon-fri", "duration": "10h"}, {"nodes": "20%"}]
    found = pool_values(deployment_with({"deployment:karpenter:pools": [{"name": "a", "budgets": budgets}]}))[-1]
    assert found["budgets"] == budgets


def test_the_sizing_profile_bounds_the_platform_pool(deployment_with: Build) -> None:
    def nodes(profile: str) -> str:
        return str(pool_values(deployment_with({"deployment:sizing": profile}))[0]["limits"]["nodes"])

    assert [nodes(profile) for profile in ("seed-cost", "ha", "large")] == ["4", "6", "8"]

"""Pools of environment and deployment file become one list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from config.deployment import Deployment
from config.pools import Karpenter
from config.rules.pools import spot

DEFAULTS: dict[str, Any] = {
    "instance_types": ["t3a.large"],
    "capacity_types": ["on-demand"],
    "arch": "amd64",
    "limits": {"nodes": 10},
    "disk_gib": 50,
    "labels": {},
    "taints": [],
    "user_namespaces": False,
    "consolidation": "WhenEmpty",
    "consolidate_after": "10m",
    "expire_after": "720h",
    "termination_grace_period": "1h",
    "budgets": [{"nodes": "1"}],
    "weight": 10,
}


def merged(pools: list[dict[str, Any]], changes: list[dict[str, Any]]) -> Karpenter:
    return Karpenter.model_validate({"defaults": DEFAULTS, "pools": pools, "changes": changes})


def test_a_change_leaves_alone_what_it_does_not_name() -> None:
    (pool,) = merged(
        [{"name": "workloads", "limits": {"nodes": 4, "cpu": "16"}, "weight": 20}],
        [{"name": "workloads", "limits": {"nodes": 6, "cpu": None}, "weight": None}],
    ).pools
    assert (pool.limits.nodes, pool.limits.cpu, pool.weight, pool.disk_gib) == (6, "16", 20, 50)


def test_a_new_pool_comes_after_the_environments() -> None:
    karpenter = merged([{"name": "platform"}], [{"name": "ml", "instance_types": ["m6a.4xlarge"]}])
    assert [pool.name for pool in karpenter.pools] == ["platform", "ml"]
    assert karpenter.declared == ("ml",)


def test_max_pods_follows_the_instance_types_unless_it_is_written() -> None:
    first, second = merged([{"name": "a", "instance_types": ["m6a.xlarge"]}, {"name": "b", "max_pods": 40}], []).pools
    assert (first.max_pods, second.max_pods) == (110, 40)


def test_spot_is_refused_where_the_environment_forbids_it(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with({"deployment:karpenter:pools": [{"name": "ml", "capacityTypes": ["spot"]}]})
    assert not list(spot(deployment))
    strict = deployment.model_copy(update={"policy": deployment.policy.model_copy(update={"spot": False})})
    found = {finding.key: finding for finding in spot(strict)}
    assert set(found) == {"deployment:karpenter:pools", "deployment:karpenter:pools[0].capacityTypes"}
    assert found["deployment:karpenter:pools[0].capacityTypes"].remedy == 'write ["on-demand"]'

"""Rules of teams that an environment decides, and what quotas promise together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.rules.teams import internet, pools, quotas
from config.team_capacity import capacity, promised

ENTRY = {"name": "alpha", "size": "small", "members": ["octocat"]}


def without_internet(deployment: Deployment) -> Deployment:
    policy = deployment.policy.model_copy(update={"team_internet": False})
    return deployment.model_copy(update={"policy": policy})


def test_the_internet_is_refused_where_the_environment_forbids_it(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with({"deployment:teams": [ENTRY, {**ENTRY, "name": "beta", "internet": True}]})
    assert not list(internet(deployment))
    (finding,) = internet(without_internet(deployment))
    assert (finding.key, finding.value) == ("deployment:teams[1].internet", True)
    assert finding.message == "must be false in environment production: teams name where they go"


@pytest.mark.parametrize(
    ("cidr", "refused"),
    [
        ("0.0.0.0/1", True),
        ("128.0.0.0/1", True),
        ("10.0.0.0/7", True),
        ("203.0.0.0/15", True),
        ("203.0.113.0/24", False),
        ("10.0.0.0/8", False),
        ("172.16.0.0/12", False),
    ],
)
def test_nor_is_it_had_in_pieces(deployment_with: Callable[..., Deployment], cidr: str, refused: bool) -> None:
    entry = {**ENTRY, "egress": [{"cidr": cidr, "ports": [443]}]}
    deployment = deployment_with({"deployment:teams": [entry]})
    assert not list(internet(deployment))
    found = [finding.key for finding in internet(without_internet(deployment))]
    assert found == (["deployment:teams[0].egress[0].cidr"] if refused else [])


def sized(count: int, **further: Any) -> dict[str, Any]:
    return {"deployment:teams": [{**ENTRY, "name": f"team{n}"} for n in range(count)], **further}


def test_quotas_promise_what_teams_and_shared_namespaces_may_use(deployment_with: Callable[..., Deployment]) -> None:
    # Small is 4 cores and 8Gi, staging 16 and 32Gi, the sandbox 4 and 8Gi.
    assert promised(deployment_with(sized(3))) == (32_000, 64 * 1024)


def test_together_they_may_promise_the_factor_and_not_a_core_more(deployment_with: Callable[..., Deployment]) -> None:
    most = capacity(deployment_with(sized(1)))
    assert most is not None
    teams = (4 * most.cpu - 20_000) // 4_000
    assert not list(quotas(deployment_with(sized(teams))))
    more = deployment_with(sized(teams, **{"deployment:quotaOvercommit": 5}))
    one_more = {"teams": (*more.teams, more.teams[0]), "quota_overcommit": 4.0}
    (finding,) = quotas(more.model_copy(update=one_more))
    assert finding.key == "deployment:teams"
    assert "must promise at most 4 times the 73000m of CPU" in finding.message


def test_memory_counts_on_its_own(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with({"deployment:teams": [{"name": "a", "quotas": _BIG, "members": ["octocat"]}]})
    tight = deployment.model_copy(update={"quota_overcommit": 1.0})
    (finding,) = quotas(tight)
    assert "of memory" in finding.message


_BIG = {"cpu": "1", "memory": "270Gi"}


POOL = {
    "name": "own",
    "instanceTypes": ["m6a.large"],
    "limits": {"nodes": 4},
    "taints": [{"key": "purpose", "value": "own", "effect": "NoSchedule"}],
}


def with_own_pool(*teams: dict[str, Any]) -> dict[str, Any]:
    return {"deployment:karpenter:pools": [POOL], "deployment:teams": [ENTRY, *teams]}


def test_a_teams_pool_is_counted_apart_from_the_pools_of_all(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with(with_own_pool({**ENTRY, "name": "beta", "pool": "own"}))
    # Four m6a.large less daemons; the shared namespaces are on the open pools.
    own, shared = capacity(deployment, "own"), capacity(deployment)
    assert own is not None
    assert shared is not None
    assert own.cpu < shared.cpu
    assert promised(deployment, "own") == (4_000, 8 * 1024)
    assert promised(deployment) == (4_000 + 20_000, (8 + 40) * 1024)


def test_what_is_promised_of_a_pool_is_bounded_by_that_pool(deployment_with: Callable[..., Deployment]) -> None:
    beta = {**ENTRY, "name": "beta", "pool": "own"}
    deployment = deployment_with(with_own_pool(beta, {**beta, "name": "gamma"}))
    (finding,) = quotas(deployment.model_copy(update={"quota_overcommit": 1.0, "teams": deployment.teams[1:]}))
    assert finding.message.startswith("must promise at most 1 times the 6640m of CPU that pool own holds at its limits")


def test_a_pool_of_a_teams_own_needs_kyverno(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with(with_own_pool({**ENTRY, "name": "beta", "pool": "own"}))
    assert not list(pools(deployment))
    off = deployment.components.model_copy(
        update={"kyverno": deployment.components.kyverno.model_copy(update={"enabled": False})}
    )
    (finding,) = pools(deployment.model_copy(update={"components": off}))
    assert (finding.key, finding.value) == ("deployment:teams[1].pool", "own")
    assert "needs Kyverno" in finding.message

"""The pods of Argo CD by profile, and who of them talks to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.components.catalog.argo_events import ARGO_EVENTS
from constructs_lib.components.catalog.argocd import ARGOCD
from constructs_lib.components.component import Component
from constructs_lib.components.pods import placed
from constructs_lib.components.policies import policies
from constructs_lib.data.secrets_table import TABLE as SECRETS
from tests.teams import GITHUB_APP

Build = Callable[..., Deployment]


def found(deployment: Deployment) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in policies(ARGOCD, deployment, {"argocd": ARGOCD})}


def reached(policy: dict[str, Any]) -> set[tuple[str, int]]:
    """(last label of the pods, port) of every way out to pods."""
    return {
        (next(iter(peer["podSelector"]["matchLabels"].values())), port["port"])
        for rule in policy["egress"]
        for peer in rule["to"]
        if "podSelector" in peer
        for port in rule["ports"]
    }


@pytest.mark.parametrize(
    ("profile", "replicas"),
    [
        ("seed-cost", {"server": 2, "repo-server": 2, "application-controller": 1, "redis": 1}),
        ("ha", {"server": 2, "repo-server": 2, "application-controller": 1, "redis-ha": 3, "redis-haproxy": 3}),
        ("large", {"server": 3, "repo-server": 4, "application-controller": 2, "redis-ha": 3, "redis-haproxy": 3}),
    ],
)
def test_a_profile_says_how_many_run(deployment_with: Build, profile: str, replicas: dict[str, int]) -> None:
    deployment = deployment_with({"deployment:sizing": profile})
    running = {each.name: placed(each, deployment).replicas for each in ARGOCD.running(deployment)}
    others = {"dex", "applicationset-controller", "redis-secret-init"}
    assert {name: count for name, count in running.items() if name not in others} == replicas


def test_the_cache_is_reached_through_its_proxy(deployment_with: Build) -> None:
    policies_ = found(deployment_with())
    for name in ("server", "repo-server", "application-controller"):
        assert ("redis-ha-haproxy", 6379) in reached(policies_[f"argocd-{name}"])
        assert not {peer for peer, _ in reached(policies_[f"argocd-{name}"])} & {"redis-ha", "argocd-redis"}
    assert reached(policies_["argocd-redis-haproxy"]) == {("redis-ha", 6379), ("redis-ha", 26379)}


def test_without_replicas_the_cache_is_reached_itself(deployment_with: Build) -> None:
    policies_ = found(deployment_with({"deployment:sizing": "seed-cost"}))
    assert ("argocd-redis", 6379) in reached(policies_["argocd-server"])
    assert not {"argocd-redis-ha", "argocd-redis-haproxy"} & policies_.keys()


def test_only_what_reads_repositories_or_signs_people_in_reaches_the_internet(deployment_with: Build) -> None:
    outside = {
        name
        for name, policy in found(deployment_with()).items()
        if any(peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0" for rule in policy["egress"] for peer in rule["to"])
    }
    assert outside == {"argocd-repo-server", "argocd-applicationset-controller", "argocd-dex"}


def test_the_job_that_ends_previews_reaches_github_and_is_reached_by_nobody(deployment_with: Build) -> None:
    policy = found(deployment_with(GITHUB_APP))["argocd-preview-labels"]
    (rule,) = policy["egress"]
    assert rule["ports"] == [{"port": 443, "protocol": "TCP"}]
    assert policy["ingress"] == []


@pytest.mark.parametrize("component", [ARGOCD, ARGO_EVENTS], ids=lambda component: component.name)
def test_who_writes_a_secret_is_told_the_keys_that_are_read(component: Component) -> None:
    described = {secret.path: secret.holds for secret in SECRETS}
    for secret in component.secrets:
        assert secret.keys
        for key in secret.keys.values():
            assert key in described[secret.path]

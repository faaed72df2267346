"""platform-argo-rollouts: whose traffic it splits, and what it may do for that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.kubernetes.releases import release
from tests.synth import Synth

STACK = "idp-platform-argo-rollouts"


@pytest.fixture(scope="module")
def chart(shipped: Synth) -> Mapping[str, Any]:
    return release(shipped, STACK, "argo-rollouts").values


def test_it_takes_the_platforms_ingress_classes_for_load_balancers(shipped: Synth, chart: Mapping[str, Any]) -> None:
    made = release(shipped, "idp-platform-load-balancers", "load-balancers").manifests("1.34")
    classes = {each["metadata"]["name"] for each in made if each["kind"] == "IngressClass"}
    assert classes
    assert {f"--alb-ingress-classes={name}" for name in classes} <= set(chart["controller"]["extraArgs"])


def test_it_may_change_nothing_of_other_ways_to_split_traffic(chart: Mapping[str, Any]) -> None:
    assert {name for name, on in chart["providerRBAC"]["providers"].items() if on} == {"awsLoadBalancerController"}


def test_nothing_without_a_login_is_served(chart: Mapping[str, Any]) -> None:
    assert chart["dashboard"]["enabled"] is False


def test_rollouts_outlive_it(chart: Mapping[str, Any]) -> None:
    assert chart["keepCRDs"] is True


def test_its_policy_selects_the_pods_that_the_chart_makes(shipped: Synth, chart: Mapping[str, Any]) -> None:
    (policy,) = release(shipped, STACK, "argo-rollouts-base").values["networkPolicies"]
    labels = policy["podSelector"]["matchLabels"]
    assert labels["app.kubernetes.io/component"] == chart["controller"]["component"]

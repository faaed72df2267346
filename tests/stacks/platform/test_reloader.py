"""platform-reloader: restarts who asks for it, in a way that GitOps leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml

from config.deployment import Deployment
from constructs_lib.components.catalog.reloader import RELOADER
from constructs_lib.components.template import rendered
from constructs_lib.naming import Naming
from tests.kubernetes.releases import release
from tests.synth import Synth

STACK = "idp-platform-reloader"
NAMING = Naming(deployment="idp", organization="example-org", account="111122223333", region="us-west-2")


@pytest.fixture(scope="module")
def reloader(shipped: Synth) -> Mapping[str, Any]:
    values: Mapping[str, Any] = release(shipped, STACK, "reloader").values
    return values["reloader"]


def test_only_who_asks_is_restarted(reloader: Mapping[str, Any]) -> None:
    assert reloader["autoReloadAll"] is False


def test_a_restart_is_no_difference_to_git(reloader: Mapping[str, Any]) -> None:
    assert reloader["reloadStrategy"] == "annotations"


def test_two_pods_agree_on_who_acts(reloader: Mapping[str, Any]) -> None:
    assert reloader["enableHA"] is True
    assert reloader["deployment"]["replicas"] == 2


def test_one_pod_needs_no_lease(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with({"deployment:sizing": "seed-cost"})
    reloader = yaml.safe_load(rendered(RELOADER, "reloader", deployment, NAMING))["reloader"]
    assert reloader["enableHA"] is False
    assert reloader["deployment"]["replicas"] == 1


def test_rollouts_are_watched_where_there_are_rollouts(
    deployment_with: Callable[..., Deployment], shipped_context: dict[str, Any]
) -> None:
    components = shipped_context["deployment:components"] | {"argo-rollouts": {"enabled": False}}
    for deployment, expected in (
        (deployment_with(), True),
        (deployment_with({"deployment:components": components}), False),
    ):
        assert (
            yaml.safe_load(rendered(RELOADER, "reloader", deployment, NAMING))["reloader"]["isArgoRollouts"] is expected
        )


def test_its_pods_and_their_policy_have_the_same_labels(shipped: Synth) -> None:
    # The chart names its pods after fullnameOverride and the release.
    chart = release(shipped, STACK, "reloader")
    (policy,) = release(shipped, STACK, "reloader-base").values["networkPolicies"]
    assert policy["podSelector"]["matchLabels"] == {"app": chart.values["fullnameOverride"], "release": chart.name}

"""The deployment that the table is made of: every component on, and two teams."""

from __future__ import annotations

from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load_one
from constructs_lib.addons.namespaces import NAMESPACES
from constructs_lib.reachability.policies import manifests
from constructs_lib.reachability.ways import Ways, evaluator, ways
from constructs_lib.reachability.world import World, world
from tests.reachability.deployments import Build, keys


@pytest.fixture(scope="session")
def reached_with(shipped_context: dict[str, Any]) -> Build:
    """Build the deployment with changes: ``reached_with({"deployment:vpc:natGateways": "none"})``."""

    def build(changes: dict[str, Any] | None = None) -> Deployment:
        stated = keys(shipped_context, NAMESPACES) | (changes or {})
        return load_one({key: value for key, value in stated.items() if value is not None}, source="test.json")

    return build


@pytest.fixture(scope="session")
def deployment(reached_with: Build) -> Deployment:
    return reached_with()


@pytest.fixture(scope="session")
def inhabited(deployment: Deployment) -> World:
    return world(deployment)


@pytest.fixture(scope="session", params=[True, False], ids=["blocks hold pods", "blocks hold no pods"])
def table(request: pytest.FixtureRequest, deployment: Deployment, inhabited: World) -> Ways:
    """All ways, by both readings of blocks."""
    return ways(evaluator(manifests(deployment), inhabited, blocks_hold_pods=request.param), inhabited)

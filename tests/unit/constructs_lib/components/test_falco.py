"""What Falco takes of every node, and how many pods of it there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.capacity import BASE_DAEMONS, COMPONENT_DAEMONS
from config.deployment import Deployment
from config.team_capacity import largest_room
from constructs_lib.components.catalog.falco import FALCO
from constructs_lib.components.pods import placed, requested
from constructs_lib.components.registry import CATALOG

Build = Callable[..., Deployment]


def test_what_runs_on_every_node_is_counted(deployment_with: Build) -> None:
    counted = {each.name for each in BASE_DAEMONS}
    rows = [
        (component.name, row)
        for component in CATALOG.values()
        for row in component.pods
        if row.kind == "DaemonSet" and row.name not in counted
    ]
    assert {name: requested(row, deployment_with()) for name, row in rows} == {
        name: (each.cpu, each.mib) for name, each in COMPONENT_DAEMONS.items()
    }


def test_pods_of_teams_have_less_room_where_it_is_on(deployment_with: Build, shipped_context: dict[str, Any]) -> None:
    on = shipped_context["deployment:components"] | {"falco": {"enabled": True}}
    without, beside = largest_room(deployment_with()), largest_room(deployment_with({"deployment:components": on}))
    assert without is not None and beside is not None
    assert (without.cpu - beside.cpu, without.mib - beside.mib, without.pods - beside.pods) == (100, 512, 1)


@pytest.mark.parametrize("profile", ["seed-cost", "ha", "large"])
def test_its_pods_are_not_replicated_but_its_counters_are(deployment_with: Build, profile: str) -> None:
    deployment = deployment_with({"deployment:sizing": profile})
    assert {row.name: placed(row, deployment).replicas for row in FALCO.pods} == {"falco": 0, "falcosidekick": 2}

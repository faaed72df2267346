"""How the EKS add-ons are configured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.addons.eks_addons import addons, guardduty_agent

Build = Callable[..., Deployment]


def configured(deployment: Deployment) -> dict[str, Any]:
    return {addon.name: addon.configuration for addon in addons(deployment)}


def placements(configuration: Any) -> list[Any]:
    """Every mapping that places pods on nodes."""
    if not isinstance(configuration, dict):
        return []
    own = [configuration] if "nodeSelector" in configuration else []
    return own + [found for item in configuration.values() for found in placements(item)]


@pytest.mark.parametrize("name", ["coredns", "snapshot-controller", "aws-ebs-csi-driver", "metrics-server"])
def test_controllers_run_on_the_system_nodes_spread_over_zones(deployment_with: Build, name: str) -> None:
    (placed,) = placements(configured(deployment_with())[name])
    assert placed["nodeSelector"] == {"platform/pool": "system"}
    assert placed["tolerations"] == [{"key": "CriticalAddonsOnly", "operator": "Exists", "effect": "NoSchedule"}]
    (constraint,) = placed["topologySpreadConstraints"]
    assert constraint["labelSelector"]["matchLabels"]


def test_every_container_has_requests_and_a_memory_limit(deployment_with: Build) -> None:
    found: list[Any] = []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            found.extend([value["resources"]] if "resources" in value else [])
            for item in value.values():
                collect(item)

    for configuration in configured(deployment_with()).values():
        collect(configuration)
    assert len(found) == 3 + 2 + 5
    assert all(set(each["requests"]) == {"cpu", "memory"} and "memory" in each["limits"] for each in found)


def test_a_large_deployment_has_more_name_servers(deployment_with: Build) -> None:
    assert configured(deployment_with())["coredns"]["replicaCount"] == 2
    assert configured(deployment_with({"deployment:sizing": "large"}))["coredns"]["replicaCount"] == 3


def test_snapshots_come_before_the_driver_that_makes_them(deployment_with: Build) -> None:
    names = [addon.name for addon in addons(deployment_with())]
    assert names.index("snapshot-controller") < names.index("aws-ebs-csi-driver")


def test_an_extra_addon_is_added(deployment_with: Build) -> None:
    deployment = deployment_with({"deployment:eks:extraAddons": ["eks-node-monitoring-agent"]})
    assert "eks-node-monitoring-agent" in configured(deployment)


def test_guarddutys_agent_asks_for_what_nodes_are_reckoned_with() -> None:
    agent = guardduty_agent()
    assert (agent.name, agent.service_account) == ("aws-guardduty-agent", None)
    assert agent.configuration["resources"]["requests"] == {"cpu": "200m", "memory": "256Mi"}
    assert agent.configuration["priorityClassName"] == "aws-guardduty-agent.priorityclass-high"

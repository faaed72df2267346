"""What the deployment file may speak of is what constructs_lib makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.names import team_namespace
from config.namespaces import SYSTEM, namespaces
from constructs_lib.addons.namespaces import platform_namespaces
from constructs_lib.teams.values import shared_namespaces


def made(deployment: Deployment) -> set[str]:
    teams = (team_namespace(team.name) for team in deployment.teams)
    return {*SYSTEM, *(each.name for each in platform_namespaces(deployment)), *shared_namespaces(deployment), *teams}


@pytest.mark.parametrize(
    "off",
    [
        (),
        ("argo-events", "argo-workflows"),
        ("argo-events", "argo-workflows", "backstage"),
        ("argo-rollouts",),
        ("backstage",),
        ("crossplane", "falco", "velero"),
        ("external-dns", "reloader"),
        ("grafana-agent",),
        ("kyverno",),
        ("cert-manager",),
    ],
)
def test_every_namespace_that_is_made_is_known_and_no_other(
    shipped_context: dict[str, Any], deployment_with: Callable[..., Deployment], off: tuple[str, ...]
) -> None:
    on = dict.fromkeys(("crossplane", "falco", "velero"), {"enabled": True})
    components = shipped_context["deployment:components"] | on | dict.fromkeys(off, {"enabled": False})
    for name in {"argo-events", "argo-workflows", "backstage"}.intersection(off):
        del components[name]
    deployment = deployment_with({"deployment:components": components})
    assert not set(off).intersection(deployment.components.enabled())
    assert namespaces(deployment) == made(deployment)


def test_with_few_components_there_are_few(
    deployment_with: Callable[..., Deployment],
) -> None:
    deployment = deployment_with({"deployment:components": {"kyverno": {"enabled": True}}})
    assert namespaces(deployment) == made(deployment)

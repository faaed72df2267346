"""Rights of the accounts around workflows of strangers and of the platform, as Helm renders them."""

from __future__ import annotations

from typing import Any

import pytest

from config.versions import MINORS
from tests.kubernetes.releases import release
from tests.synth import Synth

pytestmark = pytest.mark.charts

STRANGERS = "pull-requests"


def roles_of(shipped: Synth, namespace: str) -> dict[str, list[dict[str, Any]]]:
    """Role of ``namespace`` → its rules."""
    made = release(shipped, "idp-platform-argo-workflows", "workflow-templates").manifests(next(iter(MINORS)))
    found = [each for each in made if each["kind"] == "Role" and each["metadata"]["namespace"] == namespace]
    return {each["metadata"]["name"]: each["rules"] for each in found}


@pytest.fixture(scope="module")
def roles(shipped: Synth) -> dict[str, list[dict[str, Any]]]:
    return roles_of(shipped, STRANGERS)


def test_the_sensor_of_documentation_alone_starts_workflows_of_the_platform(shipped: Synth) -> None:
    rules = [{"apiGroups": ["argoproj.io"], "resources": ["workflows"], "verbs": ["create"]}]
    assert roles_of(shipped, "argo") == {"argo-events-docs": rules}


def test_the_sensor_of_strangers_starts_workflows_there_and_sees_none(roles: dict[str, Any]) -> None:
    """Its trigger creates, and looks at nothing first (Argo Events, k8s trigger)."""
    rules = [{"apiGroups": ["argoproj.io"], "resources": ["workflows"], "verbs": ["create"]}]
    assert roles["argo-events-stranger"] == rules


def test_nobody_else_has_rights_there_but_to_report(roles: dict[str, Any]) -> None:
    assert roles.keys() == {"argo-events-stranger", "pull-request"}
    (rule,) = roles["pull-request"]
    assert (rule["resources"], rule["verbs"]) == (["workflowtaskresults"], ["create", "patch"])

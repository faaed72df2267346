"""Policies hold nobody up who is on the way out: what is older than a policy still loses its finalizers."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.kyverno import cli
from tests.kyverno.test_policies import CHECKING, NAMESPACES, directory, documents, of_pods, policy

pytestmark = pytest.mark.kyverno

OF_PODS = [name for name in CHECKING if of_pods(name)]
LEAVING = {"deletionTimestamp": "2026-10-06T08:00:00Z", "finalizers": ["example.com/waits"]}


def bad(name: str) -> list[dict[str, Any]]:
    return copy.deepcopy(documents(directory(name) / "bad.yaml"))


def refused(name: str, resources: list[dict[str, Any]]) -> set[tuple[str, str]]:
    verdicts = cli.apply([policy(name)], resources, namespaces=NAMESPACES)
    return {(each.kind, each.name) for each in verdicts if each.result not in ("pass", "skip")}


@pytest.mark.parametrize("name", [*OF_PODS, "require-pdb", "verify-image-signatures"])
def test_what_is_being_deleted_is_let_go(name: str) -> None:
    resources = bad(name)
    assert refused(name, resources)
    for each in resources:
        each["metadata"] |= LEAVING
    assert refused(name, resources) == set()


@pytest.mark.parametrize("name", OF_PODS)
def test_a_template_that_says_so_is_not(name: str) -> None:
    """Kubernetes takes a deletionTimestamp from nobody, but for that of a template, which means nothing."""
    resources = [each for each in bad(name) if each["kind"] == "Deployment"]
    assert resources
    for each in resources:
        each["spec"]["template"].setdefault("metadata", {}).update(LEAVING)
    assert refused(name, resources) == {("Deployment", each["metadata"]["name"]) for each in resources}

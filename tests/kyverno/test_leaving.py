"""Policies hold nobody up who is on the way out, and what is older than a policy still gets and loses finalizers."""

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


def refused(name: str, resources: list[dict[str, Any]], operation: Any = "CREATE") -> set[tuple[str, str]]:
    verdicts = cli.apply([policy(name)], resources, namespaces=NAMESPACES, operation=operation)
    return {(each.kind, each.name) for each in verdicts if each.result not in ("pass", "skip")}


@pytest.mark.parametrize("name", [*OF_PODS, "require-pdb", "verify-image-signatures"])
def test_what_is_being_deleted_is_let_go(name: str) -> None:
    resources = bad(name)
    for each in resources:
        each["metadata"] |= LEAVING
    assert refused(name, resources) == set()


@pytest.mark.parametrize("name", [*OF_PODS, "verify-image-signatures"])
def test_an_update_of_something_else_is_let_through(name: str) -> None:
    assert refused(name, bad(name), "UPDATE") == set()


def test_an_update_is_looked_at_where_a_policy_says_nothing_of_it() -> None:
    """Or else the test above would show nothing."""
    resources = [each for each in bad("restrict-registries") if each["kind"] == "Pod"]
    (before,) = [policy("restrict-registries")]
    conditions = before["spec"]["matchConditions"]
    before["spec"]["matchConditions"] = [each for each in conditions if each["name"] != "changes"]
    verdicts = cli.apply([before], resources, namespaces=NAMESPACES, operation="UPDATE")
    assert {each.result for each in verdicts} == {"fail"}


@pytest.mark.parametrize("name", OF_PODS)
def test_a_template_that_says_so_is_not(name: str) -> None:
    """Kubernetes takes a deletionTimestamp from nobody, but for that of a template, which means nothing."""
    resources = [each for each in bad(name) if each["kind"] == "Deployment"]
    assert resources
    for each in resources:
        each["spec"]["template"].setdefault("metadata", {}).update(LEAVING)
    assert refused(name, resources) == {("Deployment", each["metadata"]["name"]) for each in resources}

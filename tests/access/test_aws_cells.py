"""Every right that the access page lists for AWS holds, under the boundary: no statement is granted in vain."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.iam_evaluator import Request, Value, allowed
from tests.iam_json import policy
from tests.synth import Synth

PEOPLE = ("admin", "operator", "viewer")
TEAM_ROLES = ("developer", "viewer", "secrets")
TAG = "aws:PrincipalTag/kubernetes-namespace"


@pytest.fixture(scope="module")
def boundary(shipped: Synth) -> dict[str, Any]:
    return policy(shipped.stack("idp-foundation-iam").statements("boundary"))


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def plain(pattern: str) -> str:
    """Something that ``pattern`` matches: of an action, a resource, or a value."""
    return pattern.replace(f"${{{TAG}}}", "team-alpha").replace("*", "x").replace("?", "x")


def context(statement: Mapping[str, Any]) -> dict[str, Value]:
    """The keys with which the statement's conditions hold. Raises KeyError for an operator that isn't known here."""
    found: dict[str, Value] = {TAG: "team-alpha"}
    for operator, keys in statement.get("Condition", {}).items():
        kind = operator.rpartition(":")[2].removesuffix("IfExists")
        for key, values in keys.items():
            value = plain(listed(values)[0])
            found |= {"StringEquals": {key: value}, "StringLike": {key: value}, "ArnLike": {key: value}}[kind]
    return found


def requests(document: Mapping[str, Any]) -> Iterator[Request]:
    """A request for each action on each resource that ``document`` allows."""
    for statement in document["Statement"]:
        if statement["Effect"] == "Allow":
            for action, resource in itertools.product(listed(statement["Action"]), listed(statement["Resource"])):
                # What a boundary says of resources by tag holds for those of the deployment.
                tags = {"aws:ResourceTag/deployment": "idp", **context(statement)}
                yield Request(action=plain(action), resource=plain(resource), context=tags)


def in_vain(document: dict[str, Any], boundary: dict[str, Any]) -> list[str]:
    asked = list(requests(document))
    assert asked
    return [f"{each.action} {each.resource}" for each in asked if not allowed(each, [document], boundary)]


@pytest.mark.parametrize("role", PEOPLE)
def test_people_of_the_platform_have_what_their_rows_say(shipped: Synth, boundary: dict[str, Any], role: str) -> None:
    assert not in_vain(policy(shipped.stack("idp-foundation-iam").statements(role)), boundary)


@pytest.mark.parametrize("role", TEAM_ROLES)
def test_people_and_secrets_of_a_team_have_what_their_rows_say(
    teams: Synth, boundary: dict[str, Any], role: str
) -> None:
    assert not in_vain(policy(teams.stack("idp-teams-alpha").statements(role)), boundary)


@pytest.mark.proves("7.2.2", "7.3.2")
@pytest.mark.parametrize("role", ["developer", "secrets"])
def test_what_is_a_team_s_own_is_no_other_team_s(teams: Synth, boundary: dict[str, Any], role: str) -> None:
    alpha, beta = (policy(teams.stack(f"idp-teams-{team}").statements(role)) for team in ("alpha", "beta"))
    own = [each for each in requests(alpha) if "alpha" in f"{each.resource} {each.context.get('s3:prefix')}"]
    assert own
    for each in own:
        assert allowed(each, [alpha], boundary)
        assert not allowed(each, [beta], boundary), f"{each.action} {each.resource}"


def test_executors_have_what_their_row_says(shipped: Synth, boundary: dict[str, Any]) -> None:
    for step in ("executor", "reader", "builder"):
        assert not in_vain(policy(shipped.stack("idp-foundation-iam").statements(f"argo_{step}_sa")), boundary)

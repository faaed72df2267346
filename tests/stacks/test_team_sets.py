"""Any set of teams: its stacks come out, no two take one name, and a team's change stays in its own stack."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.loader import load_one
from config.rules.teams import RESERVED
from constructs_lib.synth import documents, render
from tests.teams import layer

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,4}){0,2}", fullmatch=True).filter(
    lambda name: name not in RESERVED and not f"{name}-".startswith("kube-")
)
SHORT = st.from_regex(r"[a-z]{1,3}(-[a-z]{1,2})?", fullmatch=True)
# Arguments by which AWS, Helm or Kubernetes know a thing, and within which it must be the only one of its name.
NAMED = {
    "aws_iam_role": "name",
    "aws_ecr_repository": "name",
    "aws_secretsmanager_secret": "name",
    "aws_budgets_budget": "name",
    "aws_s3_object": "key",
    "helm_release": "name",
}


QUOTAS = st.fixed_dictionaries(
    {"cpu": st.sampled_from(("1", "2500m", "6.5")), "memory": st.sampled_from(("512Mi", "3Gi", "12Gi"))},
    optional={"pods": st.integers(1, 100), "storage": st.sampled_from(("1Gi", "1Ti"))},
)
ROLES = SHORT.map(lambda name: f"arn:aws:iam::111122223333:role/{name}")
GROUPS = SHORT.map(lambda name: f"example-org:{name}")
# What an entry may leave out.
OPTIONAL = {
    "groups": st.lists(GROUPS, max_size=2, unique=True),
    "viewerGroups": st.lists(GROUPS, max_size=2, unique=True),
    "developerRoles": st.lists(ROLES, max_size=2, unique=True),
    "viewerRoles": st.lists(ROLES, max_size=2, unique=True),
    "owner": SHORT.map(lambda name: f"{name}@example.com"),
    "costCenter": SHORT,
    "egress": st.lists(
        st.fixed_dictionaries(
            {
                "cidr": st.sampled_from(("10.0.0.0/8", "203.0.113.0/24", "168.0.0.0/6")),
                "ports": st.lists(st.integers(1, 65535), min_size=1, max_size=2, unique=True),
            },
            optional={"protocol": st.sampled_from(("TCP", "UDP"))},
        ),
        max_size=2,
    ),
}


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    sized = st.sampled_from(("small", "medium", "large")).map(lambda size: {"size": size})
    return {
        **draw(st.fixed_dictionaries({}, optional=OPTIONAL)),
        **draw(sized | QUOTAS.map(lambda quotas: {"quotas": quotas})),
        "members": draw(st.lists(SHORT, min_size=1, max_size=2, unique=True)),
        "repositories": draw(st.lists(SHORT, max_size=2, unique=True)),
        "secrets": draw(st.lists(SHORT, max_size=2, unique=True)),
        "sources": [f"example-org/{name}" for name in draw(st.lists(SHORT, max_size=2, unique=True))],
        "internet": draw(st.booleans()),
        "monthlyBudgetUsd": draw(st.none() | st.integers(1, 1000)),
    }


SETS = st.dictionaries(NAMES, entries(), min_size=1, max_size=4)
FEW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
MANY = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize="CI" in os.environ)


@functools.cache
def _context() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "cdktf.json").read_text(encoding="utf-8"))["context"]
    return {key: value for key, value in found.items() if key != "deployments"}


def files(teams: dict[str, dict[str, Any]]) -> dict[str, str]:
    keys = _context() | {"deployment:teams": [{"name": name, **entry} for name, entry in teams.items()]}
    return render([load_one(keys, source="test.json")], layer)


def names_are_their_own(teams: dict[str, dict[str, Any]]) -> None:
    found = documents(files(teams))
    assert set(found) == {"idp-teams-shared", *(f"idp-teams-{name}" for name in teams)}
    taken: set[tuple[str, str]] = set()
    for document in found.values():
        for kind, argument in NAMED.items():
            for each in document.get("resource", {}).get(kind, {}).values():
                name = (kind, each[argument])
                assert name not in taken
                taken.add(name)


def a_change_stays_in_its_stack(teams: dict[str, dict[str, Any]], changed: dict[str, Any]) -> None:
    name = next(iter(teams))
    before, after = files(teams), files({**teams, name: changed})
    touched = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert all(path.startswith(f"stacks/idp-teams-{name}/") for path in touched), touched


@FEW
@given(SETS)
def test_any_set_of_teams_has_names_of_its_own(teams: dict[str, dict[str, Any]]) -> None:
    names_are_their_own(teams)


@FEW
@given(SETS, entries())
def test_a_change_of_one_team_stays_in_its_stack(teams: dict[str, dict[str, Any]], changed: dict[str, Any]) -> None:
    a_change_stays_in_its_stack(teams, changed)


@pytest.mark.soak
@MANY
@given(SETS, entries())
def test_many_sets_of_teams(teams: dict[str, dict[str, Any]], changed: dict[str, Any]) -> None:
    names_are_their_own(teams)
    a_change_stays_in_its_stack(teams, changed)


def test_a_further_team_touches_nobody() -> None:
    entry = {"size": "small", "members": ["octocat"]}
    before, after = files({"alpha": entry}), files({"alpha": entry, "beta": entry})
    touched = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    # The manifest lists all stacks.
    assert {path.split("/")[1] for path in touched if path.startswith("stacks/")} == {"idp-teams-beta"}
    assert touched - {path for path in touched if path.startswith("stacks/")} == {"manifest.json"}

"""The table of access entries: one for each role, by declared ARN, no more than its part needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.eks.access import AccessEntry, PlatformRoles, access_entries

ROLES = PlatformRoles(deployer="deployer", planner="planner", admin="admin", operator="operator", viewer="viewer")
PATH = "aws-reserved/sso.amazonaws.com/us-west-2"


def sso(name: str) -> str:
    return f"arn:aws:iam::111122223333:role/{PATH}/AWSReservedSSO_{name}_0123456789abcdef"


def person(username: str, role: str) -> dict[str, Any]:
    return {"username": username, "role": sso(role), "email": f"{username.lower()}@example.com"}


@pytest.fixture
def entries_of(deployment_with: Callable[..., Deployment]) -> Callable[..., dict[str, AccessEntry]]:
    def build(**people: list[dict[str, Any]]) -> dict[str, AccessEntry]:
        parts = {"administrators": "deployment:eks", "operators": "deployment:access", "viewers": "deployment:access"}
        access = deployment_with({f"{parts[part]}:{part}": people[part] for part in people}).access
        return {entry.name: entry for entry in access_entries("idp", ROLES, access)}

    return build


@pytest.mark.parametrize(
    ("role", "policy", "groups"),
    [
        ("deployer", "AmazonEKSClusterAdminPolicy", ()),
        ("planner", "AmazonEKSAdminViewPolicy", ()),
        ("admin", "AmazonEKSClusterAdminPolicy", ()),
        ("operator", None, ("idp:operators",)),
        ("viewer", None, ("idp:viewers",)),
    ],
)
def test_each_platform_role_gets_what_its_part_needs(
    entries_of: Callable[..., dict[str, AccessEntry]], role: str, policy: str | None, groups: tuple[str, ...]
) -> None:
    assert entries_of()[role] == AccessEntry(name=role, principal_arn=role, policy=policy, groups=groups)  # type: ignore[arg-type]


def test_a_person_keeps_the_path_of_the_role(entries_of: Callable[..., dict[str, AccessEntry]]) -> None:
    entry = entries_of(administrators=[person("Ada.L", "Admin")])["administrator_ada_l"]
    assert entry.principal_arn == sso("Admin")
    assert entry.policy == "AmazonEKSClusterAdminPolicy"


def test_user_names_tell_sessions_apart_and_avoid_reserved_prefixes(
    entries_of: Callable[..., dict[str, AccessEntry]],
) -> None:
    entry = entries_of(operators=[person("aws", "Operators")])["operator_aws"]
    assert entry.user_name == "people:aws:{{SessionName}}"


def test_operators_and_viewers_hold_groups_only(entries_of: Callable[..., dict[str, AccessEntry]]) -> None:
    entries = entries_of(operators=[person("olga", "Operators")], viewers=[person("vera", "Viewers")])
    assert (entries["operator_olga"].policy, entries["operator_olga"].groups) == (None, ("idp:operators",))
    assert (entries["viewer_vera"].policy, entries["viewer_vera"].groups) == (None, ("idp:viewers",))


def test_a_role_declared_twice_has_one_entry_with_the_higher_access(
    entries_of: Callable[..., dict[str, AccessEntry]],
) -> None:
    entries = entries_of(administrators=[person("ada", "Both")], operators=[person("ada", "Both")])
    assert [name for name, entry in entries.items() if entry.principal_arn == sso("Both")] == ["administrator_ada"]
    assert entries["administrator_ada"].policy == "AmazonEKSClusterAdminPolicy"
    assert entries["administrator_ada"].groups == ("idp:operators",)

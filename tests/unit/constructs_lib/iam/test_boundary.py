"""Tests of the permissions boundary: it holds what the tables grant, and keeps what nobody may do."""

from __future__ import annotations

import pytest

from config.deployment import Deployment
from constructs_lib.iam.boundary import boundary_statements
from constructs_lib.iam.document import Statement
from constructs_lib.iam.people import DESCRIPTIONS, rights_of
from constructs_lib.iam.workloads import Made, workloads
from constructs_lib.naming import Naming, naming_of
from tests.unit.constructs_lib.iam.evaluate import allowed, matches

NAMING = Naming(deployment="idp", organization="example-org", account="111122223333", region="us-west-2")
BOUNDARY = boundary_statements(NAMING)
STATE = "arn:aws:s3:::idp-tfstate-example-org-111122223333-us-west-2"


def outside(statements: list[Statement]) -> list[str]:
    """Actions that ``statements`` allow and the boundary doesn't, or denies without a condition."""
    unconditional = [s for s in BOUNDARY if not (s.deny and s.conditions)]
    return [
        f"{statement.sid}: {action}"
        for statement in statements
        if not statement.deny
        for action in statement.actions
        for resource in statement.resources
        if not allowed(unconditional, action, resource)
    ]


def test_the_boundary_holds_what_workloads_may_do(everything_on: Deployment, made: Made) -> None:
    naming = naming_of(everything_on)
    found = {row.name: outside(row.rights(naming, everything_on, made)) for row in workloads(everything_on)}
    assert {name: actions for name, actions in found.items() if actions} == {}


@pytest.mark.parametrize("role", DESCRIPTIONS)
def test_the_boundary_holds_what_people_may_do(role: str, made: Made) -> None:
    assert outside(rights_of(role, NAMING, made)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:CreateRole", "arn:aws:iam::111122223333:role/x"),
        ("iam:AttachRolePolicy", "arn:aws:iam::111122223333:role/idp-admin"),
        ("iam:CreatePolicyVersion", "arn:aws:iam::111122223333:policy/idp-boundary"),
        ("iam:DeleteRolePermissionsBoundary", "arn:aws:iam::111122223333:role/idp-admin"),
        ("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/x"),
        ("s3:GetObject", f"{STATE}/idp-foundation-data"),
        ("s3:DeleteBucket", STATE),
        ("dynamodb:PutItem", "arn:aws:dynamodb:us-west-2:111122223333:table/idp-tfstate-lock"),
        ("kms:ScheduleKeyDeletion", "arn:aws:kms:us-west-2:111122223333:key/x"),
    ],
)
def test_the_boundary_denies_escalation_and_state(action: str, resource: str) -> None:
    assert any(statement.deny and matches(statement, action, resource) for statement in BOUNDARY)


@pytest.mark.parametrize("action", ["organizations:LeaveOrganization", "cloudtrail:StopLogging", "iam:CreateUser"])
def test_the_boundary_admits_no_other_service(action: str) -> None:
    assert not allowed(BOUNDARY, action, "*")


def test_what_carries_another_deployment_s_tag_is_out_of_reach() -> None:
    (statement,) = (s for s in BOUNDARY if s.sid == "NoOtherDeployment")
    assert {(c.test, c.variable, c.values) for c in statement.conditions} == {
        ("Null", "aws:ResourceTag/deployment", ("false",)),
        ("StringNotEquals", "aws:ResourceTag/deployment", ("idp",)),
    }

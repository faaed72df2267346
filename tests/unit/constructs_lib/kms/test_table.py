"""Tests of the table of key grants."""

from __future__ import annotations

import pytest

from constructs_lib.kms.table import PURPOSES, Grant, grants, statements
from constructs_lib.naming import Naming

NAMING = Naming(deployment="idp", organization="example", account="111122223333", region="us-west-2")
ROWS = grants(NAMING)


def _of(key: str, sid: str) -> Grant:
    return next(row for row in ROWS if (row.key, row.sid) == (key, sid))


def _values(row: Grant, variable: str) -> tuple[str, ...]:
    return next(condition.values for condition in row.conditions if condition.variable == variable)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.key}-{row.sid}")
def test_every_grant_is_bounded_to_this_account_and_has_a_source(row: Grant) -> None:
    bounds = {
        "kms:CallerAccount": "111122223333",
        "aws:SourceAccount": "111122223333",
        "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-west-2:111122223333:log-group:*",
    }
    found = {condition.variable: condition.values for condition in row.conditions if condition.variable in bounds}
    assert found
    assert all(values == (bounds[variable],) for variable, values in found.items())
    assert row.source


@pytest.mark.parametrize("row", [row for row in ROWS if row.principal == "*"], ids=lambda row: f"{row.key}-{row.sid}")
def test_a_grant_to_everybody_names_the_service_it_goes_through_or_the_roles(row: Grant) -> None:
    assert {condition.variable for condition in row.conditions} & {"kms:ViaService", "aws:PrincipalArn"}
    assert "kms:CallerAccount" in {condition.variable for condition in row.conditions}


def test_kms_grants_are_only_made_for_resources_of_aws() -> None:
    making = [row for row in ROWS if "kms:CreateGrant" in row.actions]
    assert making
    for row in making:
        assert row.actions == ("kms:CreateGrant",)
        assert _values(row, "kms:GrantIsForAWSResource") == ("true",)


@pytest.mark.proves("3.6.1", "3.7.7")
def test_no_grant_administers_a_key() -> None:
    allowed = {"Encrypt", "Decrypt", "ReEncrypt*", "GenerateDataKey*", "DescribeKey", "CreateGrant"}
    assert {action.removeprefix("kms:") for row in ROWS for action in row.actions} <= allowed


def test_auto_scaling_may_attach_encrypted_volumes_before_its_role_exists() -> None:
    row = _of("ebs", "ServiceLinkedRoles")
    assert row.principal == "*"
    roles = _values(row, "aws:PrincipalArn")
    prefix = "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    assert any(role.startswith(prefix) for role in roles)
    assert "kms:CreateGrant" in _of("ebs", "ServiceLinkedRolesGrants").actions


@pytest.mark.proves("3.6.1")
@pytest.mark.parametrize(
    ("key", "services"),
    [
        ("ebs", {"ec2"}),
        ("data", {"s3", "sqs", "sns", "rds", "ecr"}),
        ("secrets", {"secretsmanager", "rds"}),
        ("eks", {"eks"}),
        ("logs", set()),
    ],
)
def test_each_key_serves_only_the_services_of_its_purpose(key: str, services: set[str]) -> None:
    through = {
        value
        for row in ROWS
        if row.key == key
        for condition in row.conditions
        if condition.variable == "kms:ViaService"
        for value in condition.values
    }
    assert through == {f"{service}.us-west-2.amazonaws.com" for service in services}


def test_services_that_act_by_themselves_are_principals() -> None:
    named = {(row.key, row.principal) for row in ROWS if row.principal != "*"}
    assert named == {
        ("logs", "logs.us-west-2.amazonaws.com"),
        ("data", "events.amazonaws.com"),
        ("data", "sns.amazonaws.com"),
        ("data", "sqs.amazonaws.com"),
        ("data", "cloudwatch.amazonaws.com"),
    }


def test_every_purpose_has_statements_with_unique_ids() -> None:
    for key in PURPOSES:
        sids = [statement.sid for statement in statements(NAMING, key)]
        assert sids
        assert len(sids) == len(set(sids))


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError, match="keys are data, secrets"):
        statements(NAMING, "dta")

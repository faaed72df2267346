"""The evaluator of policies says what AWS documents of its own examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.iam_evaluator import Request, Value, allowed


def policy(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [dict(each) for each in statements]}


def allow(action: Any, resource: Any = "*", **further: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **further}


def deny(action: Any, resource: Any = "*", **further: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **further}


def may(statements: Any, action: str, resource: str = "*", context: Mapping[str, Value] | None = None) -> bool:
    return allowed(Request(action=action, resource=resource, context=context or {}), [policy(*statements)])


def test_what_nobody_allows_is_denied() -> None:
    assert not may([], "s3:GetObject")


def test_an_explicit_deny_wins() -> None:
    statements = [allow("s3:*"), deny("s3:DeleteBucket", "arn:aws:s3:::kept")]
    assert may(statements, "s3:DeleteBucket", "arn:aws:s3:::other")
    assert not may(statements, "s3:DeleteBucket", "arn:aws:s3:::kept")


def test_actions_match_without_regard_to_case_and_resources_with_it() -> None:
    statements = [allow("IAM:listaccesskeys", "arn:aws:iam::111122223333:user/Bob")]
    assert may(statements, "iam:ListAccessKeys", "arn:aws:iam::111122223333:user/Bob")
    assert not may(statements, "iam:ListAccessKeys", "arn:aws:iam::111122223333:user/bob")


# IAM User Guide, "Permissions boundaries for IAM entities": a boundary of S3, CloudWatch and EC2, and a policy that
# allows iam:CreateUser and nothing else.
BOUNDARY = policy(allow(["s3:*", "cloudwatch:*", "ec2:*"]))


@pytest.mark.parametrize(
    ("identity", "action", "expected"),
    [
        (policy(allow("iam:CreateUser")), "iam:CreateUser", False),
        (policy(), "s3:GetObject", False),
        (policy(allow("s3:GetObject")), "s3:GetObject", True),
        (policy(allow("*"), deny("ec2:*")), "ec2:RunInstances", False),
    ],
)
def test_a_boundary_grants_nothing_and_limits_everything(identity: Any, action: str, expected: bool) -> None:
    assert allowed(Request(action=action, resource="*"), [identity], BOUNDARY) is expected


def test_a_deny_of_the_boundary_counts() -> None:
    boundary = policy(allow("*"), deny("s3:*", "arn:aws:s3:::state*"))
    assert not allowed(Request(action="s3:GetObject", resource="arn:aws:s3:::state/x"), [policy(allow("*"))], boundary)


# IAM User Guide, "IAM policy elements: Variables and tags": a folder for each user.
FOLDERS = [
    allow(
        "s3:ListBucket",
        "arn:aws:s3:::amzn-s3-demo-bucket",
        Condition={"StringLike": {"s3:prefix": ["${aws:username}/*"]}},
    ),
    allow("s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*"),
]


@pytest.mark.parametrize(
    ("action", "resource", "context", "expected"),
    [
        ("s3:GetObject", "amzn-s3-demo-bucket/anaya/x", {"aws:username": "anaya"}, True),
        ("s3:GetObject", "amzn-s3-demo-bucket/other/x", {"aws:username": "anaya"}, False),
        # A variable without a value matches nothing.
        ("s3:GetObject", "amzn-s3-demo-bucket/anaya/x", {}, False),
        # A wildcard in a value is no wildcard.
        ("s3:GetObject", "amzn-s3-demo-bucket/other/x", {"aws:username": "*"}, False),
        ("s3:ListBucket", "amzn-s3-demo-bucket", {"aws:username": "anaya", "s3:prefix": "anaya/x"}, True),
        ("s3:ListBucket", "amzn-s3-demo-bucket", {"aws:username": "anaya", "s3:prefix": ""}, False),
        ("s3:ListBucket", "amzn-s3-demo-bucket", {"aws:username": "anaya"}, False),
    ],
)
def test_variables_stand_for_the_request_s_values(
    action: str, resource: str, context: Mapping[str, Value], expected: bool
) -> None:
    assert may(FOLDERS, action, f"arn:aws:s3:::{resource}", context) is expected


# IAM User Guide, "Condition operators" and "Multivalued context keys".
@pytest.mark.parametrize(
    ("condition", "context", "expected"),
    [
        ({"StringEquals": {"aws:PrincipalTag/job": "admin"}}, {"aws:PrincipalTag/job": "admin"}, True),
        ({"StringEquals": {"aws:PrincipalTag/job": "admin"}}, {}, False),
        ({"StringEquals": {"AWS:principaltag/JOB": "admin"}}, {"aws:PrincipalTag/job": "admin"}, True),
        ({"StringEquals": {"k": ["a", "b"]}}, {"k": "b"}, True),
        ({"StringNotEquals": {"k": ["a", "b"]}}, {"k": "c"}, True),
        ({"StringNotEquals": {"k": ["a", "b"]}}, {"k": "a"}, False),
        ({"StringNotEquals": {"k": "a"}}, {}, True),
        ({"StringEqualsIfExists": {"k": "a"}}, {}, True),
        ({"Null": {"k": "true"}}, {}, True),
        ({"Null": {"k": "false"}}, {}, False),
        ({"Null": {"k": "false"}}, {"k": "x"}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "true"}, False),
        (
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x-*"}},
            {"aws:PrincipalArn": "arn:aws:iam::1:role/x-y"},
            True,
        ),
        ({"ForAnyValue:StringEquals": {"k": ["a"]}}, {"k": ["a", "z"]}, True),
        ({"ForAnyValue:StringEquals": {"k": ["a"]}}, {}, False),
        ({"ForAllValues:StringEquals": {"k": ["a", "b"]}}, {"k": ["a", "z"]}, False),
        ({"ForAllValues:StringEquals": {"k": ["a", "b"]}}, {"k": ["a", "b"]}, True),
        # AWS warns of it: without the key it holds.
        ({"ForAllValues:StringEquals": {"k": ["a"]}}, {}, True),
        # Keys and operators together must all hold.
        ({"StringEquals": {"k": "a"}, "Null": {"other": "true"}}, {"k": "a", "other": "b"}, False),
    ],
)
def test_conditions_hold_as_documented(condition: Any, context: Mapping[str, Value], expected: bool) -> None:
    assert may([allow("s3:GetObject", Condition=condition)], "s3:GetObject", context=context) is expected


# IAM User Guide, "AWS: Denies access to AWS based on the requested Region": global services are left out by NotAction.
REGIONS = [
    allow("*"),
    {
        "Effect": "Deny",
        "NotAction": ["cloudfront:*", "iam:*", "route53:*", "support:*"],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}},
    },
]


@pytest.mark.parametrize(
    ("action", "region", "expected"),
    [
        ("ec2:RunInstances", "eu-west-1", True),
        ("ec2:RunInstances", "us-east-1", False),
        ("iam:CreateUser", "us-east-1", True),
    ],
)
def test_actions_that_are_left_out_aren_t_denied(action: str, region: str, expected: bool) -> None:
    assert may(REGIONS, action, context={"aws:RequestedRegion": region}) is expected


# IAM User Guide, "IAM JSON policy elements: NotResource": a deny that leaves a bucket and its objects out.
@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:s3:::hr-bucket/payroll/x", True),
        ("arn:aws:s3:::hr-bucket", True),
        ("arn:aws:s3:::other/x", False),
    ],
)
def test_resources_that_are_left_out_aren_t_denied(resource: str, expected: bool) -> None:
    left_out = {
        "Effect": "Deny",
        "Action": "s3:*",
        "NotResource": ["arn:aws:s3:::hr-bucket*", "arn:aws:s3:::hr-bucket/*"],
    }
    assert may([allow("s3:*"), left_out], "s3:GetObject", resource) is expected


# IAM User Guide, "AWS: Allows MFA-authenticated IAM users to manage their own credentials": BoolIfExists also denies
# whoever signed without the key.
@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"aws:MultiFactorAuthPresent": "true"}, True),
        ({"aws:MultiFactorAuthPresent": "false"}, False),
        ({}, False),
    ],
)
def test_a_deny_if_exists_holds_without_the_key(context: Mapping[str, Value], expected: bool) -> None:
    without = deny("*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
    assert may([allow("*"), without], "s3:GetObject", context=context) is expected


# IAM User Guide, "IAM tutorial: Define permissions to access AWS resources based on tags".
SAME_PROJECT = [
    allow(
        "secretsmanager:*",
        Condition={"StringEquals": {"aws:ResourceTag/access-project": "${aws:PrincipalTag/access-project}"}},
    )
]


@pytest.mark.parametrize(
    ("principal", "resource", "expected"),
    [
        ("peg", "peg", True),
        ("peg", "uni", False),
        ("peg", None, False),
        # Neither side has a value: nothing is equal to nothing.
        (None, None, False),
        (None, "peg", False),
    ],
)
def test_tags_of_the_principal_and_the_resource_are_compared(
    principal: str | None, resource: str | None, expected: bool
) -> None:
    tags = {"aws:PrincipalTag/access-project": principal, "aws:ResourceTag/access-project": resource}
    context = {key: value for key, value in tags.items() if value is not None}
    assert may(SAME_PROJECT, "secretsmanager:GetSecretValue", context=context) is expected


# Amazon ECR User Guide, "Using tag-based access control": all repositories but those with a tag.
@pytest.mark.parametrize(("environment", "expected"), [("prod", False), ("dev", True)])
def test_a_repository_s_tag_denies(environment: str, expected: bool) -> None:
    statements = [allow("ecr:*"), deny("ecr:*", Condition={"StringEquals": {"ecr:ResourceTag/environment": "prod"}})]
    assert may(statements, "ecr:BatchGetImage", context={"ecr:ResourceTag/environment": environment}) is expected


def test_an_unknown_operator_is_no_silent_yes() -> None:
    with pytest.raises(KeyError):
        may([allow("s3:GetObject", Condition={"DateLessThan": {"k": "2030"}})], "s3:GetObject", context={"k": "2026"})

"""Tests of the evaluation of bucket policies, on the documents that our JSON makes."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.extension.bucket_policy import SECURE, allowed, context_of, denied

OBJECT = "arn:aws:s3:::state/idp-account"
KEY = "arn:aws:kms:us-west-2:111122223333:key/1"
ALGORITHM_HEADER = "x-amz-server-side-encryption"
KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"
ALGORITHM, KEY_ID = f"s3:{ALGORITHM_HEADER}", f"s3:{KEY_HEADER}"


def deny(condition: Any, action: Any = "s3:PutObject") -> dict[str, Any]:
    statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "arn:aws:s3:::state/*"}
    return {"Statement": [statement | {"Condition": condition}]}


OTHER_ALGORITHM = deny({"Null": {ALGORITHM: "false"}, "StringNotEquals": {ALGORITHM: "aws:kms"}})
OTHER_KEY = deny({"Null": {KEY_ID: "false"}, "StringNotEquals": {KEY_ID: [KEY, "alias"]}})


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({ALGORITHM_HEADER: "aws:kms"}, False),
        ({ALGORITHM_HEADER: "AES256"}, True),
    ],
)
def test_another_algorithm_is_denied_and_none_is_not(headers: dict[str, str], refused: bool) -> None:
    assert denied(OTHER_ALGORITHM, "s3:PutObject", OBJECT, context_of(headers)) is refused


@pytest.mark.parametrize(("key", "refused"), [(KEY, False), ("alias", False), ("another", True), (None, False)])
def test_another_key_is_denied_and_none_is_not(key: str | None, refused: bool) -> None:
    headers = {KEY_HEADER: key} if key else {}
    assert denied(OTHER_KEY, "s3:PutObject", OBJECT, context_of(headers)) is refused


def test_without_the_null_test_a_put_without_header_would_be_denied() -> None:
    """The reason for the Null test in our policy: negated operators match where the key is absent."""
    careless = deny({"StringNotEquals": {ALGORITHM: "aws:kms"}})
    assert denied(careless, "s3:PutObject", OBJECT, context_of({}))


def test_a_deny_without_tls_lets_the_loopback_pass() -> None:
    assert not denied(deny({"Bool": {"aws:SecureTransport": "false"}}, "s3:*"), "s3:GetObject", OBJECT, SECURE)


def test_a_deny_of_another_action_or_resource_does_not_match() -> None:
    assert not denied(deny({}), "s3:GetObject", OBJECT, SECURE)
    assert not denied(deny({}), "s3:PutObject", "arn:aws:s3:::other/key", SECURE)
    assert denied(deny({}), "s3:PutObject", OBJECT, SECURE)


def test_an_operator_that_is_not_evaluated_is_an_error_and_no_silence() -> None:
    with pytest.raises(KeyError, match="IpAddress"):
        denied(deny({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), "s3:PutObject", OBJECT, SECURE)


@pytest.mark.parametrize(("account", "may"), [("111122223333", True), ("444455556666", False)])
def test_a_service_may_write_for_the_account_that_the_policy_names(account: str, may: bool) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs/s3/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    }
    context = SECURE | {"aws:SourceAccount": account}
    policy = {"Statement": statement}
    assert allowed(policy, "logging.s3.amazonaws.com", "s3:PutObject", "arn:aws:s3:::logs/s3/x", context) is may
    assert not allowed(policy, "delivery.logs.amazonaws.com", "s3:PutObject", "arn:aws:s3:::logs/s3/x", context)

"""Bucket policies with their conditions. moto ignores ``Condition``, so a Deny without TLS would deny everybody.

Evaluated: effect, action, resource, and the condition operators below, as IAM does (IAM User Guide, "IAM JSON policy
elements: Condition operators"). A Deny that doesn't match leaves the request to moto, which allows it.
``aws:SecureTransport`` is taken as true: the loopback is plain HTTP, and a policy on it can't be tested here.
"""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Context = Mapping[str, str]

# Condition key → request header (Service Authorization Reference, "Condition keys for Amazon S3").
HEADERS = {
    "s3:x-amz-server-side-encryption": "x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "x-amz-server-side-encryption-aws-kms-key-id",
}
LOGGING = "logging.s3.amazonaws.com"
SECURE = {"aws:SecureTransport": "true"}


def _null(value: str | None, wanted: Sequence[str]) -> bool:
    return (value is None) == (wanted[0] == "true")


def _equals(value: str | None, wanted: Sequence[str]) -> bool:
    return value is not None and value in wanted


def _like(value: str | None, wanted: Sequence[str]) -> bool:
    return value is not None and any(fnmatch.fnmatchcase(value, pattern) for pattern in wanted)


OPERATORS: Mapping[str, Callable[[str | None, Sequence[str]], bool]] = {
    "Null": _null,
    "Bool": _equals,
    "StringEquals": _equals,
    # Negated operators also match where the key is absent.
    "StringNotEquals": lambda value, wanted: not _equals(value, wanted),
    "StringLike": _like,
    "StringNotLike": lambda value, wanted: not _like(value, wanted),
    "ArnLike": _like,
    "ArnNotLike": lambda value, wanted: not _like(value, wanted),
}


def denied(policy: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    """Whether a Deny statement of ``policy`` matches. Raises KeyError for an operator that isn't evaluated here."""
    return any(
        statement["Effect"] == "Deny" and _covers(statement, action, resource, context)
        for statement in _many(policy["Statement"])
    )


def allowed(policy: Mapping[str, Any], service: str, action: str, resource: str, context: Context) -> bool:
    """Whether ``policy`` lets an AWS service do it: a statement allows it to that principal, and none denies it."""
    return not denied(policy, action, resource, context) and any(
        statement["Effect"] == "Allow"
        and isinstance(statement["Principal"], dict)
        and service in _many(statement["Principal"].get("Service", []))
        and _covers(statement, action, resource, context)
        for statement in _many(policy["Statement"])
    )


def context_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Condition keys of a request with ``headers`` (names in lower case)."""
    return SECURE | {key: headers[header] for key, header in HEADERS.items() if header in headers}


def patch() -> None:
    from flask import request
    from moto.iam.access_control import PermissionResult
    from moto.s3.models import FakeBucket

    def get_permission(self: Any, action: str, resource: str) -> Any:
        if self.policy is None:
            return PermissionResult.NEUTRAL
        context = context_of({name.lower(): value for name, value in request.headers.items()})
        refused = denied(json.loads(self.policy), action, resource, context)
        return PermissionResult.DENIED if refused else PermissionResult.NEUTRAL

    def may_log(target_bucket: Any, target_prefix: str | None) -> bool:
        """S3 refuses to log into a bucket whose policy doesn't admit its logging service."""
        if target_bucket.policy is None:
            return False
        log = f"arn:aws:s3:::{target_bucket.name}/{target_prefix or ''}log"
        context = SECURE | {"aws:SourceAccount": target_bucket.account_id}
        return allowed(json.loads(target_bucket.policy), LOGGING, "s3:PutObject", log, context)

    FakeBucket.get_permission = get_permission
    FakeBucket._log_permissions_enabled_policy = staticmethod(may_log)


def _covers(statement: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    actions, resources = _many(statement.get("Action", [])), _many(statement.get("Resource", []))
    return (
        any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in actions)
        and any(fnmatch.fnmatchcase(resource, pattern) for pattern in resources)
        and _matches(statement.get("Condition", {}), context)
    )


def _matches(condition: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """All operators and all keys must match."""
    return all(
        OPERATORS[operator](context.get(key), _many(wanted))
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""How long a policy is, as IAM counts it. Pure: imports no engine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from constructs_lib.iam.document import Statement


def characters(statements: Iterable[Statement]) -> int:
    """Characters of the policy of ``statements``; white space isn't counted (IAM User Guide, "IAM and AWS STS quotas").

    As the provider's data source writes it: one value stands for itself, several are a list.
    """
    document = {"Version": "2012-10-17", "Statement": [_written(statement) for statement in statements]}
    return len(json.dumps(document, separators=(",", ":")).replace(" ", ""))


def _written(statement: Statement) -> dict[str, Any]:
    found: dict[str, Any] = {"Sid": statement.sid, "Effect": "Deny" if statement.deny else "Allow"}
    for name, values in (
        ("Action", statement.actions),
        ("Resource", statement.resources),
        ("NotResource", statement.not_resources),
    ):
        if values:
            found[name] = _values(values)
    if statement.principals:
        kinds = {kind: _values(identifiers) for kind, identifiers in statement.principals.items()}
        found["Principal"] = "*" if "*" in kinds else kinds
    for condition in statement.conditions:
        tests = found.setdefault("Condition", {}).setdefault(condition.test, {})
        tests[condition.variable] = _values(condition.values)
    return found


def _values(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)

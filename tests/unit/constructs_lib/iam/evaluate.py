"""A small evaluator of statements, enough for the tables: allow and deny by action and resource, conditions aside."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from constructs_lib.iam.document import Statement

# IAM matches actions without regard to case and resources with it; "*" and "?" are wildcards in both.
# Source: IAM User Guide, "IAM JSON policy elements: Action" and "Resource".


def matches(statement: Statement, action: str, resource: str) -> bool:
    named = any(fnmatchcase(action.lower(), pattern.lower()) for pattern in statement.actions)
    return named and any(fnmatchcase(resource, pattern) for pattern in statement.resources)


def allowed(statements: Iterable[Statement], action: str, resource: str) -> bool:
    """Whether an allow matches and no deny does. A deny with conditions counts as a deny, an allow as an allow."""
    found = [statement for statement in statements if matches(statement, action, resource)]
    return any(not statement.deny for statement in found) and not any(statement.deny for statement in found)

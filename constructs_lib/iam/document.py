"""IAM policy statements as data. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, order=True)
class Condition:
    """One condition: ``Condition(test="StringEquals", variable="aws:PrincipalAccount", values=("111122223333",))``."""

    test: str
    variable: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement. ``principals`` maps a type (``AWS``, ``Service``, ``Federated``, ``*``) to identifiers.

    ``sid`` says what the statement is for; it is shown to reviewers. Effect is Allow unless ``deny`` is set.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: Mapping[str, Sequence[str]] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    deny: bool = False


def when(test: str, variable: str, *values: str) -> Condition:
    """A condition, short: ``when("StringEquals", "aws:SourceAccount", account)``."""
    return Condition(test=test, variable=variable, values=values)

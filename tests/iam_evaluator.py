"""An evaluator of IAM policies as JSON, for one account: identity policy, boundary, explicit deny, conditions.

Sources: IAM User Guide, "Policy evaluation logic", "Permissions boundaries for IAM entities", "IAM JSON policy
elements: Condition operators", "Conditions with multiple context keys or values", "Multivalued context keys", and
"Policy variables and tags"; for callers of another account "Cross-account policy evaluation logic": both sides must
allow. Session policies and organizations are left out: the tables' roles meet none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from typing import Any

Policy = Mapping[str, Any]
Value = str | Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Request:
    """``context`` holds condition keys; those with several values as a sequence, those absent not at all."""

    action: str
    resource: str
    context: Mapping[str, Value] = field(default_factory=dict)


def allowed(request: Request, identity: Iterable[Policy], boundary: Policy | None = None) -> bool:
    """Whether ``identity`` allows, the boundary does so too, and neither denies."""
    policies = list(identity)
    everything = [*policies, *([boundary] if boundary is not None else [])]
    if any(_matches(statement, request) for statement in _statements(everything, "Deny")):
        return False
    granted = any(_matches(statement, request) for statement in _statements(policies, "Allow"))
    within = boundary is None or any(_matches(each, request) for each in _statements([boundary], "Allow"))
    return granted and within


def admitted(request: Request, resource_policy: Policy, caller: str) -> bool:
    """Whether the policy of a resource lets ``caller`` in: an account of 12 digits, or a service's principal.

    Of an account: any of its principals, whom conditions on ``aws:PrincipalArn`` may tell apart.
    """
    of_caller = [each for each in _listed(resource_policy["Statement"]) if _names(each["Principal"], caller)]
    return allowed(request, [{"Statement": of_caller}])


def allowed_across(request: Request, identity: Iterable[Policy], resource_policy: Policy, account: str) -> bool:
    """Whether a principal of ``account``, another one than the resource's, may do it."""
    return allowed(request, identity) and admitted(request, resource_policy, account)


def _names(principal: Any, caller: str) -> bool:
    if principal == "*":
        return True
    named = [each for kind in principal.values() for each in _listed(kind)]
    return bool({"*", caller, f"arn:aws:iam::{caller}:root"} & set(named))


def _statements(policies: Iterable[Policy], effect: str) -> Iterable[Mapping[str, Any]]:
    return (each for policy in policies for each in _listed(policy["Statement"]) if each["Effect"] == effect)


def _matches(statement: Mapping[str, Any], request: Request) -> bool:
    return (
        _action(statement, request)
        and _resource(statement, request)
        and all(
            _condition(operator, key, _listed(values), request)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _action(statement: Mapping[str, Any], request: Request) -> bool:
    """Actions match without regard to case."""
    if "NotAction" in statement:
        return not any(_like(each.lower(), request.action.lower()) for each in _listed(statement["NotAction"]))
    return any(_like(each.lower(), request.action.lower()) for each in _listed(statement["Action"]))


def _resource(statement: Mapping[str, Any], request: Request) -> bool:
    if "NotResource" in statement:
        return not any(_named(each, request) for each in _listed(statement["NotResource"]))
    return any(_named(each, request) for each in _listed(statement["Resource"]))


def _named(pattern: str, request: Request) -> bool:
    filled = _filled(pattern, request)
    return filled is not None and _like(filled, request.resource)


def _filled(text: str, request: Request) -> str | None:
    """``text`` with its variables replaced; None where one has no value: such a statement matches nothing."""
    found = re.findall(r"\$\{([^}*?$]+)\}", text)
    for variable in found:
        value = _context(request, variable)
        if len(value) != 1:
            return None
        # A wildcard in a value is no wildcard.
        text = text.replace(f"${{{variable}}}", re.sub(r"([*?\[])", r"[\1]", value[0]))
    return text


def _context(request: Request, key: str) -> list[str]:
    """Values of a key; keys match without regard to case."""
    for name, value in request.context.items():
        if name.lower() == key.lower():
            return [value] if isinstance(value, str) else list(value)
    return []


def _like(pattern: str, value: str) -> bool:
    """``*`` and ``?`` are wildcards; ``[x]`` is how a character of a value is kept from being one."""
    return re.fullmatch(translate(re.sub(r"\[(?![*?\[]\])", "[[]", pattern)), value) is not None


def _equal(pattern: str, value: str) -> bool:
    return pattern == value


def _boolean(pattern: str, value: str) -> bool:
    return pattern.lower() == value.lower()


_POSITIVE: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _boolean,
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": _boolean,
}
_NEGATIVE: Mapping[str, Callable[[str, str], bool]] = {
    "StringNotEquals": _equal,
    "StringNotLike": _like,
    "ArnNotEquals": _like,
    "ArnNotLike": _like,
}


def _condition(operator: str, key: str, patterns: Sequence[str], request: Request) -> bool:
    """One operator on one key. Raises KeyError for an operator that isn't known here."""
    quantifier, _, plain = operator.rpartition(":")
    if_exists = plain.endswith("IfExists")
    plain = plain.removesuffix("IfExists")
    values = _context(request, key)
    if plain == "Null":
        return (not values) == (patterns[0].lower() == "true")
    if not values:
        # Without the key: an operator that denies a match holds, and so does ForAllValues; all others don't.
        return if_exists or plain in _NEGATIVE or quantifier == "ForAllValues"
    filled = [text for text in (_filled(pattern, request) for pattern in patterns) if text is not None]
    if plain in _NEGATIVE:
        results = [not any(_NEGATIVE[plain](each, value) for each in filled) for value in values]
    else:
        results = [any(_POSITIVE[plain](each, value) for each in filled) for value in values]
    return any(results) if quantifier == "ForAnyValue" else all(results)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

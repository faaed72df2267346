"""IAM roles of the stacks: who may become them, and what they may do. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.guardrails.estate import Address, Estate

ROLE = "aws_iam_role"
ASSOCIATION = "aws_eks_pod_identity_association"
NAMESPACE_TAG = "aws:RequestTag/kubernetes-namespace"
ACCOUNT_TAG = "aws:RequestTag/kubernetes-service-account"
SOURCE = "aws:SourceArn"
POD_IDENTITY = "pods.eks.amazonaws.com"

Statement = Mapping[str, Any]


_WILDCARD = re.compile(r"[*?]")


@functools.lru_cache(maxsize=4096)
def pattern(text: str) -> re.Pattern[str]:
    """IAM's wildcards: ``*`` is any text, ``?`` one character (IAM User Guide, "JSON policy elements: Resource")."""
    return re.compile("".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in text), re.DOTALL)


def matches(patterns: Sequence[str], value: str) -> bool:
    # Most have no wildcard: an expression for each would be compiled for each name of a team.
    return any(pattern(each).fullmatch(value) if _WILDCARD.search(each) else each == value for each in patterns)


def arn(estate: Estate, role: Address) -> str:
    """The role's ARN, from its account, path and name."""
    arguments = estate.arguments(role)
    account = account_of(estate, role.stack)
    return f"arn:aws:iam::{account}:role{arguments.get('path', '/')}{arguments.get('name', '')}"


def account_of(estate: Estate, stack: str) -> str:
    for configuration in estate.stacks[stack].get("provider", {}).get("aws", []):
        for account in configuration.get("allowed_account_ids", []):
            return str(account)
    return ""


def trust(estate: Estate, role: Address) -> list[Statement]:
    """The statements of the role's trust policy."""
    return _document(estate, role.stack, estate.arguments(role).get("assume_role_policy"))


def rights(estate: Estate, role: Address) -> list[Statement]:
    """The statements of the policies that the role has; not those of AWS managed ones."""
    found: list[Statement] = []
    document = estate.stacks[role.stack].get("resource", {})
    for attached in document.get("aws_iam_role_policy_attachment", {}).values():
        policy = estate.resolve(role.stack, attached.get("policy_arn"))
        if policy is not None and estate.resolve(role.stack, attached.get("role")) == role:
            found += _document(estate, policy.stack, estate.arguments(policy).get("policy"))
    for inline in document.get("aws_iam_role_policy", {}).values():
        if estate.resolve(role.stack, inline.get("role")) == role:
            found += _document(estate, role.stack, inline.get("policy"))
    return found


def allows(statements: Sequence[Statement], action: str, resource: str) -> bool:
    """Whether ``statements`` allow ``action`` on ``resource``. Conditions are taken as met, denials always count."""
    effects = {
        str(each.get("effect", "Allow"))
        for each in statements
        if matches(each.get("actions", ()), action) and matches(each.get("resources", ()), resource)
    }
    return effects == {"Allow"}


def associations(estate: Estate) -> Mapping[tuple[str, str], Address]:
    """(namespace, service account) → its role, where the association's reference leads to one."""
    found = {}
    for address, given in estate.resources(ASSOCIATION):
        role = estate.resolve(address.stack, given.get("role_arn"))
        if role is not None and role.kind == ROLE:
            found[given.get("namespace", ""), given.get("service_account", "")] = role
    return found


def bindings(statements: Sequence[Statement]) -> Iterator[tuple[str, str]]:
    """(namespace pattern, service account) that Pod Identity may bind by the trust policy ``statements``."""
    for statement in statements:
        principals = [each for found in statement.get("principals", ()) for each in found.get("identifiers", ())]
        if POD_IDENTITY in principals:
            values = conditions(statement)
            for namespace in values.get(NAMESPACE_TAG, ()):
                for account in values.get(ACCOUNT_TAG, ()):
                    yield namespace, account


def conditions(statement: Statement) -> dict[str, Sequence[str]]:
    """Variable → values of the statement's conditions."""
    return {each["variable"]: each["values"] for each in statement.get("condition", ())}


def _document(estate: Estate, stack: str, reference: Any) -> list[Statement]:
    found = estate.resolve(stack, reference)
    return list(estate.arguments(found).get("statement", ())) if found else []

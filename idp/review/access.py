"""Who may do what, as the JSON says: roles and their rights, policies of resources, ways into the cluster. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from idp.output import Stack

_DOCUMENT = re.compile(r"\$\{data\.aws_iam_policy_document\.([\w-]+)\.json\}")
_POLICY = re.compile(r"\$\{aws_iam_policy\.([\w-]+)\.arn\}")
_ROLE = re.compile(r"\$\{aws_iam_role\.([\w-]+)\.(?:name|id)\}")
# Holders of documents that speak of roles, not of the resource itself.
_OF_ROLES = ("aws_iam_policy", "aws_iam_role", "aws_iam_role_policy")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a policy: ``who`` is empty where the policy belongs to a role."""

    effect: str
    who: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Role:
    """One role: who may become it, what it may do by its own policies, and AWS's policies that it has.

    ``item`` is the id of its block; ``boundary`` what its rights end at.
    """

    item: str
    name: str
    description: str
    trust: tuple[Statement, ...]
    rights: tuple[Statement, ...]
    managed: tuple[str, ...]
    boundary: str


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """A resource with a policy of its own: key, bucket, secret, queue, endpoint."""

    item: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A way into the cluster: ``who`` becomes ``what`` there, or a service account becomes a role."""

    item: str
    who: str
    what: str
    where: str


@dataclass(frozen=True, kw_only=True)
class Access:
    roles: tuple[Role, ...]
    guarded: tuple[Guarded, ...]
    entries: tuple[Entry, ...]
    pods: tuple[Entry, ...]


def access(stacks: Iterable[Stack]) -> Access:
    """All of it, by stack in the order given."""
    there = list(stacks)
    return Access(
        roles=tuple(role for stack in there for role in _roles(stack)),
        guarded=tuple(guarded for stack in there for guarded in _guarded(stack)),
        entries=tuple(entry for stack in there for entry in _entries(stack)),
        pods=tuple(entry for stack in there for entry in _pods(stack)),
    )


def _roles(stack: Stack) -> Iterator[Role]:
    for name, role in _named(stack, "aws_iam_role"):
        inline = [
            statement
            for _, policy in _named(stack, "aws_iam_role_policy")
            if _held(policy.get("role"), _ROLE) == name
            for statement in _statements(stack, policy.get("policy"))
        ]
        arns = [
            str(attached.get("policy_arn"))
            for _, attached in _named(stack, "aws_iam_role_policy_attachment")
            if _held(attached.get("role"), _ROLE) == name
        ]
        attached = [statement for arn in arns for statement in _attached(stack, arn)]
        yield Role(
            item=f"{stack.name}/aws_iam_role.{name}",
            name=str(role.get("name", name)),
            description=str(role.get("description", "")),
            trust=tuple(_statements(stack, role.get("assume_role_policy"))),
            rights=(*inline, *attached),
            managed=tuple(sorted(arn for arn in arns if not _held(arn, _POLICY))),
            boundary=str(role.get("permissions_boundary", "")),
        )


def _attached(stack: Stack, arn: str) -> Iterator[Statement]:
    policies = dict(_named(stack, "aws_iam_policy"))
    policy = policies.get(_held(arn, _POLICY))
    if policy is not None:
        yield from _statements(stack, policy.get("policy"))


def _guarded(stack: Stack) -> Iterator[Guarded]:
    for kind in sorted(stack.document.get("resource", {})):
        for name, block in _named(stack, kind):
            statements = tuple(_statements(stack, block.get("policy")))
            if statements and kind not in _OF_ROLES:
                yield Guarded(item=f"{stack.name}/{kind}.{name}", statements=statements)


def _entries(stack: Stack) -> Iterator[Entry]:
    for name, entry in _named(stack, "aws_eks_access_entry"):
        groups = ", ".join(map(str, entry.get("kubernetes_groups", ())))
        yield Entry(
            item=f"{stack.name}/aws_eks_access_entry.{name}",
            who=str(entry.get("principal_arn", "")),
            what=f"group {groups}" if groups else str(entry.get("type", "")),
            where="by RBAC" if groups else "",
        )
    for name, association in _named(stack, "aws_eks_access_policy_association"):
        scope = association.get("access_scope", {})
        namespaces = ", ".join(map(str, scope.get("namespaces", ())))
        yield Entry(
            item=f"{stack.name}/aws_eks_access_policy_association.{name}",
            who=str(association.get("principal_arn", "")),
            what=str(association.get("policy_arn", "")).rpartition("/")[2],
            where=f"namespaces {namespaces}" if namespaces else str(scope.get("type", "")),
        )


def _pods(stack: Stack) -> Iterator[Entry]:
    for name, association in _named(stack, "aws_eks_pod_identity_association"):
        yield Entry(
            item=f"{stack.name}/aws_eks_pod_identity_association.{name}",
            who=f"{association.get('namespace')}/{association.get('service_account')}",
            what=str(association.get("role_arn", "")),
            where=str(association.get("namespace", "")),
        )


def _named(stack: Stack, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    return sorted(stack.document.get("resource", {}).get(kind, {}).items())


def _held(value: Any, pattern: re.Pattern[str]) -> str:
    """The name in a reference; empty where ``value`` is no such reference."""
    found = pattern.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else ""


def _statements(stack: Stack, value: Any) -> Iterator[Statement]:
    """Statements of the document that ``value`` refers to; none where it is anything else."""
    documents = stack.document.get("data", {}).get("aws_iam_policy_document", {})
    document = documents.get(_held(value, _DOCUMENT), {})
    for statement in document.get("statement", ()):
        yield Statement(
            effect=str(statement.get("effect", "Allow")),
            who=tuple(_principals(statement)),
            actions=(*_texts(statement, "actions"), *(f"all but {each}" for each in _texts(statement, "not_actions"))),
            resources=(
                *_texts(statement, "resources"),
                *(f"all but {each}" for each in _texts(statement, "not_resources")),
            ),
            conditions=tuple(_condition(each) for each in statement.get("condition", ())),
        )


def _principals(statement: Mapping[str, Any]) -> Iterator[str]:
    for key, prefix in (("principals", ""), ("not_principals", "all but ")):
        for principal in statement.get(key, ()):
            kind = str(principal.get("type", ""))
            label = "" if kind in ("AWS", "*") else f"{kind.lower()} "
            yield from (f"{prefix}{label}{name}" for name in _texts(principal, "identifiers"))


def _condition(condition: Mapping[str, Any]) -> str:
    values = " or ".join(_texts(condition, "values"))
    return f"{condition.get('variable')} {condition.get('test')} {values}"


def _texts(block: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(str(each) for each in block.get(key, ()))

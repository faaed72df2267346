"""Who may do what in the cluster: the table of access entries. Pure: imports no engine."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from config.deployment import Access
from config.parts import Person

Policy = Literal["AmazonEKSClusterAdminPolicy", "AmazonEKSAdminViewPolicy"]
_ADDRESS = re.compile(r"[^a-z0-9]+")


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccessEntry:
    """One row. ``name`` is its address, ``principal_arn`` a role's whole ARN or a reference to it.

    ``policy`` is an access policy of EKS for the whole cluster; ``groups`` are Kubernetes groups, which RBAC binds.
    Without ``user_name`` EKS makes one of the role's and the session's names.
    """

    name: str
    principal_arn: str
    policy: Policy | None = None
    groups: tuple[str, ...] = ()
    user_name: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlatformRoles:
    """ARNs of the platform's own roles."""

    deployer: str
    planner: str
    admin: str
    operator: str
    viewer: str


def group(deployment_id: str, name: str) -> str:
    """The Kubernetes group ``name`` of a deployment: ``group("idp", "viewers")`` is ``idp:viewers``."""
    return f"{deployment_id}:{name}"


def access_entries(deployment_id: str, roles: PlatformRoles, access: Access) -> tuple[AccessEntry, ...]:
    """All entries, one for each role. Who is declared twice keeps the higher access policy and gets both groups.

    The planner refreshes ``helm_release`` resources, which Helm keeps in Secrets: of the policies that only read, just
    AmazonEKSAdminViewPolicy includes them (Amazon EKS User Guide, "Review access policy permissions").
    """
    operators, viewers = group(deployment_id, "operators"), group(deployment_id, "viewers")
    return (
        AccessEntry(name="deployer", principal_arn=roles.deployer, policy="AmazonEKSClusterAdminPolicy"),
        AccessEntry(name="planner", principal_arn=roles.planner, policy="AmazonEKSAdminViewPolicy"),
        AccessEntry(name="admin", principal_arn=roles.admin, policy="AmazonEKSClusterAdminPolicy"),
        AccessEntry(name="operator", principal_arn=roles.operator, groups=(operators,)),
        AccessEntry(name="viewer", principal_arn=roles.viewer, groups=(viewers,)),
        *_merged(
            (
                *_people("administrator", access.administrators, policy="AmazonEKSClusterAdminPolicy"),
                *_people("operator", access.operators, groups=(operators,)),
                *_people("viewer", access.viewers, groups=(viewers,)),
            )
        ),
    )


def _people(
    part: str, people: Sequence[Person], *, policy: Policy | None = None, groups: tuple[str, ...] = ()
) -> Iterable[AccessEntry]:
    """Entries of declared people, whose role's ARN keeps its path.

    The session's name tells apart the people who share an SSO role, and needs a colon before it; a user name must not
    start with one of AWS's own prefixes, such as ``aws:`` (Amazon EKS User Guide, "Create access entries").
    """
    for person in people:
        yield AccessEntry(
            name=f"{part}_{_ADDRESS.sub('_', person.username.lower())}",
            principal_arn=person.role,
            policy=policy,
            groups=groups,
            user_name=f"people:{person.username}:{{{{SessionName}}}}",
        )


def _merged(entries: Iterable[AccessEntry]) -> tuple[AccessEntry, ...]:
    """One entry for each principal: EKS refuses a second one. ``entries`` come with the highest access first."""
    found: dict[str, AccessEntry] = {}
    for entry in entries:
        first = found.setdefault(entry.principal_arn, entry)
        if first is not entry:
            groups = tuple(dict.fromkeys((*first.groups, *entry.groups)))
            found[entry.principal_arn] = dataclasses.replace(first, groups=groups)
    return tuple(found.values())

"""Rules of declared identities."""

from __future__ import annotations

from collections.abc import Iterator

from config import sso
from config.file import DeploymentFile
from config.parts import Person
from config.rules.finding import Finding, twice


def _lists(file: DeploymentFile) -> tuple[tuple[str, tuple[Person, ...]], ...]:
    return (
        ("deployment:eks:administrators", file.eks_administrators),
        ("deployment:access:operators", file.operators),
        ("deployment:access:viewers", file.viewers),
        ("deployment:access:auditors", file.auditors),
    )


def _roles(file: DeploymentFile) -> Iterator[tuple[str, str]]:
    """(key, ARN) of every role that the file names."""
    for key, people in _lists(file):
        for index, person in enumerate(people):
            yield f"{key}[{index}].role", person.role
    if file.atlantis_role is not None:
        yield "deployment:ci:atlantisRole", file.atlantis_role
    for at, team in enumerate(file.teams):
        for key, roles in (("developerRoles", team.developer_roles), ("viewerRoles", team.viewer_roles)):
            yield from ((f"deployment:teams[{at}].{key}[{index}]", role) for index, role in enumerate(roles))


def sso_paths(file: DeploymentFile) -> Iterator[Finding]:
    """A role of Identity Center has the path that Identity Center gives it, or none and is completed."""
    home = file.sso_region or file.platform_region
    for key, arn in _roles(file):
        if sso.wrong_path(arn, file.sso_region):
            yield Finding(
                key=key,
                value=arn,
                message="must have the path of Identity Center's roles, "
                f"role/{sso.path_for(home)} for home region {home} (us-east-1 is left out of the path)",
                remedy="copy the ARN from IAM, or leave the path out and set platform:ssoRegion to the home region",
            )


def accounts(file: DeploymentFile) -> Iterator[Finding]:
    """A role of an account that nobody declared gets no access: a wrong digit would hand the platform to a stranger."""
    trusted = {file.platform_account, *file.trusted_accounts}
    for key, arn in _roles(file):
        if sso.account(arn) not in trusted:
            yield Finding(
                key=key,
                value=arn,
                message="must be a role of platform:account or of one of platform:trustedAccounts: "
                + ", ".join(sorted(trusted)),
                remedy="correct the account, or add it to platform:trustedAccounts",
            )


def people_once(file: DeploymentFile) -> Iterator[Finding]:
    """A role has one access entry at most (Amazon EKS User Guide, "Create access entries"), and a name one role."""
    home = file.sso_region or file.platform_region
    for key, people in _lists(file):
        yield from twice(key, [person.username for person in people], "a user")
        yield from twice(key, [sso.with_path(person.role, home) for person in people], "a role")


FILE_RULES = (sso_paths, accounts, people_once)

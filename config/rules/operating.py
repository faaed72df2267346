"""Rules of what is taken over, and of the way in for emergencies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from config.deployment import Deployment
from config.file import DeploymentFile
from config.rules.finding import Finding, twice

BREAK_GLASS = "deployment:access:breakGlass"
IMPORT, MOVED = "deployment:adopt:import", "deployment:adopt:moved"
_KEY = re.compile(r"\[[^\]]*\]$")


def break_glass_users(file: DeploymentFile) -> Iterator[Finding]:
    """A user of an account that nobody declared gets no access, and none is named twice."""
    trusted = {file.platform_account, *file.trusted_accounts}
    yield from twice(BREAK_GLASS, file.break_glass, "a user")
    for index, arn in enumerate(file.break_glass):
        if arn.split(":")[4] not in trusted:
            yield Finding(
                key=f"{BREAK_GLASS}[{index}]",
                value=arn,
                message="must be a user of platform:account or of one of platform:trustedAccounts: "
                + ", ".join(sorted(trusted)),
                remedy="correct the account, or add it to platform:trustedAccounts",
            )


def break_glass_is_heard(deployment: Deployment) -> Iterator[Finding]:
    """Nobody uses the role for emergencies unheard: alarms are made here, or the account has its own."""
    users = deployment.access.break_glass
    if users and deployment.account.alarms == "off":
        yield Finding(
            key=BREAK_GLASS,
            value=users,
            message="needs deployment:account:alarms, which is off: every use of the role must be told",
            remedy="write managed for deployment:account:alarms and deployment:account:cloudtrail, or existing for the "
            "former where the account's own alarms watch role <id>-break-glass",
        )


def taken_over_once(deployment: Deployment) -> Iterator[Finding]:
    """An address is imported or moved, not both; nothing is imported, or moved from, twice; a move keeps the type."""
    imports, moved = deployment.adopt.imports, deployment.adopt.moved
    for stack, addresses in moved.items():
        for address, former in addresses.items():
            key = f"{MOVED}.{stack}.{address}"
            if address in imports.get(stack, {}):
                yield Finding(
                    key=key, value=former, message=f"is in {IMPORT}, too", remedy="keep the one that the state needs"
                )
            if _type(former) != address.partition(".")[0]:
                message = f"must be of type {address.partition('.')[0]}: a moved block keeps the type"
                yield Finding(key=key, value=former, message=message, remedy=f"import it by {IMPORT}")
        yield from _once(MOVED, stack, addresses)
    for stack, addresses in imports.items():
        yield from _once(IMPORT, stack, addresses)


def _once(key: str, stack: str, addresses: Mapping[str, str]) -> Iterator[Finding]:
    # One id may be two things' of different types: a bucket's, and that of its policy.
    counted = Counter((address.partition(".")[0], source) for address, source in addresses.items())
    for (_, source), count in counted.items():
        if count > 1:
            message = f"gives this to {count} addresses of {stack}"
            yield Finding(key=f"{key}.{stack}", value=source, message=message, remedy="give it to one")


def _type(address: str) -> str:
    return _KEY.sub("", address).split(".")[-2]


FILE_RULES = (break_glass_users,)
DEPLOYMENT_RULES = (break_glass_is_heard, taken_over_once)

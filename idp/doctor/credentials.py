"""Who asks, in which account, and whether that may become the roles that deploy and plan."""

from __future__ import annotations

from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from config.deployment import Deployment
from constructs_lib.naming import naming_of
from idp.aws import Aws, refused
from idp.errors import OperationError
from idp.findings import Finding, Unseen, fail, ok, warn

# STS API reference, AssumeRole: the shortest session. Its credentials are thrown away.
_SHORTEST = 900
OPERATORS = ("deployer", "planner")


def account(aws: Aws, deployment: Deployment) -> str:
    """The caller's ARN. Raises Unseen in a wrong account: then nothing else that is seen there says anything."""
    caller = aws.client("sts").get_caller_identity()
    wanted = deployment.platform.account
    if caller["Account"] != wanted:
        raise Unseen(f"{caller['Arn']} is in account {caller['Account']}, not in {wanted}")
    arn: str = caller["Arn"]
    return arn


def logged_in(aws: Aws, deployment: Deployment) -> None:
    """Raises OperationError where the caller is nobody, or somebody of another account."""
    try:
        account(aws, deployment)
    except (Unseen, BotoCoreError, ClientError) as error:
        remedy = f"log in to account {deployment.platform.account}, then run the same command again"
        raise OperationError(f"nothing was done: {error}", remedy=remedy) from None


def credentials(aws: Aws, deployment: Deployment, *, deployed: bool) -> Iterator[Finding]:
    """The account, and once it is ``deployed`` whether the caller may assume deployer and planner."""
    check = "credentials: account"
    try:
        arn = account(aws, deployment)
    except Unseen as wrong:
        yield fail(check, str(wrong), f"log in to account {deployment.platform.account}, then ask again")
        return
    if arn.endswith(":root"):
        yield warn(check, arn, "use a role: the account's root user has no limits and no session")
    else:
        yield ok(check, arn)
    for name in OPERATORS if deployed else ():
        yield _assumable(aws, naming_of(deployment).role_arn(name), name)


def _assumable(aws: Aws, role: str, name: str) -> Finding:
    check = f"credentials: {name}"
    try:
        aws.client("sts").assume_role(RoleArn=role, RoleSessionName="idp-doctor", DurationSeconds=_SHORTEST)
    except ClientError as error:
        if not refused(error, "AccessDenied"):
            raise
        remedy = "deployment:eks:administrators names who may, beside CI and Atlantis; log in as one of them"
        return warn(check, f"may not assume {role}", remedy)
    return ok(check, f"may assume {role}")

"""Secrets that still need values. Asked is whether a version is there, never what it holds."""

from __future__ import annotations

from collections.abc import Iterator

from botocore.exceptions import ClientError

from config.deployment import Deployment
from constructs_lib.components.written_secrets import written
from constructs_lib.data.secrets_table import BOOTSTRAP_JOB, full_path, rows
from constructs_lib.registry.table import upstreams
from idp.aws import Aws, refused
from idp.findings import Finding, fail, ok, warn

_CURRENT = "AWSCURRENT"


def secrets(aws: Aws, deployment: Deployment) -> Iterator[Finding]:
    """Of each secret that a person or the bootstrap job writes, and of the logins of image caches."""
    page = "docs/POST_DEPLOYMENT.md has its command, under Secrets"
    stack = f"{deployment.id}-foundation-data"
    for secret, _ in written(deployment):
        yield _written(aws, full_path(deployment, secret), f"a person writes it: {page}", stack)
    for secret in rows(deployment):
        if secret.maker == BOOTSTRAP_JOB:
            job = f"the bootstrap job writes it: apply {deployment.id}-platform-database-bootstrap, and read its log"
            yield _written(aws, full_path(deployment, secret), job, stack, late=True)
    for upstream in upstreams(deployment) if deployment.shared.owner else ():
        if upstream.credential is not None:
            needed = upstream.name in deployment.shared.cache_credentials
            yield _written(
                aws,
                upstream.secret_name,
                f"a person writes it: {page}",
                f"{deployment.id}-foundation-shared",
                late=not needed,
            )


def _written(aws: Aws, path: str, how: str, stack: str, *, late: bool = False) -> Finding:
    """``late``: it may still be empty after the first half of the apply."""
    check = f"secret: {path}"
    try:
        versions = aws.client("secretsmanager").describe_secret(SecretId=path).get("VersionIdsToStages", {})
    except ClientError as error:
        if not refused(error, "ResourceNotFoundException"):
            raise
        return fail(check, "there is no such secret", f"apply {stack}")
    if any(_CURRENT in stages for stages in versions.values()):
        return ok(check, "has a value")
    return (warn if late else fail)(check, "is empty", how)

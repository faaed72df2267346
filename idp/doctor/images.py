"""Images that must be pushed before what runs them: whether the registry has them."""

from __future__ import annotations

from collections.abc import Iterator

from botocore.exceptions import ClientError

from config.deployment import Deployment
from constructs_lib.components.pushed import Pushed, built, copied
from idp.aws import Aws, refused
from idp.findings import Finding, fail, ok


def images(aws: Aws, deployment: Deployment) -> Iterator[Finding]:
    """Ours, and copies of those that ECR can't cache."""
    for image in (*built(deployment), *copied(deployment)):
        yield _pushed(aws, deployment, image)


def _pushed(aws: Aws, deployment: Deployment, image: Pushed) -> Finding:
    # registry/repository:tag, with @digest behind it where a copy is held by that.
    path = image.reference.partition("/")[2].partition("@")[0]
    repository, _, tag = path.rpartition(":")
    check = f"image: {path}"
    try:
        aws.client("ecr").describe_images(
            registryId=deployment.shared.registry_account, repositoryName=repository, imageIds=[{"imageTag": tag}]
        )
    except ClientError as error:
        if refused(error, "RepositoryNotFoundException"):
            return fail(check, "there is no such repository", f"apply {deployment.id}-foundation-shared")
        if refused(error, "ImageNotFoundException"):
            return fail(check, "isn't there", "push it: docs/POST_DEPLOYMENT.md has the command, under Images")
        raise
    return ok(check, "is there")

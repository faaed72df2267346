"""What a team still holds: volumes, asked of kubectl; images, values of secrets and artifacts, asked of AWS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from config.deployment import Deployment
from config.names import team_namespace
from config.teams import Team
from constructs_lib.naming import Naming, naming_of
from constructs_lib.teams.names import artifacts_prefix, repository_prefix, secrets_path
from idp.aws import Aws, refused
from idp.errors import OperationError
from idp.programs import run

# What outlives a pod: its volume. Everything else in a namespace is made again from a team's repositories.
VOLUMES = "persistentvolumeclaims"
# How AWS names what was never made, or is gone already.
_ABSENT = ("RepositoryNotFoundException", "ResourceNotFoundException", "NoSuchBucket")
# As many objects as one request may name (Amazon S3 API Reference, DeleteObjects).
DELETED_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """What ``team`` of ``deployment`` has. ``context`` is kubectl's; by default the one that
    ``aws eks update-kubeconfig`` makes, the cluster's ARN (AWS CLI Command Reference, --alias).
    """

    deployment: Deployment
    team: Team
    context: str = ""

    def found(self) -> list[str]:
        """A line for each thing that would be lost. Raises OperationError where nobody can tell."""
        return [*self.volumes(), *self.aws()]

    def volumes(self) -> list[str]:
        """The volumes of the team's namespace."""
        namespace = team_namespace(self.team.name)
        context = self.context or self._naming.cluster_arn
        listed = self._run("kubectl", f"--context={context}", "get", VOLUMES, f"--namespace={namespace}", "-o=name")
        return [f"volume {line.partition('/')[2]}" for line in listed.split()]

    def aws(self) -> list[str]:
        """What is in the team's repositories, secrets and artifacts.

        Asked as another account, everything would seem to be gone.
        """
        try:
            account = self._aws.client("sts").get_caller_identity()["Account"]
            expected = self.deployment.platform.account
            if account != expected:
                raise self._unknown(f"credentials are of account {account}, the deployment is in {expected}")
            return [*self._images(), *self._secrets(), *self._artifacts()]
        except (ClientError, BotoCoreError) as error:
            raise self._unknown(str(error)) from None

    def delete_artifacts(self) -> None:
        """Delete the team's objects in the artifacts bucket, which no stack holds. Raises OperationError."""
        bucket, prefix = self._bucket
        try:
            while keys := list(islice(self._keys(), DELETED_AT_ONCE)):
                objects = [{"Key": key} for key in keys]
                answer = self._aws.client("s3").delete_objects(Bucket=bucket, Delete={"Objects": objects})
                if errors := answer.get("Errors"):
                    raise self._left(f"{errors[0]['Key']}: {errors[0]['Code']}")
        except (ClientError, BotoCoreError) as error:
            raise self._left(str(error)) from None

    def _images(self) -> Iterator[str]:
        if not self.deployment.shared.owner:
            return
        for repository in self.team.repositories:
            name = f"{repository_prefix(self.team.name)}{repository}"
            images = self._listed("ecr", "list_images", "imageIds", repositoryName=name)
            if count := len({image["imageDigest"] for image in images}):
                yield f"{count} {'image' if count == 1 else 'images'} in {name}"

    def _secrets(self) -> Iterator[str]:
        for secret in self.team.secrets:
            name = f"/{self.deployment.id}/{secrets_path(self.team.name)}{secret}"
            with _absent_is_empty():
                if self._aws.client("secretsmanager").describe_secret(SecretId=name).get("VersionIdsToStages"):
                    yield f"a value of secret {name}"

    def _artifacts(self) -> Iterator[str]:
        bucket, prefix = self._bucket
        if next(self._keys(), None) is not None:
            yield f"artifacts below {prefix} of {bucket}"

    def _keys(self) -> Iterator[str]:
        bucket, prefix = self._bucket
        for each in self._listed("s3", "list_objects_v2", "Contents", Bucket=bucket, Prefix=prefix):
            yield each["Key"]

    def _listed(self, service: str, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
        """The entries below ``key``; none where what is listed isn't there."""
        with _absent_is_empty():
            yield from self._aws.pages(service, operation, key, **arguments)

    @cached_property
    def _aws(self) -> Aws:
        return Aws(region=self.deployment.platform.region)

    @property
    def _naming(self) -> Naming:
        return naming_of(self.deployment)

    @property
    def _bucket(self) -> tuple[str, str]:
        return self._naming.bucket("artifacts"), artifacts_prefix(self.team.name)

    def _run(self, *command: str) -> str:
        printed = run(command)
        if printed.code is None:
            raise self._unknown(f"{command[0]} is not installed")
        if printed.code:
            raise self._unknown(printed.err.strip())
        return printed.out

    def _left(self, why: str) -> OperationError:
        bucket, prefix = self._bucket
        return OperationError(
            f"the stack of team {self.team.name} is gone, its artifacts below {prefix} of {bucket} aren't: {why}",
            remedy="run the same command again",
        )

    def _unknown(self, why: str) -> OperationError:
        return OperationError(
            f"can't tell what team {self.team.name} still holds: {why}",
            remedy="nothing was changed; log in by `aws eks update-kubeconfig` with rights to read what the team has, "
            f"name a context by --context, or confirm by --yes-delete {self.team.name}",
        )


@contextmanager
def _absent_is_empty() -> Iterator[None]:
    """End the block where AWS answers that what it asks for isn't there."""
    try:
        yield
    except ClientError as error:
        if not refused(error, *_ABSENT):
            raise

"""What a team still holds: volumes, images, values of secrets and artifacts, asked of kubectl and of the AWS CLI."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.deployment import Deployment
from config.names import team_namespace
from config.teams import Team
from constructs_lib.naming import Naming, naming_of
from constructs_lib.teams.names import artifacts_prefix, repository_prefix, secrets_path
from idp.errors import OperationError
from idp.programs import run

# What outlives a pod: its volume. Everything else in a namespace is made again from a team's repositories.
VOLUMES = "persistentvolumeclaims"
# How the AWS CLI names what was never made, or is gone already.
_ABSENT = ("RepositoryNotFoundException", "ResourceNotFoundException", "NoSuchBucket")


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
        account, expected = self._aws("sts", "get-caller-identity")["Account"], self.deployment.platform.account
        if account != expected:
            raise self._unknown(f"credentials are of account {account}, the deployment is in {expected}")
        return [*self._images(), *self._secrets(), *self._artifacts()]

    def delete_artifacts(self) -> None:
        """Delete the team's objects in the artifacts bucket, which no stack holds. Raises OperationError."""
        bucket, prefix = self._bucket
        try:
            if list(self._artifacts()):
                self._run(
                    "aws", "s3", "rm", f"s3://{bucket}/{prefix}", "--recursive", "--only-show-errors", *self._region
                )
        except OperationError as error:
            raise OperationError(
                f"the stack of team {self.team.name} is gone, its artifacts below {prefix} of {bucket} aren't: {error}",
                remedy="run the same command again",
            ) from None

    def _images(self) -> Iterator[str]:
        if not self.deployment.shared.owner:
            return
        for repository in self.team.repositories:
            name = f"{repository_prefix(self.team.name)}{repository}"
            found = self._aws("ecr", "list-images", f"--repository-name={name}").get("imageIds", [])
            if count := len({image["imageDigest"] for image in found}):
                yield f"{count} {'image' if count == 1 else 'images'} in {name}"

    def _secrets(self) -> Iterator[str]:
        for secret in self.team.secrets:
            name = f"/{self.deployment.id}/{secrets_path(self.team.name)}{secret}"
            if self._aws("secretsmanager", "describe-secret", f"--secret-id={name}").get("VersionIdsToStages"):
                yield f"a value of secret {name}"

    def _artifacts(self) -> Iterator[str]:
        bucket, prefix = self._bucket
        asked = ("s3api", "list-objects-v2", f"--bucket={bucket}", f"--prefix={prefix}", "--max-items=1")
        if self._aws(*asked).get("Contents"):
            yield f"artifacts below {prefix} of {bucket}"

    @property
    def _naming(self) -> Naming:
        return naming_of(self.deployment)

    @property
    def _bucket(self) -> tuple[str, str]:
        return self._naming.bucket("artifacts"), artifacts_prefix(self.team.name)

    @property
    def _region(self) -> Sequence[str]:
        return (f"--region={self.deployment.platform.region}",)

    def _aws(self, *arguments: str) -> Mapping[str, Any]:
        text = self._run("aws", *arguments, "--output=json", *self._region, absent=_ABSENT)
        found: dict[str, Any] = json.loads(text) if text.strip() else {}
        return found

    def _run(self, *command: str, absent: Sequence[str] = ()) -> str:
        """What ``command`` printed; nothing where it failed since one of ``absent`` isn't there."""
        # A pager would wait for somebody to read.
        printed = run(command, environment={"AWS_PAGER": ""})
        if printed.code is None:
            raise self._unknown(f"{command[0]} is not installed")
        if printed.code:
            if any(f"({name})" in printed.err for name in absent):
                return ""
            raise self._unknown(printed.err.strip())
        return printed.out

    def _unknown(self, why: str) -> OperationError:
        return OperationError(
            f"can't tell what team {self.team.name} still holds: {why}",
            remedy="nothing was changed; log in by `aws eks update-kubeconfig` with rights to read what the team has, "
            f"name a context by --context, or confirm by --yes-delete {self.team.name}",
        )

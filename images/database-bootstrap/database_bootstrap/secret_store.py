"""Secrets Manager as the job needs it: read, and change a value in two phases."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from database_bootstrap.errors import AwsRefused, SecretMissing

CURRENT = "AWSCURRENT"
PENDING = "AWSPENDING"

# A secret that waits for its deletion answers as an invalid request (API reference, GetSecretValue).
_MISSING = ("ResourceNotFoundException", "InvalidRequestException")


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a secret, by the id that Secrets Manager gave it."""

    id: str
    value: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Version({self.id})"


class SecretStore:
    """Raises SecretMissing for a secret or value that isn't there, AwsRefused for anything else that AWS answers."""

    def __init__(self, region: str) -> None:
        config = Config(retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=5, read_timeout=10)
        self._client = boto3.client("secretsmanager", region_name=region, config=config)

    def current(self, secret: str) -> Mapping[str, Any]:
        """The value that readers get."""
        return self._value(secret, VersionStage=CURRENT)

    def has_value(self, secret: str) -> bool:
        return self._labelled(secret, CURRENT) is not None

    def pending(self, secret: str) -> Version | None:
        """What an earlier run put and did not finish.

        The first version ever also gets AWSCURRENT from Secrets Manager itself (API reference, PutSecretValue), so
        that label does not say that a value is in use; only the absence of AWSPENDING does.
        """
        version = self._labelled(secret, PENDING)
        return None if version is None else Version(id=version, value=self._value(secret, VersionId=version))

    def put_pending(self, secret: str, value: Mapping[str, Any]) -> Version:
        return Version(id=self._put(secret, value, PENDING), value=value)

    def put_current(self, secret: str, value: Mapping[str, Any]) -> str:
        """Replace the value at once; returns the version's id."""
        return self._put(secret, value, CURRENT)

    def promote(self, secret: str, version: Version) -> None:
        """Give ``version`` to the readers, then call it finished."""
        current = self._labelled(secret, CURRENT)
        if current != version.id:
            # Secrets Manager moves AWSPREVIOUS to the version that loses AWSCURRENT (API reference,
            # UpdateSecretVersionStage).
            leaving = {"RemoveFromVersionId": current} if current else {}
            self._stage(secret, VersionStage=CURRENT, MoveToVersionId=version.id, **leaving)
        if self._labelled(secret, PENDING) == version.id:
            self._stage(secret, VersionStage=PENDING, RemoveFromVersionId=version.id)

    def _put(self, secret: str, value: Mapping[str, Any], stage: str) -> str:
        text = json.dumps(value, sort_keys=True)
        answer = _call(secret, self._client.put_secret_value, SecretString=text, VersionStages=[stage])
        return str(answer["VersionId"])

    def _stage(self, secret: str, **arguments: str) -> None:
        _call(secret, self._client.update_secret_version_stage, **arguments)

    def _labelled(self, secret: str, stage: str) -> str | None:
        versions = _call(secret, self._client.describe_secret).get("VersionIdsToStages", {})
        return next((version for version, stages in versions.items() if stage in stages), None)

    def _value(self, secret: str, **which: str) -> Mapping[str, Any]:
        text = _call(secret, self._client.get_secret_value, **which).get("SecretString", "")
        try:
            value = json.loads(text)
        except json.JSONDecodeError:
            value = None  # the error would quote the secret
        if not isinstance(value, dict):
            raise SecretMissing(f"secret {secret}: its value is no JSON object")
        return value


def _call(secret: str, operation: Callable[..., Any], **arguments: Any) -> Mapping[str, Any]:
    try:
        answer: Mapping[str, Any] = operation(SecretId=secret, **arguments)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        if code in _MISSING:
            raise SecretMissing(
                f"secret {secret}: not there, or without a value ({code}): foundation-data makes it"
            ) from error
        raise AwsRefused(f"secret {secret}: Secrets Manager answers {code}: check the role of the job") from error
    except BotoCoreError as error:
        raise AwsRefused(
            f"secret {secret}: Secrets Manager can't be called ({type(error).__name__}): "
            "check the endpoint, the network policy and the Pod Identity association"
        ) from error
    return answer

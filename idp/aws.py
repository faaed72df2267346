"""AWS as checks ask it: clients of one region, pages of a list. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# IAM, and quotas of what is global, answer in this region of the commercial partition.
GLOBAL = "us-east-1"
_CONFIG = Config(connect_timeout=10, read_timeout=30, retries={"total_max_attempts": 3, "mode": "standard"})


@dataclass(frozen=True, kw_only=True)
class Aws:
    """``session`` has the caller's credentials; clients answer for ``region`` unless told otherwise."""

    region: str
    session: boto3.Session = field(default_factory=boto3.Session)

    def client(self, service: str, region: str | None = None) -> Any:
        return self.session.client(service, region_name=region or self.region, config=_CONFIG)

    def pages(self, service: str, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
        """The entries below ``key`` in every page of ``operation``."""
        paginator = self.client(service).get_paginator(operation)
        for page in paginator.paginate(**arguments):
            yield from page.get(key, [])


def refused(error: ClientError, *codes: str) -> bool:
    """Whether AWS answered with one of the error ``codes``."""
    return error.response["Error"]["Code"] in codes

"""An empty account of AWS inside the test's process, and quotas, which the library in its place hardly knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from config.deployment import Deployment
from config.loader import load_one
from idp.aws import Aws

REGION = "us-west-2"
PLENTY = 10_000.0


@dataclass(frozen=True, kw_only=True)
class Quotas:
    """In place of Service Quotas: ``own`` values (code → value) of the account, and ``default`` of every quota."""

    own: Mapping[str, float] = field(default_factory=dict)
    default: float | None = PLENTY

    def get_service_quota(self, *, ServiceCode: str, QuotaCode: str) -> dict[str, Any]:  # noqa: N803, ARG002
        if QuotaCode not in self.own:
            raise _nothing("GetServiceQuota")
        return {"Quota": {"Value": self.own[QuotaCode]}}

    def get_aws_default_service_quota(self, *, ServiceCode: str, QuotaCode: str) -> dict[str, Any]:  # noqa: N803, ARG002
        if self.default is None:
            raise _nothing("GetAWSDefaultServiceQuota")
        return {"Quota": {"Value": self.default}}


@dataclass(frozen=True, kw_only=True)
class FakeAws(Aws):
    """``instead`` are clients in place of real ones, by service."""

    instead: Mapping[str, Any] = field(default_factory=dict)

    def client(self, service: str, region: str | None = None) -> Any:
        if service in self.instead:
            return self.instead[service]
        if (service, region) not in _CLIENTS:
            _CLIENTS[service, region] = super().client(service, region)
        return _CLIENTS[service, region]


def _nothing(operation: str) -> ClientError:
    return refusal("NoSuchResourceException", operation)


def refusal(code: str, operation: str = "Ask", message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


# Clients take long to make: all tests share them. Each test has an empty account nevertheless.
_SESSION = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
_CLIENTS: dict[tuple[str, str | None], Any] = {}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    """An empty account."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    # Thousands of images that nobody looks at.
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    with mock_aws():
        yield FakeAws(region=REGION, session=_SESSION, instead={"service-quotas": Quotas()})


@pytest.fixture(scope="session")
def wanted(shipped_context: dict[str, Any]) -> Deployment:
    """The shipped production deployment."""
    return load_one(shipped_context, source="test.json")

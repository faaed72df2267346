"""The account stack of the PCI deployment, as shipped and with changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import SCHEMA_KEY, load_one
from stacks.bootstrap.account import AccountStack
from tests.conftest import ROOT
from tests.synth import StackJson

ARCHIVE = {
    "account": "222233334444",
    "bucket": "example-log-archive",
    "key": "arn:aws:kms:us-west-2:222233334444:key/11112222-3333-4444-5555-666677778888",
}
ACCOUNT = "deployment:account"
# What a deployment without a standard has: no service of this package, and none of these keys.
NONE_OF_IT = {
    f"{ACCOUNT}:cloudtrail": "off",
    f"{ACCOUNT}:configRecorder": "off",
    f"{ACCOUNT}:guardduty": "off",
    f"{ACCOUNT}:securityHub": "off",
    f"{ACCOUNT}:inspector": "off",
    f"{ACCOUNT}:accessAnalyzer": "off",
    f"{ACCOUNT}:alarms": "off",
}


@pytest.fixture(scope="session")
def pci_with() -> Callable[..., Deployment]:
    """Build a deployment from the shipped one of environment pci."""
    shipped = json.loads((ROOT / "envs/pci/v1/deployment.json").read_text(encoding="utf-8"))

    def build(changes: dict[str, Any] | None = None) -> Deployment:
        keys = {key: value for key, value in shipped.items() if key != SCHEMA_KEY} | (changes or {})
        return load_one({key: value for key, value in keys.items() if value is not None}, source="test.json")

    return build


@pytest.fixture(scope="session")
def account_with(
    synth_stack: Callable[..., StackJson], pci_with: Callable[..., Deployment]
) -> Callable[..., StackJson]:
    """The account stack of that deployment with ``changes``."""
    return lambda changes=None: synth_stack(AccountStack, pci_with(changes))


@pytest.fixture(scope="session")
def account(account_with: Callable[..., StackJson]) -> StackJson:
    return account_with()

"""Rung 3: what must be refused before anything changes: a wrong account, data under retain, an unconfirmed teardown."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from idp.apply import apply_stack
from idp.errors import OperationError
from idp.teardown import teardown
from idp.workspace import LOCAL_STATE, Workspace
from sandbox import inventory
from tests.integration.conftest import ROOT, Box
from tests.synth import Synth

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

OTHER_ACCOUNT = "444455556666"


@pytest.mark.proves("6.5.3")
@pytest.mark.parametrize("name", ["idp-bootstrap", "idp-account"])
def test_a_wrong_account_is_refused_before_anything_changes(box: Box, tmp_path: Path, name: str) -> None:
    """On a local state, as a first apply is: the refusal is the provider's, by ``allowed_account_ids``."""
    variables = box.sandbox.environment(OTHER_ACCOUNT)
    before = inventory.listed(variables)
    other = box.sandbox.operation(box.deployment, variables)
    operation = dataclasses.replace(other, workspace=Workspace(root=tmp_path / "work"))
    stack = next(found for found in operation.stacks if found.name == name)
    with pytest.raises(OperationError, match=f"AWS account ID not allowed: {OTHER_ACCOUNT}"):
        apply_stack(operation, operation.init_local(stack, LOCAL_STATE))
    assert inventory.listed(variables) == before


def test_retain_refuses_before_anything_changes(box: Box) -> None:
    before = inventory.listed(box.operation.engine.environment)
    with pytest.raises(OperationError, match="idp-foundation-data") as caught:
        teardown(box.operation, "retain")
    assert "nothing was changed" in caught.value.remedy
    assert inventory.listed(box.operation.engine.environment) == before


def command(shipped: Synth, *arguments: str) -> subprocess.CompletedProcess[str]:
    out = ["--deployment", "idp", "--out", str(shipped.directory)]
    return subprocess.run(
        [sys.executable, "-m", "idp", *arguments, *out],
        cwd=ROOT,
        env=dict(os.environ) | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("confirmation", [[], ["--yes-destroy", "idp-pci"]], ids=["none", "another deployment's"])
def test_a_teardown_without_its_confirmation_is_refused(shipped: Synth, confirmation: list[str]) -> None:
    done = command(shipped, "destroy", *confirmation)
    assert done.returncode == 1
    assert "add --yes-destroy idp" in done.stderr


def test_the_shipped_deployment_keeps_its_data(shipped: Synth, tmp_path: Path) -> None:
    done = command(shipped, "destroy", "--yes-destroy", "idp", "--work", str(tmp_path))
    assert done.returncode == 1
    assert "deletion policy retain" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_order_is_printed_bootstrap_first(shipped: Synth) -> None:
    done = command(shipped, "order")
    assert done.stdout.splitlines()[:2] == ["idp-bootstrap", "idp-account"]

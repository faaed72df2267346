"""Rung 3 with the second engine: one stack in every run, the full cycle in the soak. Skipped without Terraform."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from idp import apply as applying
from idp.operation import Operation
from idp.output import Stack
from idp.teardown import teardown
from idp.workspace import LOCAL_STATE
from sandbox import cycle, process
from sandbox.cycle import Sandbox
from tests.integration.conftest import ROOT

TERRAFORM = shutil.which("terraform")

pytestmark = [
    pytest.mark.timeout(3600),
    pytest.mark.skipif(TERRAFORM is None, reason="terraform is not on PATH; its rung needs it"),
]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A server of its own: OpenTofu and Terraform note different providers in a state."""
    program = Path(TERRAFORM or "")
    made = Sandbox(directory=tmp_path / "sandbox", program=program, config=ROOT / "cdktf.json", only="idp")
    made.start()
    try:
        yield made
    finally:
        process.stop(made.directory)


def account_stack(operation: Operation) -> Stack:
    return next(stack for stack in operation.stacks if stack.name.endswith("-account"))


@pytest.mark.integration
def test_terraform_applies_a_stack_plans_it_without_changes_and_destroys_it(sandbox: Sandbox) -> None:
    deployment = sandbox.synthesize()[0]
    sandbox.baseline(deployment.platform.account)
    operation = sandbox.operation(deployment)
    # On a local state: the bucket belongs to the bootstrap stack, whose own cycle is in the soak.
    directory = operation.init_local(account_stack(operation), LOCAL_STATE)
    assert applying.apply_stack(operation, directory) != "no changes"
    assert applying.apply_stack(operation, directory) == "no changes"
    operation.engine.run(directory, "destroy", "-auto-approve", "-input=false")
    assert cycle.leftovers(sandbox) == set()


@pytest.mark.soak
def test_terraform_runs_the_full_cycle_and_a_snapshot_teardown_keeps_only_what_it_says(sandbox: Sandbox) -> None:
    cycle.up(sandbox)
    operation = sandbox.operation(sandbox.deployments()[0])
    kept = teardown(operation, "snapshot")
    keys = ["idp-foundation-data: aws_kms_alias.data", "idp-foundation-data: aws_kms_key.data"]
    assert kept[:2] == keys
    assert kept[2:] == sorted(item for item in kept if item.endswith(".access_logs"))
    assert "idp-foundation-data: aws_s3_bucket.access_logs" in kept
    left = sorted(item.rsplit("-", 2)[0] if "snapshot" in item else item for item in cycle.leftovers(sandbox))
    assert [item.split()[:2] for item in left] == [
        ["kms", "key"],
        ["kms", "list_aliases"],
        ["rds", "describe_db_cluster_snapshots"],
        ["s3", "list_buckets"],
    ]
    assert left[1].endswith("alias/idp-data")
    assert left[2].endswith("idp-database-final")
    assert "access-logs" in left[3]

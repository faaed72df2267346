"""Tests of the working copies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from idp.output import Stack
from idp.workspace import LOCAL_STATE, Workspace, identities, with_resources
from tests.unit.idp.output import stack


@pytest.fixture
def one(tmp_path: Path) -> Stack:
    directory = tmp_path / "out" / "stacks" / "idp-account"
    (directory / "charts" / "own").mkdir(parents=True)
    (directory / "cdk.tf.json").write_text("{}")
    (directory / "charts" / "own" / "Chart.yaml").write_text("name: own")
    return stack("idp-account", directory=directory)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path / "work")


def test_the_copy_holds_the_stack_with_its_assets(one: Stack, workspace: Workspace) -> None:
    copy = workspace.prepare(one)
    assert (copy / "cdk.tf.json").read_text() == "{}"
    assert (copy / "charts" / "own" / "Chart.yaml").read_text() == "name: own"


def test_an_override_lasts_for_one_operation(one: Stack, workspace: Workspace) -> None:
    copy = workspace.prepare(one, {"teardown": {"resource": {}}})
    assert json.loads((copy / "teardown_override.tf.json").read_text()) == {"resource": {}}
    workspace.prepare(one)
    assert not list(copy.glob("*_override.tf.json"))


def test_files_that_left_the_output_leave_the_copy(one: Stack, workspace: Workspace) -> None:
    copy = workspace.prepare(one)
    (one.directory / "charts" / "own" / "Chart.yaml").unlink()
    workspace.prepare(one)
    assert not (copy / "charts" / "own" / "Chart.yaml").exists()


def test_the_engines_data_and_a_local_state_outlive_a_new_copy(one: Stack, workspace: Workspace) -> None:
    copy = workspace.prepare(one)
    (copy / ".terraform").mkdir()
    (copy / ".terraform" / "providers").write_text("x")
    (copy / LOCAL_STATE).write_text("x")
    workspace.prepare(one)
    assert (copy / ".terraform" / "providers").exists()
    assert (copy / LOCAL_STATE).read_text() == "x"


def test_a_local_state_of_the_output_directory_is_not_taken_along(one: Stack, workspace: Workspace) -> None:
    (one.directory / ".terraform").mkdir()
    (one.directory / "terraform.tfstate").write_text("by hand")
    copy = workspace.prepare(one)
    assert sorted(path.name for path in copy.iterdir()) == ["cdk.tf.json", "charts"]


def test_an_empty_state_and_one_of_data_sources_only_hold_no_resources() -> None:
    data = {"mode": "data", "type": "aws_region", "name": "here", "instances": [{"attributes": {"id": "x"}}]}
    assert with_resources("") is None
    assert with_resources(json.dumps({"resources": []})) is None
    assert with_resources(json.dumps({"resources": [data]})) is None


def test_a_resource_is_identified_by_address_and_id() -> None:
    bucket = {"mode": "managed", "type": "aws_s3_bucket", "name": "b", "instances": [{"attributes": {"id": "idp-b"}}]}
    assert identities({"resources": [bucket]}) == {("aws_s3_bucket.b", "idp-b")}


def test_a_copy_is_initialized_for_the_json_and_the_engine_that_it_was_initialized_with(
    one: Stack, workspace: Workspace
) -> None:
    copy = workspace.prepare(one)
    (copy / ".terraform").mkdir()
    workspace.mark_initialized(copy, "tofu")
    assert workspace.is_initialized(workspace.prepare(one), "tofu")
    assert not workspace.is_initialized(copy, "terraform")
    assert not workspace.is_initialized(workspace.prepare(one, {"local": {}}), "tofu")
    workspace.prepare(one)
    workspace.mark_initialized(copy, None)
    assert not workspace.is_initialized(copy, "tofu")

"""Tests of `idp validate`: what is wrong is told by the part that found it."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from idp.cli import app
from idp.errors import OperationError
from tests.conftest import ROOT
from tests.synth import Synth

# Has the AWS provider and no other; finds `wrong` wrong. Its init leaves what the engine's does.
ENGINE = """
import pathlib, sys
if sys.argv[1] == "init":
    if "helm" in pathlib.Path("main.tf.json").read_text():
        print("Error: Failed to query available provider packages")
        raise SystemExit(1)
    pathlib.Path(".terraform/providers/aws").mkdir(parents=True)
    pathlib.Path(".terraform.lock.hcl").touch()
if sys.argv[1] == "validate":
    assert pathlib.Path(".terraform/providers/aws").is_dir() and pathlib.Path(".terraform.lock.hcl").exists()
    if pathlib.Path.cwd().name in (pathlib.Path(sys.argv[0]).parent / "wrong").read_text():
        print("Error: Unsupported argument")
        raise SystemExit(1)
"""


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    (tmp_path / "wrong").touch()
    (tmp_path / "engine").write_text(f"#!{sys.executable}\n{ENGINE}")
    (tmp_path / "engine").chmod(0o755)
    return tmp_path / "engine"


STACKS = ("--stack", "idp-account", "--stack", "idp-foundation-vpc", "--stack", "idp-cluster-addons")


def validate(out: Path, engine: Path, *options: str, config: Path = ROOT / "cdktf.json") -> Result:
    places = ["--config", config, "--out", out, "--engine", engine, "--work", engine.parent / "idp" / "work"]
    arguments = ["validate", "--deployment", "idp", *map(str, places), *STACKS, *options]
    return CliRunner().invoke(app, arguments)


def test_what_is_right_passes_and_what_cant_be_asked_is_named(shipped: Synth, engine: Path) -> None:
    result = validate(shipped.directory, engine)
    assert (result.exit_code, result.exception) == (0, None)
    assert "2 deployments" in result.output
    assert "2 of 2 stacks" in result.output
    assert "not asked: idp-cluster-addons: aws, helm, kubernetes" in result.output


def test_a_stack_that_cant_be_asked_fails_where_all_must_be(shipped: Synth, engine: Path) -> None:
    assert isinstance(validate(shipped.directory, engine, "--strict").exception, OperationError)


def test_what_the_engine_finds_is_told_with_its_stack(shipped: Synth, engine: Path) -> None:
    (engine.parent / "wrong").write_text("idp-account")
    result = validate(shipped.directory, engine)
    assert isinstance(result.exception, OperationError)
    assert "idp-account:\nError: Unsupported argument" in result.output
    assert str(result.exception).startswith("1 problems")


def test_a_broken_guardrail_of_the_output_is_told(shipped: Synth, engine: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(shipped.directory, out)
    path = out / "stacks" / "idp-account" / "cdk.tf.json"
    document = json.loads(path.read_text())
    document["resource"]["random_password"] = {"x": {"length": 12}}
    path.write_text(json.dumps(document))
    result = validate(out, engine)
    assert isinstance(result.exception, OperationError)
    assert "idp-account: random_password.x" in result.output


def test_wrong_configuration_is_exit_code_2(
    shipped: Synth, engine: Path, tmp_path: Path, shipped_context: dict[str, Any]
) -> None:
    wrong = tmp_path / "cdktf.json"
    wrong.write_text(json.dumps({"context": shipped_context | {"deployment:vpc:maxAzs": 9}}))
    result = validate(shipped.directory, engine, config=wrong)
    assert result.exit_code == 2
    assert "deployment:vpc:maxAzs" in result.output
    assert "guardrails" not in result.output
    again = CliRunner().invoke(app, ["synth", "--config", str(wrong), "--out", str(tmp_path / "none")])
    assert again.exit_code == 2 and not (tmp_path / "none").exists()


def test_quotas_that_cannot_hold_it_are_exit_code_2(
    shipped: Synth, engine: Path, tmp_path: Path, shipped_context: dict[str, Any]
) -> None:
    config = tmp_path / "cdktf.json"
    near = {"deployment:ingress:publicCidrs": [f"203.0.113.{number}/32" for number in range(25)]}
    config.write_text(json.dumps({"context": shipped_context | near}))
    warned = validate(shipped.directory, engine, config=config)
    assert warned.exit_code == 0
    assert "warning: idp: Inbound or outbound rules per security group: 50 rules" in warned.stderr
    config.write_text(json.dumps({"context": shipped_context | {"deployment:serviceQuotas": {"on-demand-vcpu": 5}}}))
    refused = validate(shipped.directory, engine, config=config)
    assert refused.exit_code == 2
    assert "deployment:serviceQuotas.on-demand-vcpu (given: 5): is less than what is needed" in refused.stderr

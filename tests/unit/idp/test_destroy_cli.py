"""Tests of what `idp destroy` asks to be typed, and of what it says at the end."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError
from typer.testing import CliRunner, Result

from idp.cli import app
from idp.errors import OperationError
from idp.leftovers import Left, Search
from tests.unit.idp.output import document

# Answers every command with nothing, as an engine on an empty state does; and says that it was called.
EMPTY = """
import pathlib, sys
pathlib.Path(sys.argv[0] + ".called").touch()
pathlib.Path(".terraform").mkdir(exist_ok=True)
"""
DATA = {"aws_s3_bucket": {"artifacts": {"lifecycle": {"prevent_destroy": True}}}}


@pytest.fixture
def place(tmp_path: Path, shipped_context: dict[str, Any]) -> Path:
    """A configuration that lets data go with a snapshot, an output with a bucket, and an engine."""
    context = shipped_context | {"deployment:deletionPolicy": "snapshot"}
    (tmp_path / "cdktf.json").write_text(json.dumps({"context": context}))
    listed = {}
    for name, resources in {"idp-bootstrap": {}, "idp-foundation-data": DATA}.items():
        (tmp_path / "out" / name).mkdir(parents=True)
        (tmp_path / "out" / name / "cdk.tf.json").write_text(json.dumps(document("idp", [], resources)))
        listed[name] = {"synthesizedStackPath": f"{name}/cdk.tf.json", "dependencies": []}
    (tmp_path / "out" / "manifest.json").write_text(json.dumps({"stacks": listed}))
    (tmp_path / "engine").write_text(f"#!{sys.executable}\n{EMPTY}")
    (tmp_path / "engine").chmod(0o755)
    return tmp_path


def destroy(place: Path, *options: str) -> Result:
    given = ["--config", place / "cdktf.json", "--out", place / "out", "--engine", place / "engine"]
    arguments = ["destroy", "--deployment", "idp", "--work", str(place / "work"), *map(str, given), *options]
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ((), "--yes-destroy idp"),
        (("--yes-policy", "snapshot"), "--yes-destroy idp"),
        (("--yes-destroy", "idp-pci", "--yes-policy", "snapshot"), "--yes-destroy idp"),
        (("--yes-destroy", "idp"), "--yes-policy snapshot"),
        (("--yes-destroy", "idp", "--yes-policy", "drop"), "--yes-policy snapshot"),
        (("--yes-destroy", "idp", "--yes-policy", "snapshot", "--leave-behind", "yes"), "--leave-behind idp"),
    ],
)
def test_confirmations_are_typed_as_asked_or_nothing_is_run(place: Path, typed: tuple[str, ...], missing: str) -> None:
    result = destroy(place, *typed)
    assert isinstance(result.exception, OperationError)
    assert result.exception.remedy == f"nothing was changed; to go on with idp, add {missing}"
    assert not (place / "engine.called").exists()


def test_the_second_one_names_what_loses_its_protection(place: Path) -> None:
    assert "idp-foundation-data: aws_s3_bucket.artifacts" in str(destroy(place, "--yes-destroy", "idp").exception)


CONFIRMED = ("--yes-destroy", "idp", "--yes-policy", "snapshot")


def test_at_the_end_what_is_left_is_listed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Search, "everything", lambda _self: [Left(kind="ec2 volume", name="vol-1")])
    result = destroy(place, *CONFIRMED)
    assert (result.exit_code, result.exception) == (0, None)
    assert (place / "engine.called").exists()
    assert result.output.splitlines()[-2] == "left: ec2 volume vol-1"
    assert result.output.splitlines()[-1].startswith("1 things still carry tags of idp or of its cluster")


def test_what_cant_be_listed_is_said_and_is_no_failure(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Search) -> list[Left]:
        raise NoCredentialsError

    monkeypatch.setattr(Search, "everything", refuse)
    result = destroy(place, *CONFIRMED)
    assert result.exit_code == 0
    assert "can't list what is left" in result.output

"""``python -m tools.ci``: what the workflows call, as they call it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from idp import apply as applying
from idp.errors import OperationError
from tests.synth import Synth
from tools.ci.__main__ import main

ROOT = Path(__file__).resolve().parents[4]
Call = Callable[..., int]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    def run(*arguments: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["tools.ci", *map(str, arguments)])
        try:
            return main()
        except SystemExit as end:
            return int(end.code or 0)

    monkeypatch.chdir(ROOT)
    return run


@pytest.fixture
def after(shipped: Synth, tmp_path: Path) -> Path:
    """The shipped output, with a change of one stack."""
    out = Path(shutil.copytree(shipped.directory, tmp_path / "after"))
    (out / "stacks" / "idp-cluster-eks" / "more.txt").touch()
    return out


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Plans by stack in place of the engine's: None has no changes, an error can't be made."""
    plans: dict[str, Any] = {}

    def plan(_operation: Any, only: list[str], *, keep: Path) -> list[str]:
        found = plans.get(only[0])
        if isinstance(found, Exception):
            raise found
        if found:
            (keep / f"{only[0]}.json").write_text(json.dumps(found), encoding="utf-8")
        return [] if found is None else only

    monkeypatch.setattr(applying, "plan", plan)
    return plans


def test_targets_are_one_line_for_the_matrix(call: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("targets") == 0
    name, _, value = capsys.readouterr().out.strip().partition("=")
    assert name == "deployments"
    assert [entry["deployment"] for entry in json.loads(value)] == ["idp", "idp-pci"]


def test_targets_of_a_change_are_what_it_changes(
    call: Call, shipped: Synth, after: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("targets", "--before", shipped.directory, "--out", after) == 0
    (entry,) = json.loads(capsys.readouterr().out.partition("=")[2])
    assert (entry["deployment"], entry["stacks"]) == ("idp", ["idp-cluster-eks"])
    assert call("targets", "--before", after, "--out", after) == 0
    assert capsys.readouterr().out == "deployments=[]\n"


def test_what_changes_is_said_with_who_reads_it(
    call: Call, shipped: Synth, after: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("changed", shipped.directory, "--out", after) == 0
    text = capsys.readouterr().out
    assert "- planned below: `idp-cluster-eks`\n" in text and "`idp-cluster-addons`" in text
    assert "idp-pci" not in text
    assert call("changed", after, "--out", after) == 0
    assert capsys.readouterr().out == "No stack changes.\n"


def test_the_shipped_output_is_admitted(call: Call, shipped: Synth) -> None:
    assert call("admit", "--out", shipped.directory) == 0


def test_an_output_that_would_run_a_program_is_not(call: Call, after: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (after / "stacks" / "idp-cluster-eks" / "more.txt").unlink()
    path = after / "stacks" / "idp-cluster-eks" / "cdk.tf.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["data"]["external"] = {"x": {"program": ["sh"]}}
    path.write_text(json.dumps(document), encoding="utf-8")
    assert call("admit", "--out", after) == 1
    assert "data.external.x" in capsys.readouterr().err


CHANGE = {"resource_changes": [{"address": "aws_vpc.vpc", "change": {"actions": ["update"]}}]}


@pytest.mark.parametrize(
    ("plans", "code"),
    [
        ({}, 0),
        ({"idp-account": CHANGE}, 2),
        ({"idp-account": CHANGE, "idp-bootstrap": OperationError("no rights", remedy="look")}, 1),
    ],
)
def test_the_exit_code_of_plans(
    call: Call, shipped: Synth, tmp_path: Path, planned: dict[str, Any], plans: dict[str, Any], code: int
) -> None:
    planned |= plans
    to, engine = tmp_path / "results.json", sys.executable
    stacks = ("--stacks", "idp-account idp-bootstrap")
    assert (
        call("plan", "--deployment", "idp", *stacks, "--out", shipped.directory, "--engine", engine, "--to", to) == code
    )
    found = {entry["stack"]: entry["outcome"] for entry in json.loads(to.read_text(encoding="utf-8"))}
    assert found["idp-account"] == ("changes" if plans else "unchanged")


def test_a_plan_that_nobody_can_make_yet_is_a_change_without_lines(
    call: Call, shipped: Synth, tmp_path: Path, planned: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """A stack that reads one which was never applied: there is no JSON of its plan."""
    planned["idp-teams-shared"] = {}
    to = tmp_path / "results.json"
    place = ("--out", shipped.directory, "--engine", sys.executable, "--to", to)
    assert call("plan", "--deployment", "idp", "--stacks", "idp-teams-shared", *place) == 2
    capsys.readouterr()
    assert call("summary", to) == 0
    assert "| `idp-teams-shared` | changes that nobody can list yet |" in capsys.readouterr().out


def test_an_unknown_stack_is_said_without_a_traceback(
    call: Call, shipped: Synth, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--out", shipped.directory, "--engine", sys.executable, "--to", tmp_path / "results.json")
    assert call("plan", "--deployment", "idp", "--stacks", "idp-vcp", *place) == 1
    assert "no stack idp-vcp" in capsys.readouterr().err
    assert not (tmp_path / "results.json").exists()

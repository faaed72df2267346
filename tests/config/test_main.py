"""The command: what a person sees of wrong configuration, and what stays as it was."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import main

ROOT = Path(__file__).resolve().parent.parent.parent


def run(config: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "main.py"), "--config", str(config), "--out", str(out)]
    return subprocess.run(command, cwd=config.parent, capture_output=True, text=True, check=False)


@pytest.fixture
def broken(tmp_path: Path, shipped_context: dict[str, Any]) -> Path:
    """A cdktf.json with one mistake, and a further file with two."""
    keys = {key: value for key, value in shipped_context.items() if key != "deployments"}
    context = keys | {"platform:owner": "a\nb", "deployments": ["second.json"]}
    second = keys | {"deployment:id": "idp-b", "deployment:vpc:natGateway": "none", "deployment:vpc:maxAzs": 9}
    (tmp_path / "second.json").write_text(json.dumps(second))
    (tmp_path / "cdktf.json").write_text(json.dumps({"context": context}))
    return tmp_path / "cdktf.json"


def test_every_problem_of_both_files_is_named_at_once(broken: Path, tmp_path: Path) -> None:
    finished = run(broken, tmp_path / "out")
    assert finished.returncode == 2
    assert finished.stdout == ""
    lines = finished.stderr.splitlines()
    assert [line.split(" (given")[0] for line in lines[::2]] == [
        "cdktf.json: platform:owner",
        "second.json: deployment:vpc:maxAzs",
        "second.json: deployment:vpc:natGateway",
    ]
    assert all(line.startswith("    remedy: ") for line in lines[1::2])


def test_no_traceback_and_no_library_speaks(broken: Path, tmp_path: Path) -> None:
    error = run(broken, tmp_path / "out").stderr
    assert "Traceback" not in error
    assert "pydantic" not in error and "Input should" not in error and "^[" not in error


def test_nothing_is_made(broken: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    run(broken, tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == before


def test_output_that_was_there_stays_untouched(broken: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "stacks" / "idp-old").mkdir(parents=True)
    old = out / "stacks" / "idp-old" / "cdk.tf.json"
    old.write_text("{}\n")
    before = {path: path.stat().st_mtime_ns for path in (out, *out.rglob("*"))}
    run(broken, out)
    assert old.read_text() == "{}\n"
    assert {path: path.stat().st_mtime_ns for path in (out, *out.rglob("*"))} == before


def test_a_file_that_is_not_there_is_a_problem_like_any_other(tmp_path: Path) -> None:
    finished = run(tmp_path / "absent.json", tmp_path / "out")
    assert finished.returncode == 2
    assert finished.stderr.startswith("absent.json: (file): can't be read: No such file or directory\n")


def test_components_that_wait_for_each_other_are_a_problem_with_its_path(
    tmp_path: Path,
    shipped_context: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from constructs_lib.components import component

    (tmp_path / "cdktf.json").write_text(json.dumps({"context": shipped_context}))
    monkeypatch.setattr(component, "REQUIRES", {**component.REQUIRES, "external-secrets": ("argocd",)})
    arguments = ["main.py", "--config", str(tmp_path / "cdktf.json"), "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", arguments)
    assert main.main() == 2
    error = capsys.readouterr().err
    assert "external-secrets → argocd → external-secrets" in error or "argocd → external-secrets → argocd" in error
    assert not (tmp_path / "out").exists()

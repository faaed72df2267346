"""Workflows as GitHub's own rules have them, by the real actionlint; their scripts by the real shellcheck."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.github.workflows import ROOT, WORKFLOWS
from tools.build import program

SHELLCHECK = Path(sys.executable).parent / "shellcheck"


def lint(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [program("actionlint"), "-no-color", "-shellcheck", SHELLCHECK, *files]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_workflows_are_as_github_wants_them() -> None:
    assert SHELLCHECK.exists()
    finished = lint(*sorted(WORKFLOWS.glob("*.yml")))
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("issues: write", "issues: all", '"all" is invalid as permission'),
        ("needs: plan", "needs: plans", "needs job"),
        ('test "$code" -ne 1', "test $undefined -ne 1", "SC2086"),
        ("RUN: ${{ github.server_url }}", "RUN: ${{ github.server }}", 'property "server" is not defined'),
    ],
)
def test_it_would_be_seen_if_they_were_not(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    text = (WORKFLOWS / "drift.yml").read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "drift.yml").write_text(text.replace(right, wrong), encoding="utf-8")
    finished = lint(tmp_path / "drift.yml")
    assert finished.returncode == 1 and said in finished.stdout

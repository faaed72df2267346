"""The command: its exit codes, its refusals, and revisions."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from idp.cli import app
from idp.diff.revision import synthesized
from idp.errors import OperationError
from tests.conftest import ROOT
from tests.unit.idp.diff.output import STACK, resources
from tests.unit.idp.review.output import write_stack

# A synth in little: it writes what its revision holds, and what it was given.
MAIN = """
import json, os, pathlib, shutil, sys
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
shutil.copytree("output", out)
(out / "environment.json").write_text(json.dumps(sorted(os.environ)))
"""


@pytest.fixture
def outputs(tmp_path: Path) -> tuple[str, str]:
    write_stack(tmp_path / "a", STACK, resources(aws_s3_bucket={"b": {"bucket": "a"}}))
    write_stack(tmp_path / "b", STACK, resources(aws_s3_bucket={"b": {"bucket": "b"}}))
    return str(tmp_path / "a"), str(tmp_path / "b")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository whose revision ``one`` has a bucket that its checkout lacks."""
    root = tmp_path / "repository"
    write_stack(root / "output", STACK, resources(aws_s3_bucket={"b": {"bucket": "a"}}))
    (root / "main.py").write_text(MAIN)
    for command in (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "."),
        ("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--no-verify", "-m", "one"),
        ("tag", "one"),
    ):
        subprocess.run(["git", *command], cwd=root, check=True)
    monkeypatch.chdir(root)
    yield root
    assert _git(root, "worktree", "list").count("\n") == 1


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["diff", *arguments])


def test_exit_code_0_without_and_2_with_changes(outputs: tuple[str, str]) -> None:
    one, other = outputs
    assert (_run(one, one).exit_code, _run(one, one).stdout) == (0, "no changes\n")
    changed = _run(one, other, "--json")
    assert changed.exit_code == 2
    assert json.loads(changed.stdout)["deployments"][0]["stacks"][0]["name"] == STACK
    assert _run(one, other, "--markdown").stdout.startswith("## What changes")


def test_refused_changes_are_named_after_they_are_shown(outputs: tuple[str, str]) -> None:
    refusal = _run(*outputs, "--fail-on", "destroyed,replaced")
    assert isinstance(refusal.exception, OperationError)
    assert f"{STACK}/aws_s3_bucket.b (replaced)" in str(refusal.exception)
    assert "forces replacement" in refusal.stdout
    assert _run(*outputs, "--fail-on", "destroyed").exit_code == 2


def test_a_refusal_is_printed_with_its_remedy_and_ends_in_1(outputs: tuple[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "idp", "diff", *outputs, "--fail-on", "replaced"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Next: keep them" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fail-on", "typo"], "--fail-on knows no 'typo'"),
        (["--deployment", "typo"], "neither output holds a deployment 'typo'"),
        (["--markdown", "--json"], "are two forms"),
        (["--against", "main"], "there must be one output"),
    ],
)
def test_wrong_options_are_refused(outputs: tuple[str, str], arguments: list[str], message: str) -> None:
    assert message in str(_run(*outputs, *arguments).exception)


def test_another_deployment_is_left_out(outputs: tuple[str, str]) -> None:
    write_stack(Path(outputs[1]), "other-a", resources(), deployment="other")
    found = json.loads(_run(*outputs, "--deployment", "other", "--json").stdout)
    assert [deployment["id"] for deployment in found["deployments"]] == ["other"]


def test_a_line_tells_the_cost_of_the_change(outputs: tuple[str, str], tmp_path: Path) -> None:
    shipped = json.loads((ROOT / "cdktf.json").read_text(encoding="utf-8"))
    shipped["context"].pop("deployments")
    for name, gateways in (("before", "single"), ("after", "per_az")):
        shipped["context"]["deployment:vpc:natGateways"] = gateways
        (tmp_path / f"{name}.json").write_text(json.dumps(shipped))
    files = ("--config-before", str(tmp_path / "before.json"), "--config", str(tmp_path / "after.json"))
    found = json.loads(_run(*outputs, "--json", *files).stdout)
    cost = found["deployments"][0]["cost"]
    assert cost.startswith("cost a month, in USD: +"), cost


def test_a_revision_is_synthesized_by_its_own_code_without_credentials(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    write_stack(repository / "now", STACK, resources())
    done = _run("now", "--against", "one", "--json")
    assert done.exit_code == 2
    changes = json.loads(done.stdout)["deployments"][0]["stacks"][0]["changes"]
    assert [(change["address"], change["what"]) for change in changes] == [("aws_s3_bucket.b", "destroyed")]
    with synthesized("one", repository) as out:
        names = json.loads((out / "environment.json").read_text())
    assert "PATH" in names
    assert [name for name in names if name.startswith("AWS_")] == []
    assert not out.exists()


@pytest.mark.parametrize("revision", ["typo", "--output=x"])
def test_a_revision_that_is_none_is_refused(repository: Path, revision: str) -> None:
    with pytest.raises(OperationError, match="revision"), synthesized(revision, repository):
        pass
    assert not (repository / "x").exists()


def test_a_revision_that_does_not_synthesize_leaves_nothing(repository: Path) -> None:
    (repository / "main.py").write_text("raise SystemExit('no module named x')\n")
    _git(repository, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qam", "two", "--no-verify")
    with pytest.raises(OperationError, match="no module named x"), synthesized("main", repository):
        pass
    assert sorted(path.name for path in repository.iterdir()) == [".git", "main.py", "output"]

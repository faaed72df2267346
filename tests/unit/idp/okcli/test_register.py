"""A repository in ok-cli: shown, written once, and refused where a file isn't as expected."""

from __future__ import annotations

import difflib
import inspect
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from idp.cli import app
from idp.errors import OperationError
from idp.okcli.change import Change, write
from idp.okcli.register import TARGETS, Repository, changes
from idp.okcli_cli import register_ok_cli
from tests.unit.idp.okcli import tree

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[4]
NEW = "aws-idp-infra"
JAVA = Repository(name=NEW, type="maven", description="Platform")
PYTHON = Repository(name=NEW, type="shell", description="Platform")


@pytest.fixture(params=tree.SHAPES)
def clone(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tree.made(tmp_path / "ok-cli", request.param)


def register(clone: Path, *arguments: str) -> str:
    finished = CliRunner().invoke(app, ["register-ok-cli", str(clone), *arguments], catch_exceptions=False)
    assert finished.exit_code == 0
    return finished.stdout


def sourced(script: Path, name: str) -> list[str]:
    """The words of array ``name`` as bash has them after it read ``script``."""
    asked = f'source "$1" >/dev/null; printf "%s\\n" "${{{name}[@]}}"'
    found = subprocess.run(["bash", "-c", asked, "-", script], capture_output=True, text=True, check=True)
    return found.stdout.split()


def test_bash_finds_the_repository_in_every_list(clone: Path) -> None:
    register(clone, "--type", "maven", "--write")
    common = clone / "scripts/lib/common.sh"
    assert sourced(common, "REPO_NAMES") == [*tree.NAMES, NEW]
    assert sourced(common, "REPO_TYPES") == [*tree.TYPES, "maven"]
    for file, name in tree.LISTS.items():
        subprocess.run(["bash", "-n", clone / file], check=True)
        before = tree.NAMES if name == "REPOS" else ("cdk-common", "aws-backstage-infra")
        assert sourced(clone / file, name) == [*before, NEW], file
    settings = clone / f"conf/repos/.ok.github.repo.{NEW}"
    asked = 'source "$1"; echo "$REPO_NAME|$REPO_DESCRIPTION|$REPO_VISIBILITY|$REPO_DEFAULT_BRANCH"'
    found = subprocess.run(["bash", "-c", asked, "-", settings], capture_output=True, text=True, check=True)
    assert found.stdout == f"{NEW}|Internal Developer Platform infrastructure|private|main\n"


@pytest.mark.parametrize("target", TARGETS)
def test_make_does_with_it_what_it_does_with_the_others(clone: Path, target: str) -> None:
    def recipe() -> str:
        return subprocess.run(
            ["make", "-C", clone, "--dry-run", "--no-print-directory", target],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    before = recipe()
    register(clone, "--write")
    after = recipe()
    assert after != before
    last = tree.NAMES[-1]
    assert after.replace(f" {NEW}", "").replace(NEW, last).split("\n")[0] == before.split("\n")[0]
    assert after.count(NEW) == before.count(last) == 1


def test_without_write_it_only_shows_the_difference(clone: Path) -> None:
    before = tree.contents(clone)
    said = register(clone, "--type", "maven")
    assert tree.contents(clone) == before
    assert said.count("+++ b/") == 8
    assert f'+REPO_NAME="{NEW}"\n' in said
    assert said.endswith("nothing was written; add --write\n")
    assert "\x1b" not in said


def test_a_terminal_gets_it_in_colours(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert f'\x1b[32m+REPO_NAME="{NEW}"' in register(clone)


def test_the_page_lists_every_file_and_every_option(clone: Path) -> None:
    page = (ROOT / "docs" / "OK_CLI.md").read_text(encoding="utf-8")
    found = [change.file.replace(NEW, "<name>") for change in changes(clone, JAVA)]
    assert [file for file in found if f"`{file}`" not in page] == []
    names = inspect.signature(register_ok_cli).parameters.keys() - {"path", "yes"}
    assert [name for name in names if f"`--{name}" not in page] == []


def test_the_difference_is_one_that_patch_takes(clone: Path) -> None:
    patch = register(clone, "--type", "maven").replace("nothing was written; add --write\n", "")
    copy = clone.parent / "copy"
    shutil.copytree(clone, copy)
    register(clone, "--type", "maven", "--write")
    subprocess.run(
        ["git", "apply", "--unsafe-paths", f"--directory={copy}"], input=patch, text=True, check=True, cwd="/"
    )
    assert {file: text for file, (text, _) in tree.contents(copy).items()} == {
        file: text for file, (text, _) in tree.contents(clone).items()
    }


def test_a_second_run_changes_nothing(clone: Path) -> None:
    register(clone, "--type", "maven", "--write")
    once = tree.contents(clone)
    times = {path: path.stat().st_mtime_ns for path in clone.rglob("*")}
    assert register(clone, "--type", "maven", "--write") == f"{NEW} is in ok-cli already: nothing to change\n"
    assert tree.contents(clone) == once
    assert times == {path: path.stat().st_mtime_ns for path in clone.rglob("*")}


def test_all_else_stays_modes_too(clone: Path) -> None:
    before = tree.contents(clone)
    register(clone, "--write")
    after = tree.contents(clone)
    for file, (text, mode) in before.items():
        now, now_mode = after[file]
        assert now_mode == mode, file
        words = [re.split(r"(\s|[();])", each) for each in (text, now)]
        done = {kind for kind, *_ in difflib.SequenceMatcher(None, *words, autojunk=False).get_opcodes()}
        assert done <= {"equal", "insert"}, file
    assert after["scripts/utils/build-maven.sh"] == before["scripts/utils/build-maven.sh"]
    assert after.keys() - before.keys() == {f"conf/repos/.ok.github.repo.{NEW}"}


def test_another_repository_is_added_behind_the_first(clone: Path) -> None:
    register(clone, "--write")
    register(clone, "--write", "--repo", "second", "--type", "maven")
    assert sourced(clone / "scripts/lib/common.sh", "REPO_NAMES") == [*tree.NAMES, NEW, "second"]
    assert sourced(clone / "scripts/utils/build-maven.sh", "MAVEN_REPOS")[-1] == "second"


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_all_files_that_are_not_as_expected_are_named_and_none_is_written(tmp_path: Path) -> None:
    clone = tree.made(tmp_path / "ok-cli", "one line")
    (clone / "scripts/utils/sync-repos.sh").unlink()
    replace(clone / "scripts/utils/update-repos.sh", '"ok-cli"', '"$OK_CLI"')
    replace(clone / "scripts/lib/common.sh", '"maven" "shell"', '"maven"')
    replace(clone / "scripts/setup/push-all-repos.sh", "REPOS=(", "OTHERS=(")
    replace(clone / "scripts/utils/build-maven.sh", '("cdk-common" "aws-backstage-infra")', '("else" "where")')
    replace(clone / "Makefile", "destroy-repos: confirm", "destroy-all: confirm")
    replace(clone / "Makefile", "init-secrets:\n\t@echo", "init-secrets:\n\t@./all.sh\n\nothers:\n\t@echo")
    shutil.rmtree(clone / "conf")
    before = tree.contents(clone)
    with pytest.raises(OperationError) as refused:
        changes(clone, JAVA)
    lines = str(refused.value).splitlines()
    expected = (
        f"conf/repos/.ok.github.repo.{NEW}: there is no directory repos",
        "scripts/lib/common.sh: REPO_NAMES has 3 words and REPO_TYPES 2",
        "scripts/setup/push-all-repos.sh: REPOS=(…) is expected once, and not to be added to elsewhere; found 0",
        "scripts/utils/sync-repos.sh: there is no such file",
        "scripts/utils/update-repos.sh: REPOS=(…) is expected to hold plain words only; line 4",
        "scripts/utils/build-maven.sh: MAVEN_REPOS is expected to hold names of REPO_NAMES",
        "Makefile: target destroy-repos is expected once, with a recipe; found 0; target init-secrets: its recipe is",
        "Next: nothing was written",
    )
    assert len(lines) == len(expected)
    for line, start in zip(lines, expected, strict=True):
        assert line.startswith(start)
    assert tree.contents(clone) == before


def test_a_file_that_is_changed_by_hand_can_be_skipped(tmp_path: Path) -> None:
    clone = tree.made(tmp_path / "ok-cli", "one line")
    replace(clone / "Makefile", "status:", "state:")
    assert "Makefile" not in register(clone, "--skip", "Makefile")
    with pytest.raises(OperationError, match=r"not a file that would change: makefile\n"):
        changes(clone, PYTHON, ["makefile"])


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("scripts/lib/common.sh", '"aws-backstage-infra")', f'"{NEW}")', f"{NEW} is there, as maven and not as shell"),
        ("scripts/lib/common.sh", "log()", 'REPO_NAMES+=("x")\nlog()', "not to be added to elsewhere; found 2"),
        ("scripts/utils/sync-repos.sh", 'cdk-common" "', 'cdk-common""', "plain words only; line 4"),
        ("Makefile", "cdk-common ok-cli", "$(FIRST) ok-cli", "target destroy-repos: its recipe is expected"),
        ("conf/repos/.ok.github.repo.ok-cli", "ok-cli", "other", ""),
    ],
)
def test_what_could_mean_something_else_is_refused(file: str, old: str, new: str, said: str, tmp_path: Path) -> None:
    clone = tree.made(tmp_path / "ok-cli", "one line")
    replace(clone / file, old, new)
    if said:
        with pytest.raises(OperationError) as refused:
            changes(clone, PYTHON)
        assert said in str(refused.value)
    else:
        own = Repository(name="ok-cli", type="shell", description="x")
        with pytest.raises(OperationError, match="is there, and doesn't say REPO_NAME=ok-cli"):
            changes(clone, own)


def test_settings_that_were_described_otherwise_stay(tmp_path: Path) -> None:
    clone = tree.made(tmp_path / "ok-cli", "one line")
    settings = clone / f"conf/repos/.ok.github.repo.{NEW}"
    settings.write_text(f'REPO_NAME="{NEW}"\nREPO_DESCRIPTION="Ours"\n', encoding="utf-8")
    assert settings not in [change.path for change in changes(clone, PYTHON)]


def test_a_list_that_is_all_repositories_needs_no_word(tmp_path: Path) -> None:
    clone = tree.made(tmp_path / "ok-cli", "one line")
    script = clone / "scripts/utils/sync-repos.sh"
    script.write_text('source "$LIB/common.sh"\nREPOS=("${REPO_NAMES[@]}")\n', encoding="utf-8")
    assert script not in [change.path for change in changes(clone, PYTHON)]


@pytest.mark.parametrize(
    "wrong", [{"name": "a b"}, {"name": "../x"}, {"type": "$(x)"}, {"description": 'a"b'}, {"branch": "`x`"}]
)
def test_what_would_be_another_script_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(OperationError, match=f"can't stand in a script of ok-cli: {next(iter(wrong))}\n"):
        Repository(**{"name": "a", "type": "shell", "description": "d"} | wrong)


def test_what_can_t_be_written_leaves_all_as_it_was(tmp_path: Path) -> None:
    clone = tree.made(tmp_path / "ok-cli", "one line")
    before = tree.contents(clone)
    planned = changes(clone, PYTHON)
    # A directory in the place of the last file: renaming to it fails after the others were renamed.
    (clone / "in-the-way" / "x").mkdir(parents=True)
    blocked = Change(root=clone, file="in-the-way", before=None, after="")
    with pytest.raises(OperationError, match="all files are as before"):
        write([*planned, blocked])
    assert tree.contents(clone) == before


def test_who_stops_the_writing_finds_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = tree.made(tmp_path / "ok-cli", "one line")
    before = tree.contents(clone)
    planned = changes(clone, PYTHON)
    left = [3]

    def stopped(path: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return path.rename(target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write(planned)
    assert tree.contents(clone) == before

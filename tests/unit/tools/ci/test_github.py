"""A pull request has one comment of ours, written over by each run; what others wrote stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from idp.errors import OperationError
from tests.unit.tools.ci.fake_github import REPOSITORY, GitHub
from tools.ci.github import comment, gh

MARKER = "<!-- plan -->"


def test_the_second_comment_is_written_over_the_first() -> None:
    github = GitHub()
    for text in ("first", "second"):
        comment(github, REPOSITORY, 7, MARKER, text)
    assert [found["body"] for found in github.comments.values()] == [f"{MARKER}\nsecond"]


def test_comments_of_others_are_not_ours_whatever_they_begin_with() -> None:
    github = GitHub()
    for number in (1, 2, 3):
        github.comments[number] = {"id": number, "user": {"login": "octocat"}, "body": f"{MARKER}\nmine"}
    comment(github, REPOSITORY, 7, MARKER, "ours")
    comment(github, REPOSITORY, 7, MARKER, "ours again")
    assert [found["body"] for found in github.comments.values()][3:] == [f"{MARKER}\nours again"]
    assert github.comments[1]["body"] == f"{MARKER}\nmine"


def test_a_text_longer_than_a_comment_is_cut_and_its_code_block_ends() -> None:
    github = GitHub()
    comment(github, REPOSITORY, 7, MARKER, "```diff\n" + "+ aws_iam_role.x\n" * 10_000 + "```\n")
    body = github.comments[1]["body"]
    assert len(body) < 65_536 and body.count("```") == 2
    assert body.endswith("+ aws_iam_role.x\n```\n\nThe rest is in the summary of the workflow's run.")


def test_a_failure_of_gh_is_said_without_what_was_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "gh"
    program.write_text("#!/bin/sh\necho 'HTTP 403: no right' >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(OperationError, match="gh api repos/x failed: HTTP 403: no right") as error:
        gh(["api", "repos/x", "--input", "-"], "the-text")
    assert "the-text" not in str(error.value)


def test_gh_gets_its_input_and_gives_its_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "gh"
    program.write_text('#!/bin/sh\necho "$1"; cat\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert gh(["api"], "given") == "api\ngiven"


def test_without_gh_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OperationError, match="install GitHub's command line"):
        gh(["api"])

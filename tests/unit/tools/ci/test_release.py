"""A release: its tag fits the version and the branch, its archive is the same bytes for the same output."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from idp.errors import OperationError
from tools.ci.release import archive, check_kept, check_tag, notes
from tools.snapshot import Snapshot, write


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


def commit(root: Path, subject: str) -> None:
    git(root, "commit", "-q", "--allow-empty", "-m", subject)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Version 1.2.0 with releases v1.1.0 and v1.2.0 on main, and a branch with a commit of its own."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n', encoding="utf-8")
    git(root, "add", ".")
    for subject, tag in (("One", "v1.1.0"), ("Two", None), ("Three", "v1.2.0")):
        commit(root, subject)
        if tag:
            git(root, "tag", "-a", tag, "-m", tag)
    return root


def test_the_tag_of_the_version_on_the_branch_is_taken(repository: Path) -> None:
    check_tag(repository, "v1.2.0", "main")


@pytest.mark.parametrize("tag", ["v1.1.0", "1.2.0", "v1.2.0-rc1", "v1.2.0 --force"])
def test_a_tag_that_is_not_the_version_is_refused(repository: Path, tag: str) -> None:
    with pytest.raises(OperationError, match=r"isn't v1\.2\.0"):
        check_tag(repository, tag, "main")


def test_what_was_never_merged_is_not_released(repository: Path) -> None:
    git(repository, "switch", "-q", "-c", "branch")
    commit(repository, "Four")
    git(repository, "tag", "-f", "v1.2.0")
    with pytest.raises(OperationError, match=r"v1\.2\.0 isn't on main"):
        check_tag(repository, "v1.2.0", "main")


def test_a_release_is_kept_with_the_very_output_before_it_is_tagged(tmp_path: Path) -> None:
    document = {"provider": {"aws": [{"default_tags": [{"tags": {"deployment": "idp"}}]}]}, "resource": {}}
    out = tmp_path / "out"
    (out / "stacks" / "a").mkdir(parents=True)
    (out / "stacks" / "a" / "cdk.tf.json").write_text(json.dumps(document), encoding="utf-8")
    listed = {"stacks": {"a": {"synthesizedStackPath": "stacks/a/cdk.tf.json", "dependencies": []}}}
    (out / "manifest.json").write_text(json.dumps(listed), encoding="utf-8")
    with pytest.raises(OperationError, match=r"v1\.2\.0 isn't kept") as refused:
        check_kept(tmp_path, "v1.2.0", out)
    assert "tools.release_snapshot 1.2.0" in refused.value.remedy
    write(tmp_path / "v1.2.0", Snapshot(about={"version": "1.2.0"}, documents={"a": document}, states={}))
    check_kept(tmp_path, "v1.2.0", out)
    write(tmp_path / "v1.2.0", Snapshot(about={"version": "1.2.0"}, documents={"a": {}}, states={}))
    with pytest.raises(OperationError, match="isn't the output"):
        check_kept(tmp_path, "v1.2.0", out)


def test_notes_are_the_commits_since_the_release_before(repository: Path) -> None:
    assert notes(repository, "v1.2.0") == "Changes since v1.1.0:\n\n- Three\n- Two\n"
    assert notes(repository, "v1.1.0") == "The first release.\n\n- One\n"


def test_the_same_output_makes_the_same_archive(tmp_path: Path) -> None:
    digests = []
    for run in ("a", "b"):
        out = tmp_path / run / "out"
        (out / "stacks" / "idp-account").mkdir(parents=True)
        names = ("manifest.json", "stacks/idp-account/cdk.tf.json")
        for name in names if run == "a" else reversed(names):
            (out / name).write_text("{}", encoding="utf-8")
        target = tmp_path / run / "idp-v1.2.0.tar.gz"
        checksum = archive(out, target)
        digests.append(hashlib.sha256(target.read_bytes()).hexdigest())
        assert checksum.read_text(encoding="utf-8") == f"{digests[-1]}  idp-v1.2.0.tar.gz\n"
        with tarfile.open(target) as tar:
            assert tar.getnames() == ["cdktf.out/manifest.json", "cdktf.out/stacks/idp-account/cdk.tf.json"]
    assert digests[0] == digests[1]

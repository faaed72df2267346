"""Fixtures of the tools' tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.tools.workflow_steps import git


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository as the server has it: two commits on main, and the commit of a pull request beside."""
    where = tmp_path / "example-org" / "shop.git"
    where.mkdir(parents=True)
    git(where, "init", "--quiet", "--initial-branch", "main")
    git(where, "config", "receive.denyCurrentBranch", "updateInstead")
    # As GitHub: any commit that some reference leads to may be asked for.
    git(where, "config", "uploadpack.allowReachableSHA1InWant", "true")
    deploy = where / "deploy" / "staging"
    deploy.mkdir(parents=True)
    (deploy / "kustomization.yaml").write_text("images: []\n", encoding="utf-8")
    for text in ("first", "second"):
        (where / "file").write_text(text, encoding="utf-8")
        git(where, "add", ".")
        git(where, "commit", "--quiet", "--message", text)
    git(where, "checkout", "--quiet", "-b", "proposal")
    (where / "file").write_text("proposed", encoding="utf-8")
    git(where, "commit", "--quiet", "--all", "--message", "proposed")
    git(where, "update-ref", "refs/pull/1/head", "HEAD")
    git(where, "checkout", "--quiet", "main")
    git(where, "branch", "--quiet", "-D", "proposal")
    return where

"""The output of another revision of this repository, synthesized by that revision's own code in a worktree."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from idp.errors import OperationError

# Seconds; a synth takes a few.
_SECONDS = 600
# What a synth needs. Not the rest: a revision is code, and credentials are none of its business.
_PASSED = ("HOME", "LANG", "LC_ALL", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")


@contextmanager
def synthesized(revision: str, root: Path) -> Iterator[Path]:
    """The output of ``revision`` of the repository around ``root``; it is gone afterwards, and so is its worktree.

    It runs with this Python and its packages, without credentials in its environment. Raises OperationError where git
    doesn't know the revision, or its synth fails: most of all where it needs other packages.
    """
    name = _commit(revision, root)
    with tempfile.TemporaryDirectory(prefix="idp-diff-") as scratch:
        tree, out = Path(scratch) / "tree", Path(scratch) / "out"
        _git(root, "worktree", "add", "--quiet", "--detach", str(tree), name)
        try:
            _synth(tree, out, revision)
            yield out
        finally:
            _git(root, "worktree", "remove", "--force", str(tree))


def _commit(revision: str, root: Path) -> str:
    if revision.startswith("-"):
        raise OperationError(f"{revision!r} is no revision", remedy="name a branch, a tag or a commit by --against")
    try:
        return _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    except OperationError:
        raise OperationError(
            f"git knows no revision {revision!r}", remedy="fetch it, or synthesize it elsewhere and name its output"
        ) from None


def _synth(tree: Path, out: Path, revision: str) -> None:
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    done = _run((sys.executable, "main.py", "--out", str(out)), tree, environment)
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise OperationError(
            f"{revision} can't be synthesized here: {last}",
            remedy="synthesize it in a checkout of its own with its own packages, and name that output as BEFORE",
        )


def _git(root: Path, *arguments: str) -> str:
    done = _run(("git", *arguments), root, None)
    if done.returncode:
        raise OperationError(
            f"git {arguments[0]} failed: {done.stderr.strip()}", remedy="run it in a clone of the repository"
        )
    return done.stdout


def _run(
    command: tuple[str, ...], directory: Path, environment: Mapping[str, str] | None
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, cwd=directory, env=environment, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OperationError(f"{command[0]} didn't run: {error}", remedy="install it, or name an output") from None

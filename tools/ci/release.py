"""What a release is made of: a tag that fits the version, notes from the commits, an archive of the output."""

from __future__ import annotations

import gzip
import hashlib
import re
import subprocess
import tarfile
import tomllib
from pathlib import Path

from idp.errors import OperationError
from idp.output import read_output
from tools.snapshot import ABOUT, read

_TAG = re.compile(r"^v\d+\.\d+\.\d+$")


def check_tag(root: Path, tag: str, branch: str) -> None:
    """Raise OperationError unless ``tag`` is v<version of pyproject.toml> and its commit is on ``branch``."""
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if not _TAG.match(tag) or tag != f"v{version}":
        raise OperationError(
            f"tag {tag!r} isn't v{version}, the version of pyproject.toml", remedy="correct one, and tag again"
        )
    if _git(root, "merge-base", "--is-ancestor", f"refs/tags/{tag}^{{commit}}", branch).returncode:
        raise OperationError(f"{tag} isn't on {branch}", remedy="merge first, then tag what was merged")


def check_kept(kept: Path, tag: str, out: Path) -> None:
    """Raise OperationError unless ``kept`` holds the release ``tag`` with the very JSON of ``out``.

    Later releases are planned on its states: what is tagged without them can't be upgraded from by a test.
    """
    how = f"`python -m tools.release_snapshot {tag.removeprefix('v')}`, commit, and tag that commit"
    if not (kept / tag / ABOUT).exists():
        raise OperationError(f"release {tag} isn't kept in {kept}", remedy=how)
    if read(kept / tag).documents != {stack.name: stack.document for stack in read_output(out)}:
        raise OperationError(f"what is kept as {tag} isn't the output", remedy=f"remove {kept / tag}; {how}")


def notes(root: Path, tag: str) -> str:
    """The subjects of the commits since the release before, as Markdown, the newest first."""
    before = _git(root, "describe", "--tags", "--abbrev=0", "--match", "v*", f"{tag}^")
    since = before.stdout.strip()
    commits = _git(root, "log", "--no-merges", "--format=%s", f"{since}..{tag}" if since else tag)
    lines = [f"- {subject}" for subject in commits.stdout.splitlines()]
    return "\n".join([f"Changes since {since}:" if since else "The first release.", "", *lines]) + "\n"


def archive(out: Path, target: Path) -> Path:
    """Pack the output so that the same output gives the same bytes, with a checksum beside it. Returns its path."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        target.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(each for each in out.rglob("*") if each.is_file()):
            entry = tarfile.TarInfo(str(Path("cdktf.out") / path.relative_to(out)))
            entry.size, entry.mode = path.stat().st_size, 0o644
            with path.open("rb") as content:
                tar.addfile(entry, content)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    checksum = target.with_name(f"{target.name}.sha256")
    checksum.write_text(f"{digest}  {target.name}\n", encoding="utf-8")
    return checksum


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)

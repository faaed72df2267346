"""Locks of programs with packages of their own: of the pinned version, all with hashes, no registry named."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from config.versions import TERRAIN
from tools import environment, versions

ROOT = Path(__file__).resolve().parents[3]
LOCK = ROOT / "requirements-checkov.lock"
# Lock → (package, its pinned version, how many packages it has at least).
LOCKS = {
    "requirements-checkov.lock": ("checkov", versions.CHECKOV, 50),
    "requirements-trestle.lock": ("compliance-trestle", versions.TRESTLE, 30),
    "requirements-terrain.lock": ("cdktn", TERRAIN["cdktn"], 30),
}


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_is_of_the_pinned_version(lock: str) -> None:
    package, version, _ = LOCKS[lock]
    found = re.search(rf"^{package}==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    assert found[1] == version


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_hash_and_none_by_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    packages = re.findall(r"^(\S+?)==.*((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)*)", text, re.MULTILINE)
    assert len(packages) == len(re.findall(r"^\S", text, re.MULTILINE)) > LOCKS[lock][2]
    assert [name for name, hashes in packages if not hashes] == []
    assert "://" not in text
    assert "index-url" not in text


def test_the_program_runs_from_where_it_is_moved_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script finds its environment beside it; nothing in it names the machine."""
    monkeypatch.setattr(environment, "run", lambda *_arguments, **_options: "")
    output = tmp_path / "bin" / "program"
    environment.install(LOCK, tmp_path / "packages", "some.module", output)
    assert output.stat().st_mode & stat.S_IXUSR
    assert output.read_text() == '#!/bin/sh\nexec "$(dirname "$0")/../packages/bin/python" -m some.module "$@"\n'

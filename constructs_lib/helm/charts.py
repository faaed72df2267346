"""Our own charts, as files of a stack directory. Pure: imports no engine."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CHARTS = ROOT / "charts"
# Chart → files from the top of the tree that it installs: they are the source, and have their tests beside them.
BROUGHT: Mapping[str, str] = {
    "events": "sensors/*.yaml",
    "policies": "policies/*/*/policy.yaml",
    "workflow-templates": "workflow-templates/*/*.yaml",
}
_VERSION = re.compile(r"^version: (\d+\.\d+\.\d+)$", re.MULTILINE)
_DIGITS = 12


@dataclass(frozen=True, kw_only=True)
class LocalChart:
    """A chart of this project. ``files`` maps paths below the stack directory to their text."""

    version: str
    files: Mapping[str, str]


@functools.cache
def local_chart(name: str) -> LocalChart:
    """The chart ``charts/<name>`` with what it brings, its version ending in a digest of its files.

    The helm provider compares a local chart by its version only: without the digest a changed template would not show
    in a plan (provider documentation, helm_release, "version"). Raises ValueError where Chart.yaml has no version.
    """
    directory = CHARTS / name
    found = sorted(path for path in directory.rglob("*") if path.is_file())
    files = {path.relative_to(CHARTS).as_posix(): path.read_text(encoding="utf-8") for path in found}
    for brought in sorted(ROOT.glob(BROUGHT[name])) if name in BROUGHT else ():
        files[f"{name}/{brought.relative_to(ROOT).as_posix()}"] = brought.read_text(encoding="utf-8")
    digest = hashlib.sha256()
    for path, text in files.items():
        digest.update(f"{path}\0{text}\0".encode())
    definition = f"{name}/Chart.yaml"
    stated = _VERSION.search(files.get(definition, ""))
    if stated is None:
        raise ValueError(f"charts/{definition} states no version like 1.0.0")
    # Build metadata: SemVer 2.0.0, section 10.
    version = f"{stated.group(1)}+{digest.hexdigest()[:_DIGITS]}"
    files[definition] = _VERSION.sub(f"version: {version}", files[definition])
    return LocalChart(version=version, files={f"charts/{path}": text for path, text in files.items()})

"""The environment of CDK Terrain: its packages, and those of ours that a synth needs, apart from ``.venv``."""

from __future__ import annotations

from pathlib import Path

from tools import environment
from tools.programs import ROOT, TOOLS

LOCK = ROOT / "requirements-terrain.lock"
# What uv says where a registry doesn't answer or lacks a version, and not where a package isn't the one of the lock.
_NOT_TO_BE_HAD = ("Failed to fetch", "error sending request", "no version of", "there are no versions", "not found in")


def python(home: Path = TOOLS / "terrain") -> Path:
    """The interpreter of an environment of what the lock pins; it is made anew where the lock has changed.

    Raises BuildError with uv's last words.
    """
    made_from = home / "made-from.lock"
    asked = LOCK.read_text(encoding="utf-8")
    if not made_from.exists() or made_from.read_text(encoding="utf-8") != asked:
        environment.make(LOCK, home)
        made_from.write_text(asked, encoding="utf-8")
    return home / "bin" / "python"


def cannot_be_had(error: Exception) -> bool:
    """Whether ``python`` failed since the packages can't be had here."""
    return any(words in str(error) for words in _NOT_TO_BE_HAD)

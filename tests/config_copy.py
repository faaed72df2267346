"""The shipped configuration, copied to where a test may change it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from config.loader import FURTHER_FILES

ROOT = Path(__file__).resolve().parent.parent


def copied(directory: Path) -> Path:
    """``directory/cdktf.json``, with the further files that it names beside it."""
    path = directory / "cdktf.json"
    shutil.copy(ROOT / path.name, path)
    for further in json.loads(path.read_text(encoding="utf-8"))["context"][FURTHER_FILES]:
        (directory / further).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / further, directory / further)
    return path

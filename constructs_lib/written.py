"""The files of an output as text, and how they are written. Pure: imports no engine."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STACK_FILE = "cdk.tf.json"
STACKS = "stacks"
# Directories of a stack that synth owns, for the files beside its JSON: what it doesn't put there, it removes.
ASSET_DIRECTORIES = ("charts", "values")


def documents(files: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Stack name → parsed JSON, from the output files."""
    return {Path(path).parent.name: json.loads(text) for path, text in files.items() if path.endswith(STACK_FILE)}


def assets(files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Stack name → path below its directory → text, of the files beside the JSON."""
    found: dict[str, dict[str, str]] = {}
    for path, text in files.items():
        parts = path.split("/", 2)
        if parts[0] == STACKS and parts[2].partition("/")[0] in ASSET_DIRECTORIES:
            found.setdefault(parts[1], {})[parts[2]] = text
    return found


def write(files: Mapping[str, str], outdir: Path) -> None:
    """Make ``outdir`` hold ``files``: changed ones replaced atomically, stacks and assets that are gone removed."""
    for relative, text in files.items():
        target = outdir / relative
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        partial.write_text(text, encoding="utf-8")
        partial.replace(target)
    _remove_stale(files, outdir)


def _remove_stale(files: Mapping[str, str], outdir: Path) -> None:
    stacks = outdir / STACKS
    wanted = {Path(relative).parent.name for relative in files if relative.endswith(STACK_FILE)}
    for directory in sorted(stacks.iterdir()) if stacks.is_dir() else []:
        if directory.is_dir() and directory.name not in wanted:
            shutil.rmtree(directory)
    # Deepest first, so that a directory is looked at after all that it holds.
    owned = [
        path for name in ASSET_DIRECTORIES for glob in ("*/{}", "*/{}/**/*") for path in stacks.glob(glob.format(name))
    ]
    for path in sorted(owned, reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and str(path.relative_to(outdir)) not in files:
            path.unlink()

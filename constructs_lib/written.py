"""The files of an output as text, and how they are written. Pure: imports no engine."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path, PurePath
from typing import Any

STACK_FILE = "cdk.tf.json"
STACKS = "stacks"
MANIFEST = "manifest.json"
# Where what changed waits until all of it is written: in the output itself, since it is moved, not copied.
STAGED = ".staged"
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


def as_text(document: object) -> str:
    """``document`` as JSON: sorted keys, two-space indentation, one line break at the end."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def read(outdir: Path, stacks: Collection[str]) -> dict[str, str]:
    """The files of ``stacks`` as ``outdir`` holds them: relative path → text."""
    found: dict[str, str] = {}
    for stack in sorted(stacks):
        directory = outdir / STACKS / stack
        owned = [
            directory / STACK_FILE,
            *(path for name in ASSET_DIRECTORIES for path in (directory / name).rglob("*")),
        ]
        found |= {str(path.relative_to(outdir)): path.read_text(encoding="utf-8") for path in owned if path.is_file()}
    return found


def write(files: Mapping[str, str], outdir: Path, *, others: Collection[str] = ()) -> None:
    """Make ``outdir`` hold ``files``; stacks and assets that are gone are removed. Who calls it holds ``exclusive``.

    The directories of the stacks ``others`` stay as they are. All that changed is on the disk before any file is
    replaced: where there is no room, OSError is raised and the output is as before. The manifest is away while files
    are replaced: whoever is killed then leaves an output that nothing can be applied from, and the next synth mends it.
    """
    _refuse_links(files, outdir)
    changed = [path for path, text in files.items() if not _holds(outdir / path, text)]
    staged = outdir / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    _stage({path: files[path] for path in changed}, staged, outdir)
    kept = outdir / MANIFEST
    if changed and kept.exists():
        if MANIFEST in changed:
            kept.unlink()
        else:
            kept.replace(staged / MANIFEST)
    for path in changed:
        if path != MANIFEST:
            (staged / path).replace(outdir / path)
    _remove_stale(files, outdir, others)
    if (staged / MANIFEST).exists():
        (staged / MANIFEST).replace(kept)
    shutil.rmtree(staged, ignore_errors=True)


def _refuse_links(files: Mapping[str, str], outdir: Path) -> None:
    """A link in place of a directory leads out of the output: what is written or removed there is somebody else's.

    ``outdir`` itself may be one: whoever names it means the place that it leads to.
    """
    below = {parent for path in files for parent in PurePath(path).parents} - {PurePath()}
    stacks = outdir / STACKS
    there = stacks.iterdir() if stacks.is_dir() else ()
    owned = [stack / name for stack in below if stack.parent == PurePath(STACKS) for name in ASSET_DIRECTORIES]
    for directory in (outdir / STAGED, *(outdir / each for each in (*below, *owned)), *there):
        if directory.is_symlink():
            raise OSError(errno.ELOOP, "is a link, which may lead out of the output: remove it", str(directory))


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _stage(files: Mapping[str, str], staged: Path, outdir: Path) -> None:
    """Write ``files`` below ``staged``, and make the directories of ``outdir`` that they will go to."""
    made: list[Path] = []
    target = staged
    try:
        for relative, text in files.items():
            target = staged / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            _make_directory((outdir / relative).parent, made)
    except OSError as error:
        # Where a disk is full, the system doesn't say which file it was.
        error.filename = error.filename or str(target)
        shutil.rmtree(staged, ignore_errors=True)
        for directory in reversed(made):
            directory.rmdir()
        raise


def _make_directory(directory: Path, made: list[Path]) -> None:
    """Make it, and its parents; ``made`` gets what wasn't there."""
    if not directory.is_dir():
        _make_directory(directory.parent, made)
        directory.mkdir()
        made.append(directory)


def _remove_stale(files: Mapping[str, str], outdir: Path, others: Collection[str]) -> None:
    stacks = outdir / STACKS
    wanted = {Path(relative).parent.name for relative in files if relative.endswith(STACK_FILE)}
    for directory in sorted(stacks.iterdir()) if stacks.is_dir() else []:
        if directory.is_dir() and directory.name not in wanted and directory.name not in others:
            shutil.rmtree(directory)
    # Deepest first, so that a directory is looked at after all that it holds.
    owned = [
        path
        for stack in wanted
        for name in ASSET_DIRECTORIES
        for path in ((stacks / stack / name), *(stacks / stack / name).rglob("*"))
    ]
    for path in sorted(owned, reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and str(path.relative_to(outdir)) not in files:
            path.unlink()

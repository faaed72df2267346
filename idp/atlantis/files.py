"""The files of an output, and what must not lie beside them: the engine reads all configuration of a directory."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from constructs_lib.written import ASSET_DIRECTORIES, STACK_FILE, STACKS
from idp.errors import OperationError
from idp.output import MANIFEST

_STACK = re.compile(r"^[a-z0-9][a-z0-9-]*$")
# What OpenTofu and Terraform read of a directory without being told to (OpenTofu documentation, "Files and
# Directories", "Input Variables", "CLI Configuration File").
_READ = ("*.tf", "*.tf.json", "*.tofu", "*.tofu.json", "*.tfvars", "*.tfvars.json", "*.tfrc", ".tofurc", ".terraformrc")
_REMEDY = "a stack's directory holds what the synth wrote, nothing else"


def is_output(name: str) -> bool:
    """Whether a synth writes a file of this name, relative to its output directory."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or name != str(path):
        return False
    if name == MANIFEST:
        return True
    if len(path.parts) < 3 or path.parts[0] != STACKS or not _STACK.match(path.parts[1]):
        return False
    return path.parts[2:] == (STACK_FILE,) or (path.parts[2] in ASSET_DIRECTORIES and len(path.parts) > 3)


def read(out: Path) -> dict[str, str]:
    """Relative path → text of what a synth wrote into ``out``. Raises OperationError where it holds a symbolic link."""
    found = {}
    for name in _names(out):
        path = out / name
        if path.is_symlink():
            raise OperationError(f"{name} of {out} is a symbolic link", remedy=_REMEDY)
        if path.is_file():
            found[name] = path.read_text(encoding="utf-8")
    return found


def refuse_foreign(out: Path) -> None:
    """Raises OperationError where the engine, or a reader, would take up a file that no synth writes.

    Looks at what lies in the stacks' directories, and at what the repository tracks below ``out``: a tracked
    ``.terraform`` would bring providers of its own.
    """
    foreign = {str(path.relative_to(out)) for stack in _directories(out) for path in _configuration(stack)}
    foreign |= {name for name in tracked(out) if not is_output(name)}
    if foreign:
        raise OperationError(f"no synth writes {', '.join(sorted(foreign))}", remedy=_REMEDY)


def tracked(out: Path) -> list[str]:
    """Names, relative to ``out``, of files that the repository tracks below it; none where ``out`` is in no repository.

    A tracked symbolic link in the place of ``out`` is named ``.``.
    """
    command: list[str | Path] = ["git", "-C", out.parent, "ls-files", "-z", "--", out.name]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name] if listed.returncode == 0 else []
    return [name.partition("/")[2] or "." for name in names]


def _names(out: Path) -> Iterator[str]:
    yield MANIFEST
    for stack in _directories(out):
        place = f"{STACKS}/{stack.name}"
        yield f"{place}/{STACK_FILE}"
        for kind in ASSET_DIRECTORIES:
            yield from sorted(f"{place}/{path.relative_to(stack)}" for path in (stack / kind).rglob("*"))


def _directories(out: Path) -> list[Path]:
    stacks = out / STACKS
    return sorted(path for path in stacks.iterdir() if path.is_dir()) if stacks.is_dir() else []


def _configuration(stack: Path) -> Iterable[Path]:
    return {path for pattern in _READ for path in stack.glob(pattern)} - {stack / STACK_FILE}

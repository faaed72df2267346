"""What the hook does with the output of a pull request's code: nobody knows what that wrote, so it comes as data."""

from __future__ import annotations

import json
import os
import tarfile
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from constructs_lib.guardrails import check_stacks
from constructs_lib.written import STACK_FILE, STACKS, assets, documents, write
from idp.atlantis.files import is_output, tracked
from idp.atlantis.projects import PLACE, repository_file
from idp.errors import OperationError
from idp.output import MANIFEST, read_output

# Far above what thousand teams make; below what would fill a server.
MOST_BYTES = 512 * 1024 * 1024
MOST_FILES = 200_000
REPOSITORY_FILE = "atlantis.yaml"


def unpack(archive: Path) -> dict[str, str]:
    """Relative path → text of every file of a tar. Raises OperationError for anything but files that a synth writes."""
    found: dict[str, str] = {}
    size = 0
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                name = member.name.removeprefix("./")
                size += member.size
                if size > MOST_BYTES or len(found) > MOST_FILES:
                    raise _refusal("it is too large")
                if member.isdir():
                    continue
                content = tar.extractfile(member) if member.isreg() and is_output(name) else None
                if content is None:
                    raise _refusal(f"{name} is none of its files")
                found[name] = content.read().decode()
    except (tarfile.TarError, EOFError, UnicodeDecodeError) as error:
        raise _refusal(str(error)) from None
    return found


@dataclass(frozen=True, kw_only=True)
class Change:
    """Names of the stacks that a pull request changes or adds, and of those that go away."""

    changed: list[str]
    gone: list[str]


def take(head: Path, base: Path | None, clone: Path) -> Change:
    """Put the output in tar ``head`` into ``clone`` and write its ``atlantis.yaml``; what the pull request changes.

    ``base`` is the output of the base branch; None makes every stack a changed one. Raises OperationError or
    GuardrailError, and has written nothing then.
    """
    if tracked(clone / PLACE):
        raise OperationError(
            f"the repository tracks files below {PLACE}",
            remedy="take the hook out of repos.yaml: they are planned as is",
        )
    files, before = unpack(head), unpack(base) if base else {}
    change = Change(changed=different(files, before), gone=sorted(_by_stack(before).keys() - _by_stack(files).keys()))
    text = _judged(files, change.changed)
    write(files, clone / PLACE)
    _replace(clone / REPOSITORY_FILE, text)
    return change


def _judged(files: Mapping[str, str], changed: Collection[str]) -> str:
    """The text of ``atlantis.yaml``, once guardrails and the manifest have been found good."""
    try:
        check_stacks(documents(files), assets(files))
        listed = json.loads(files[MANIFEST])["stacks"]
        places = {f"{STACKS}/{name}/{STACK_FILE}": entry["synthesizedStackPath"] for name, entry in listed.items()}
        if any(place != said for place, said in places.items()) or not places.keys() <= files.keys():
            raise _refusal("its manifest names other files")
        with tempfile.TemporaryDirectory(prefix="intake-") as scratch:
            write(files, Path(scratch))
            return repository_file(read_output(Path(scratch)), changed)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise _refusal(f"it isn't the JSON of stacks ({type(error).__name__})") from None


def different(files: Mapping[str, str], base: Mapping[str, str]) -> list[str]:
    """Names of the stacks of ``files`` whose JSON, values or charts differ from those in ``base``."""
    mine, other = _by_stack(files), _by_stack(base)
    return sorted(name for name, content in mine.items() if content != other.get(name))


def _by_stack(files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, text in files.items():
        parts = name.split("/", 2)
        if parts[0] == STACKS:
            found.setdefault(parts[1], {})[parts[2]] = text
    return found


def _replace(path: Path, text: str) -> None:
    """Write beside ``path`` and move it there: what a pull request made a symbolic link is replaced, not followed."""
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(partial).replace(path)


def _refusal(message: str) -> OperationError:
    return OperationError(
        f"what the synth wrote can't be taken: {message}", remedy="look at what its code writes to --out"
    )

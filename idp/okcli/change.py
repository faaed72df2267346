"""Changes of files: shown as a difference, written all or none."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from idp.errors import OperationError


@dataclass(frozen=True, kw_only=True)
class Change:
    """A file below ok-cli whose text becomes another; ``before`` is None for a new file."""

    root: Path
    file: str
    before: str | None
    after: str

    @property
    def path(self) -> Path:
        # A link stays one: what it points to is changed.
        return (self.root / self.file).resolve()

    @property
    def difference(self) -> str:
        old = f"a/{self.file}" if self.before is not None else "/dev/null"
        before, after = (self.before or "").splitlines(True), self.after.splitlines(True)
        lines = difflib.unified_diff(before, after, old, f"b/{self.file}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def write(planned: Sequence[Change]) -> None:
    """Write all changes, or leave all files as they were. Raises OperationError where that can't be done."""
    done: list[Change] = []
    try:
        staged = list(_staged(planned))
        for change, partial in staged:
            done.append(change)
            partial.replace(change.path)
    except OSError as error:
        _undo(planned, done)
        raise OperationError(f"can't write: {error}", remedy="all files are as before; allow writing there") from None
    except KeyboardInterrupt:
        _undo(planned, done)
        raise


def _undo(planned: Sequence[Change], done: Sequence[Change]) -> None:
    for change in planned:
        _partial(change).unlink(missing_ok=True)
    for change in done:
        _restore(change)


def _staged(planned: Sequence[Change]) -> Iterator[tuple[Change, Path]]:
    for change in planned:
        partial = _partial(change)
        partial.write_bytes(change.after.encode("utf-8"))
        if change.before is not None:
            shutil.copymode(change.path, partial)
        yield change, partial


def _partial(change: Change) -> Path:
    return change.path.with_name(f".{change.path.name}.{os.getpid()}")


def _restore(change: Change) -> None:
    if change.before is None:
        if change.path.is_file():
            change.path.unlink()
        return
    partial = _partial(change)
    partial.write_bytes(change.before.encode("utf-8"))
    shutil.copymode(change.path, partial)
    partial.replace(change.path)

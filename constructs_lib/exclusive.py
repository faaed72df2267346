"""One writer at a time in a directory. The lock is on the directory itself: no file stays, the dead hold nothing."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

# A synth holds the lock while it writes, one of single stacks from its start: seconds. Longer is a process that stands.
WAIT_SECONDS = 120.0
_PAUSE_SECONDS = 0.1


class OutputBusyError(Exception):
    """Another synth is writing into the directory, and didn't end."""


@contextlib.contextmanager
def exclusive(directory: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold ``directory``, which is made where it isn't there, for this process alone.

    Waits ``wait`` seconds for another process, then raises OutputBusyError.
    """
    deadline = time.monotonic() + wait
    while True:
        directory.mkdir(parents=True, exist_ok=True)
        held = os.open(directory, os.O_RDONLY)
        try:
            if _locked(held) and _is(directory, held):
                yield
                return
        finally:
            os.close(held)
        if time.monotonic() > deadline:
            raise OutputBusyError(
                f"{directory}: another synth has been writing there for {wait:.0f} s; nothing was written by this one\n"
                "Next: wait for it, or end it if it stands still; or name another place by --out"
            )
        time.sleep(_PAUSE_SECONDS)


def _locked(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is(directory: Path, held: int) -> bool:
    """Whether the directory is still the one that was locked: it may have been removed and made anew meanwhile."""
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(directory.stat(), os.fstat(held))
    return False

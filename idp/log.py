"""The log of a stack's commands. A disk that is full must not end a command that changes AWS: it stops the log."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

LOG = "engine.log"


@dataclass(kw_only=True)
class Log:
    """Takes lines for ``file``; without one, and after an error that ``report`` was told of, it drops them."""

    file: TextIO | None
    report: Callable[[str], None]

    def write(self, line: str) -> None:
        if self.file is None:
            return
        try:
            self.file.write(line)
        except OSError as error:
            self._stop(error)

    def close(self) -> None:
        if self.file is not None:
            try:
                self.file.close()
            except OSError as error:
                self._stop(error)

    def _stop(self, error: OSError) -> None:
        assert self.file is not None
        self.report(f"  {self.file.name}: {error.strerror}; the command goes on without its log")
        # What is still in the buffer would be tried again.
        with contextlib.suppress(OSError):
            self.file.close()
        self.file = None


@contextlib.contextmanager
def logging(directory: Path, report: Callable[[str], None]) -> Iterator[Log]:
    """The log of ``directory``, opened for its owner only: names of an account are nobody else's."""
    log = Log(file=None, report=report)
    try:
        log.file = open(directory / LOG, "a", encoding="utf-8", opener=_private)  # noqa: SIM115
    except OSError as error:
        report(f"  {directory / LOG}: {error.strerror}; the command runs without its log")
    try:
        yield log
    finally:
        log.close()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

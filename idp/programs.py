"""Other programs, run for what they print."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tools.programs import find

_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?")
SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Printed:
    """``code`` is the exit code, None where there is no such program that may be run."""

    code: int | None
    out: str = ""
    err: str = ""

    @property
    def version(self) -> tuple[int, ...]:
        """The first version in what was printed; empty without one. AWS CLI 1 prints it to the other stream."""
        found = _VERSION.search(self.out) or _VERSION.search(self.err)
        return tuple(int(part or 0) for part in found.groups()) if found else ()


class Run(Protocol):
    """Run a command to its end with ``given`` as its input and ``environment`` beside the caller's."""

    def __call__(
        self, command: Sequence[str], given: str = "", environment: Mapping[str, str] | None = None
    ) -> Printed: ...


def run(command: Sequence[str], given: str = "", environment: Mapping[str, str] | None = None) -> Printed:
    """``Run`` for real. A command that takes too long counts as one that failed."""
    try:
        done = subprocess.run(
            command,
            input=given,
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
    except (FileNotFoundError, PermissionError):
        return Printed(code=None)
    except subprocess.TimeoutExpired:
        return Printed(code=124, err=f"{command[0]} gave no answer within {SECONDS} s")
    return Printed(code=done.returncode, out=done.stdout, err=done.stderr)


def dotted(version: Sequence[int]) -> str:
    return ".".join(str(part) for part in version)


def located(name: str) -> str:
    """The program ``name`` of a version that will do, on PATH or built by `make tools`; else the bare name."""
    return str(find(name) or name)

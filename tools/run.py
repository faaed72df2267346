"""Run a build step, and say how it failed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class BuildError(Exception):
    """A tool can't be built; the message says what to install instead."""


def run(command: Sequence[str | Path], *, cwd: Path, environment: Mapping[str, str] | None = None) -> str:
    """Standard output of a command. Raises BuildError with the last lines it printed when it fails."""
    finished = subprocess.run(
        command, cwd=cwd, env=os.environ | (environment or {}), capture_output=True, text=True, check=False
    )
    if finished.returncode:
        tail = "\n".join((finished.stdout + finished.stderr).splitlines()[-15:])
        raise BuildError(f"{Path(command[0]).name} {command[1]} failed:\n{tail}")
    return finished.stdout


def can_install_debian() -> bool:
    """Whether this is Debian, or like it, and the user is root."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install_debian(packages: Sequence[str]) -> None:
    """Install packages of the distribution. Raises BuildError where this isn't Debian or the user isn't root."""
    if not can_install_debian():
        raise BuildError(f"needs {', '.join(packages)}: install it by the system's own package manager")
    run(["apt-get", "update"], cwd=Path.cwd())
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "install", "-y", "--no-install-recommends", *packages], cwd=Path.cwd(), environment=quiet)

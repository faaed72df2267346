"""A Python program with packages of its own: what a lock pins, in an environment apart from ``.venv``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tools.run import run

# The environment is found from where the script lies, so that .tools may be moved or copied.
_SCRIPT = '#!/bin/sh\nexec "$(dirname "$0")/{python}" -m {module} "$@"\n'


def make(lock: Path, home: Path) -> Path:
    """Make ``home`` an environment of the packages in ``lock``, hashes checked, and return its interpreter.

    Raises BuildError with uv's last words.
    """
    uv = Path(sys.executable).with_name("uv")
    shutil.rmtree(home, ignore_errors=True)
    run([uv, "venv", "--quiet", "--python", sys.executable, home], cwd=lock.parent)
    python = home / "bin" / "python"
    run([uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", lock], cwd=lock.parent)
    return python


def install(lock: Path, home: Path, module: str, output: Path) -> None:
    """Make ``home`` an environment of the packages in ``lock``; ``output`` runs ``module`` there.

    ``home`` must lie beside the directory of ``output``. Raises BuildError with uv's last words.
    """
    python = make(lock, home)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(_SCRIPT.format(python=Path("..") / python.relative_to(home.parent), module=module))
    output.chmod(0o755)

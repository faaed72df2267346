"""What the image holds of this repository, laid out as its recipe says, and commands of its server run from there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent.parent
RECIPE = ROOT / "images" / "atlantis" / "Containerfile"
_COPY = re.compile(r"^COPY ([a-z_/]+)/ \1/$", re.MULTILINE)
# What a server has in its environment and no code of a pull request may see.
SECRETS = {"AWS_SECRET_ACCESS_KEY": "hunter2-aws", "ATLANTIS_GH_TOKEN": "hunter2-github"}


def directories() -> list[str]:
    """The directories of the repository that the recipe copies."""
    return _COPY.findall(RECIPE.read_text(encoding="utf-8"))


def lay_out(home: Path) -> Path:
    for name in directories():
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    return home


def run(
    command: str, home: Path, directory: Path, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command of repos.yaml as Atlantis does: by sh, in a directory of the clone, in the server's environment."""
    environment = {
        **SECRETS,
        "PATH": f"{ROOT / '.tools' / 'bin'}:{os.environ['PATH']}",
        "HOME": str(home),
        "IDP_PYTHON": sys.executable,
        "DIR": str(directory),
        "WORKSPACE": "default",
        **(variables or {}),
    }
    text = command.replace("/opt/idp", str(home))
    return subprocess.run(
        ["sh", "-c", text], cwd=directory, env=environment, capture_output=True, text=True, check=False, timeout=300
    )

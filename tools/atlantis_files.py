"""The files of Atlantis for the shipped deployments: ``atlantis.yaml``, and what the server reads of ``atlantis/``.

python -m tools.atlantis_files --write | --check. The stacks are those of the reviewed JSON, ``tests/golden/``, which
costs no synth: write that first (`make golden`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from config.generated import ROOT, command
from config.loader import load_unlocked
from idp.atlantis import server
from idp.atlantis.projects import PLACE, repository_file
from tools.reviewed import reviewed

REPOSITORY_FILE = ROOT / "atlantis.yaml"
SERVER = ROOT / "atlantis"


def texts() -> Mapping[Path, str]:
    """Path → text of each file."""
    deployments = [deployment for _, deployment in load_unlocked(ROOT / "cdktf.json")]
    return {
        REPOSITORY_FILE: repository_file(reviewed({deployment.id for deployment in deployments})),
        SERVER / "repos.yaml": server.repos(deployments, hook=ignored(ROOT / ".gitignore")),
        SERVER / "server.yaml": server.flags(deployments),
        SERVER / "aws-config": server.profiles(deployments),
    }


def ignored(file: Path) -> bool:
    """Whether the repository leaves the output out: then the server's hook makes it."""
    return f"{PLACE}/" in file.read_text(encoding="utf-8").splitlines()


def main() -> int:
    SERVER.mkdir(exist_ok=True)
    return max(command(path, text) for path, text in texts().items())


if __name__ == "__main__":
    sys.exit(main())

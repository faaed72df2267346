"""Steps of workflow templates, run as a pod would run them: by sh, with directories for volumes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tools.workflow_files import DIRECTORY, File, load, scripts
from tools.workflow_templates import shipped_settings

FILES = load(DIRECTORY, shipped_settings())
DIGEST, OTHER = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


def source(name: str) -> str:
    file: File = FILES[name]
    ((_, text),) = scripts(file)
    return text


class Step:
    """A step's script in a directory that stands for its volumes, with ``programs`` instead of those of the image."""

    def __init__(self, directory: Path, text: str) -> None:
        self.directory = directory
        for name in ("work", "credentials", "home", "bin", "builder"):
            (directory / name).mkdir(exist_ok=True)
        self.text = text.replace("/work/", f"{directory}/work/").replace("/credentials/", f"{directory}/credentials/")

    def program(self, name: str, text: str) -> None:
        path = self.directory / "bin" / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, **given: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.directory}/bin:{os.environ['PATH']}",
            "HOME": f"{self.directory}/home",
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        return subprocess.run(
            ["sh", "-c", self.text], env=environment | given, capture_output=True, text=True, timeout=60, check=False
        )


def git(where: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Octocat", "-c", "user.email=octocat@example.com"]
    finished = subprocess.run(["git", *who, *arguments], cwd=where, capture_output=True, text=True, check=True)
    return finished.stdout.strip()


def instead(step: Step, origin: Path) -> None:
    """GitHub is the local repository."""
    url = f'[url "file://{origin.parent.parent}/"]\n\tinsteadOf = https://github.com/\n'
    (step.directory / "home" / ".gitconfig").write_text(url, encoding="utf-8")


def said(tmp_path: Path, name: str) -> str:
    return (tmp_path / "work" / name).read_text(encoding="utf-8").strip()

"""Every lock of Python packages, and how each is made: ``python -m tools.locks --check|--write|--upgrade``.

``--write`` keeps the versions that still fit what is asked for, ``--upgrade`` takes the newest; ``--check`` needs no
network and says where a lock doesn't hold what is asked for. Locks carry hashes and no address of a registry.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config.versions import TERRAIN, TOOLS
from tools.programs import ROOT

QUIET = ("--quiet", "--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--python-version=3.11")
_PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>\S+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Lock:
    """A lock file, relative to the repository, what it is made from, and for which platforms."""

    path: str
    source: str | None = None
    asked: tuple[str, ...] = ()
    extra: str | None = None
    linux: bool = False

    def requirements(self) -> list[Requirement]:
        """What is asked for by name."""
        lines = list(self.asked)
        if self.source == "pyproject.toml":
            project = tomllib.loads((ROOT / self.source).read_text(encoding="utf-8"))["project"]
            lines += project["dependencies"] + (project["optional-dependencies"][self.extra] if self.extra else [])
        elif self.source:
            lines += (ROOT / self.source).read_text(encoding="utf-8").split()
        return [Requirement(line) for line in lines]

    def command(self, *, upgrade: bool) -> list[str]:
        """The command that writes it, in its own directory: a lock names no path."""
        path = Path(self.path)
        command = [str(ROOT / ".venv" / "bin" / "uv"), "pip", "compile", *QUIET]
        command += ["--python-platform=linux"] if self.linux else ["--universal"]
        command += [f"--extra={self.extra}"] if self.extra else []
        command += ["--upgrade"] if upgrade else []
        return [*command, f"--output-file={path.name}", Path(self.source).name if self.source else "-"]


def _with_terrain() -> tuple[str, ...]:
    """What the project asks for, CDK Terrain in the place of its engine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = [line for line in project["dependencies"] if not line.startswith("cdktf")]
    return (*ours, *(f"{name}=={version}" for name, version in TERRAIN.items()))


LOCKS = (
    Lock(path="requirements.lock", source="pyproject.toml"),
    Lock(path="requirements-dev.lock", source="pyproject.toml", extra="dev"),
    Lock(path="requirements-uv.lock", asked=("uv",)),
    Lock(path="requirements-checkov.lock", asked=(f"checkov=={TOOLS['checkov']}",)),
    Lock(path="requirements-trestle.lock", asked=(f"compliance-trestle=={TOOLS['trestle']}",)),
    Lock(path="requirements-terrain.lock", asked=_with_terrain()),
    *(
        Lock(path=f"images/{image}/requirements.lock", source=f"images/{image}/requirements.in", linux=True)
        for image in ("atlantis", "database-bootstrap", "techdocs-builder")
    ),
)


def problems(lock: Lock) -> Iterator[str]:
    """One line for each package that is asked for and that the lock lacks, or has in a version that isn't admitted."""
    text = (ROOT / lock.path).read_text(encoding="utf-8")
    pinned = {canonicalize_name(match["name"]): match["version"] for match in _PIN.finditer(text)}
    for requirement in lock.requirements():
        version = pinned.get(canonicalize_name(requirement.name))
        if version is None:
            yield f"{lock.path}: {requirement} is asked for and isn't there"
        elif version not in requirement.specifier:
            yield f"{lock.path}: {requirement} is asked for, it holds {version}"


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = [line for lock in LOCKS for line in problems(lock)]
        print("\n".join([*found, "run `make relock`"] if found else ["locks: hold what is asked for"]))
        return 1 if found else 0
    if arguments not in (["--write"], ["--upgrade"]):
        print(__doc__, file=sys.stderr)
        return 2
    for lock in LOCKS:
        given = "\n".join(lock.asked)
        directory = (ROOT / lock.path).parent
        command = lock.command(upgrade=arguments == ["--upgrade"])
        if subprocess.run(command, cwd=directory, input=given, text=True, check=False).returncode:
            print(f"{lock.path}: failed, see above", file=sys.stderr)
            return 1
        print(f"locks: {lock.path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

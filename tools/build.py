"""Make the real tools available: those on PATH are used as they are, missing ones are built once into ``.tools/``.

``python -m tools.build`` prints one line for each tool; with names after it, only those programs of
``tools/programs.py`` are made. Built tools are cached by version: a stamp beside each says
what it was built from, and a new version in ``config/versions.py`` builds again.
"""

from __future__ import annotations

import functools
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools import browser, postgresql, versions
from tools.npm import install
from tools.programs import BIN, PROGRAMS, ROOT, TOOLS, find
from tools.run import BuildError, can_install_debian, install_debian

# Seconds between the attempts at one tool.
PAUSES = (5.0, 30.0)

CDKTF = TOOLS / "cdktf-cli" / "node_modules" / ".bin" / "cdktf"


def tofu() -> Path | None:
    """OpenTofu: on PATH when new enough, else the one built here, else None."""
    return find("tofu")


def cdktf() -> Path | None:
    """The engine's command line as installed here, else None."""
    return CDKTF if CDKTF.exists() else None


@functools.cache
def program(name: str) -> Path:
    """A program of ``tools/programs.py``. Raises BuildError where it is neither on PATH nor built."""
    found = find(name)
    if found is None:
        raise BuildError(f"{name} is not built; run `make tools`")
    return found


def main(names: Sequence[str] = ()) -> int:
    """Make the programs called ``names`` available, without names every tool. Returns the exit code."""
    unknown = sorted(set(names) - set(PROGRAMS))
    if unknown:
        print(f"tools: no program {', '.join(unknown)}; there are {', '.join(PROGRAMS)}", file=sys.stderr)
        return 2
    if names:
        return 1 if sum(_program(name) for name in PROGRAMS if name in names) else 0
    failed = _provide("cdktf-cli", versions.CDKTF_CLI, cdktf(), _install_cdktf)
    failed += _provide("postgresql", versions.POSTGRESQL, postgresql.built(), postgresql.build)
    failed += sum(_program(name) for name in PROGRAMS)
    _offer_browser()
    return 1 if failed else 0


def _program(name: str) -> int:
    wanted = PROGRAMS[name]
    return _provide(name, wanted.version, find(name), functools.partial(wanted.build, BIN / name))


def _provide(name: str, version: str, found: Path | None, build: Callable[[], None]) -> int:
    """Build what is missing or old; 1 when that fails, else 0."""
    stamp = TOOLS / f"{name}.version"
    ours = found is not None and found.is_relative_to(TOOLS)
    if found is not None and (not ours or (stamp.exists() and stamp.read_text().strip() == version)):
        print(f"tools: {name}: {'built ' + version if ours else 'from PATH'}", flush=True)
        return 0
    print(f"tools: {name} {version}: building, once ...", flush=True)
    started = time.monotonic()
    try:
        _with_patience(name, build)
    except BuildError as error:
        print(f"tools: {name} {version}: FAILED: {error}", flush=True)
        return 1
    stamp.write_text(version + "\n")
    print(f"tools: {name} {version}: built in {time.monotonic() - started:.0f} s", flush=True)
    return 0


def _offer_browser() -> None:
    """Who has none and can't get Debian's does without: the test of one page is skipped then, and says so."""
    if browser.find() or can_install_debian():
        _provide("browser", "of Debian", browser.find(), browser.install)
    else:
        print(f"tools: browser: none; {browser.NEEDED}", flush=True)


def _with_patience(name: str, build: Callable[[], None]) -> None:
    """Build, and again after a pause when that fails: all sources come over a network, and what came is kept."""
    for pause in PAUSES:
        try:
            return build()
        except BuildError as error:
            print(f"tools: {name}: failed, again in {pause:.0f} s: {str(error).splitlines()[-1]}", flush=True)
        time.sleep(pause)
    return build()


def _install_cdktf() -> None:
    # The pseudo-terminal module is compiled: it has no prebuilt binary for this Node.
    if not any(shutil.which(compiler) for compiler in ("c++", "g++", "clang++")):
        install_debian(["g++"])
    install(ROOT / "tools" / "cdktf-cli", TOOLS / "cdktf-cli", rebuild=["@cdktf/node-pty-prebuilt-multiarch"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

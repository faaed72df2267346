"""Build programs from their published Go modules.

`go install` refuses a module that has a replace directive. Two ways around it: build in the module's own directory,
which honours its go.mod and go.sum (OpenTofu), or in a small module of our own that repeats the directives, where they
name folders that the published module does not hold (Kubernetes, etcd: each folder is published as a module too).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.go_modules import Published, recorded
from tools.run import BuildError, run


def module_directory(module: Published, cwd: Path) -> Path:
    """Where the sources of ``module`` are, after a download. Raises BuildError where they aren't the recorded ones."""
    return Path(_verified(module, cwd)["Dir"])


def checksum(module: Published, cwd: Path) -> str:
    """What the module proxy's ``module`` has for a checksum now: ``h1:`` and base64."""
    return _download(module, cwd)["Sum"]


def build(
    directory: Path,
    package: str,
    output: Path,
    variables: Mapping[str, str] | None = None,
    *,
    mod: str = "readonly",
    tags: Sequence[str] = (),
) -> None:
    """Build ``package`` as seen from the module in ``directory``; ``variables`` are set at link time, ``tags`` choose
    what the program holds."""
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_name(f".{output.name}.partial")
    # -s -w leaves out debug tables: a third of the size of programs that nobody here debugs.
    flags = " ".join(["-s -w", *(f"-X {name}={value}" for name, value in (variables or {}).items())])
    command: list[str | Path] = [_go(), "build", "-trimpath", f"-mod={mod}", "-ldflags", flags]
    command += [f"-tags={','.join(tags)}", "-o", partial, package]
    run(command, cwd=directory)
    partial.replace(output)


def build_published(
    home: Path,
    module: Published,
    package: str,
    output: Path,
    variables: Mapping[str, str],
    *,
    tags: Sequence[str] = (),
) -> None:
    """Build ``package`` of a published module through a module of our own, written to ``home``."""
    home.mkdir(parents=True, exist_ok=True)
    downloaded = _verified(module, home)
    theirs = json.loads(run([_go(), "mod", "edit", "-json", downloaded["GoMod"]], cwd=home))
    (home / "go.mod").write_text(go_mod(theirs, module), encoding="utf-8")
    # What the module itself was built and tested with; Go adds the module, and its folders, by its checksum database.
    sums = Path(downloaded["Dir"]) / "go.sum"
    (home / "go.sum").write_text(sums.read_text(encoding="utf-8") if sums.exists() else "", encoding="utf-8")
    build(home, package, output, variables, mod="mod", tags=tags)


def go_mod(theirs: Mapping[str, Any], module: Published) -> str:
    required = {entry["Path"] for entry in theirs["Require"]}
    lines = ["module idp/tools", f"go {theirs['Go']}"]
    # A program takes its compatibility switches from the main module, which is ours here.
    lines += [f"godebug {entry['Key']}={entry['Value']}" for entry in theirs.get("Godebug") or []]
    lines.append(f"require {module.path} v{module.version}")
    for entry in theirs.get("Replace") or []:
        path = entry["Old"]["Path"]
        if entry["New"]["Path"].startswith(".") and path in required:
            lines.append(f"replace {path} => {path} v{module.folders or module.version}")
    return "\n".join(lines) + "\n"


def _verified(module: Published, cwd: Path) -> dict[str, str]:
    found = _download(module, cwd)
    wanted = recorded().get(str(module))
    if found["Sum"] != wanted:
        raise BuildError(f"{module}: its checksum is {found['Sum']}, and tools/go.sum says {wanted or 'nothing of it'}")
    return found


def _download(module: Published, cwd: Path) -> dict[str, str]:
    command = [_go(), "mod", "download", "-json", f"{module.path}@v{module.version}"]
    found: dict[str, str] = json.loads(run(command, cwd=cwd))
    return found


def _go() -> str:
    go = shutil.which("go")
    if go is None:
        raise BuildError("needs Go to build; install Go, or put the program on PATH")
    return go

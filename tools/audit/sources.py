"""Who knows vulnerabilities: pip-audit for Python's locks, npm for its own, govulncheck for what Go built.

Each answers for one place, or says that it couldn't be asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.audit.findings import Audit, Finding
from tools.locks import LOCKS
from tools.npm import command as npm
from tools.programs import BIN, ROOT, find
from tools.run import BuildError
from tools.sbom.packages import npm_locks

TIMEOUT_SECONDS = 300
# Built of Go, here; those on PATH are their maker's.
_PYTHON_PROGRAMS = {"checkov", "trestle"}


class Unasked(Exception):
    """A source gave no answer; the message says why."""


def python(audit: Audit, root: Path = ROOT) -> None:
    """Ask for every lock of Python packages. PIP_AUDIT_OSV_URL names another server of OSV."""
    for lock in LOCKS:
        _ask(audit, lock.path, lambda path=lock.path: _pip_audit(root, path))


def javascript(audit: Audit, root: Path = ROOT) -> None:
    """Ask for every lock of npm packages."""
    for lock in map(str, npm_locks(root)):
        _ask(audit, lock, lambda path=lock: _npm_audit(root, path))


def go(audit: Audit, programs: Path = BIN) -> None:
    """Ask for every program in ``programs`` that Go built."""
    built = (
        sorted(path for path in programs.glob("*") if path.name not in _PYTHON_PROGRAMS) if programs.exists() else []
    )
    if not built:
        audit.unasked["programs of Go"] = "none is built; run `make tools`"
    for path in built:
        _ask(audit, f".tools/bin/{path.name}", lambda path=path: _govulncheck(path))


def _ask(audit: Audit, place: str, question: Any) -> None:
    try:
        found = list(question())
    except (Unasked, BuildError) as error:
        audit.unasked[place] = str(error)
    else:
        audit.asked.append(place)
        audit.findings += found


def _pip_audit(root: Path, lock: str) -> Iterator[Finding]:
    # Locks name all packages with hashes: nothing is resolved, and nothing of theirs is run.
    options = [
        "--disable-pip",
        "--require-hashes",
        "--strict",
        "--format=json",
        "--progress-spinner=off",
        "--aliases=on",
    ]
    osv = os.environ.get("PIP_AUDIT_OSV_URL")
    options += [f"--osv-url={osv}"] if osv else []
    found = _json([sys.executable, "-m", "pip_audit", *options, "--vulnerability-service=osv", "-r", lock], root)
    skipped = [f"{each['name']}: {each['skip_reason']}" for each in found["dependencies"] if "skip_reason" in each]
    if skipped or not found["dependencies"]:
        raise Unasked("; ".join(skipped) or "pip-audit read no package")
    for package in found["dependencies"]:
        for each in package["vulns"]:
            yield Finding(
                place=lock,
                package=package["name"],
                version=package["version"],
                names=tuple(sorted({each["id"], *each["aliases"]})),
                fixed=next(iter(each["fix_versions"]), ""),
            )


def _npm_audit(root: Path, lock: str) -> Iterator[Finding]:
    where = (root / lock).parent
    found = _json([*npm(), "audit", "--json", "--package-lock-only"], where)
    if "vulnerabilities" not in found:
        raise Unasked(str(found.get("message", "npm audit answered without vulnerabilities")))
    versions = json.loads((root / lock).read_text(encoding="utf-8"))["packages"]
    for name, each in found["vulnerabilities"].items():
        # What isn't an object is the name of a package that brings it, which has an entry of its own.
        for advisory in (via for via in each["via"] if isinstance(via, dict)):
            for node in each["nodes"]:
                yield Finding(
                    place=lock,
                    package=name,
                    version=versions[node]["version"],
                    names=(advisory["url"].rpartition("/")[2],),
                )


def _govulncheck(program: Path) -> Iterator[Finding]:
    checker = find("govulncheck")
    if checker is None:
        raise Unasked("govulncheck isn't built; run `make tools`")
    database = os.environ.get("GOVULNDB")
    command = [str(checker), *([f"-db={database}"] if database else []), "-format=json", "-mode=binary", str(program)]
    names: dict[str, tuple[str, ...]] = {}
    found: dict[tuple[str, str], Finding] = {}
    # With JSON it ends with 0 also where it finds something; before it fails it prints half of an answer.
    for message in _messages(_run(command, program.parent, accept=(0,))):
        if "osv" in message:
            osv = message["osv"]
            names[osv["id"]] = tuple(sorted({osv["id"], *osv.get("aliases", ())}))
        elif "finding" in message:
            finding = message["finding"]
            module = finding["trace"][0]
            found[finding["osv"], module["module"]] = Finding(
                place=f".tools/bin/{program.name}",
                package=module["module"],
                version=module.get("version", ""),
                names=names.get(finding["osv"], (finding["osv"],)),
                fixed=finding.get("fixed_version", ""),
            )
    yield from found.values()


def _messages(text: str) -> Iterator[Mapping[str, Any]]:
    """JSON objects, one after the other."""
    decoder, place = json.JSONDecoder(), 0
    while place < len(text):
        message, place = decoder.raw_decode(text, place)
        yield message
        place += len(text[place:]) - len(text[place:].lstrip())


def _json(command: Sequence[str], where: Path) -> dict[str, Any]:
    text = _run(command, where)
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        raise Unasked(f"{Path(command[0]).name} answered with something else than JSON") from None
    return found


def _run(command: Sequence[str], where: Path, accept: tuple[int, ...] = (0, 1)) -> str:
    """Standard output. Auditors end with 1 where they find something, and where they fail, then without any.

    Any exit code that isn't in ``accept`` is no answer, whatever was printed before.
    """
    try:
        finished = subprocess.run(
            command, cwd=where, capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise Unasked(f"no answer in {TIMEOUT_SECONDS} s") from None
    if finished.returncode not in accept or not finished.stdout.strip():
        said = [line for line in finished.stderr.splitlines() if line.strip()]
        raise Unasked(said[-1].strip() if said else f"exit code {finished.returncode} without a word")
    return finished.stdout

"""Keep a release for the upgrades of later ones: ``python -m tools.release_snapshot 0.1.0``.

Applies the shipped deployments to a local AWS server (``--sandbox DIR``: takes one that `make sandbox` has applied)
and writes their JSON and states to ``tests/upgrades/v<version>/``, to be committed before the tag is set.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from idp.engine import find_engine, terminate_as_interrupt
from idp.errors import OperationError
from idp.output import read_output
from idp.workspace import identities
from sandbox import process
from sandbox.cycle import Sandbox, up
from sandbox.mirror import PROVIDER
from tools.golden import GOLDEN, ROOT
from tools.snapshot import KEPT, Snapshot, cleaned, secrets, versions, write


def keep(version: str, applied: Path | None) -> Path:
    """Write the snapshot of ``version``. ``applied`` is a sandbox's directory. Returns where it is.

    Raises OperationError where the version isn't pyproject's or is kept already, the JSON isn't the golden one, the
    sandbox isn't applied to its end, or a state holds a secret.
    """
    target = KEPT / f"v{version}"
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if version != stated:
        raise OperationError(f"{version} isn't the version of pyproject.toml, {stated}", remedy="correct one of them")
    if target.name in versions():
        raise OperationError(f"{target} is there", remedy="a kept release isn't changed; raise the version")
    if applied is not None:
        write(target, _taken(_sandbox(applied), version))
        return target
    with tempfile.TemporaryDirectory() as scratch:
        sandbox = _sandbox(Path(scratch))
        try:
            up(sandbox)
            write(target, _taken(sandbox, version))
        finally:
            process.stop(sandbox.directory)
    return target


def _sandbox(directory: Path) -> Sandbox:
    return Sandbox(directory=directory, program=find_engine(None), config=ROOT / "cdktf.json")


def _taken(sandbox: Sandbox, version: str) -> Snapshot:
    documents = {stack.name: stack.document for stack in read_output(sandbox.synthesized)}
    golden = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in GOLDEN.glob("*/*.json")}
    if documents != golden:
        raise OperationError("the sandbox's JSON isn't that of tests/golden", remedy="`make sandbox`, then again")
    states: dict[str, Mapping[str, Any]] = {}
    for deployment in sandbox.deployments():
        operation = sandbox.operation(deployment)
        for stack in operation.stacks:
            pulled = operation.engine.run(operation.workspace.directory(stack), "state", "pull").text
            state = cleaned(json.loads(pulled)) if pulled.strip() else {}
            if state:
                states[stack.name] = state
            if {address for address, _ in identities(state)} != dict(stack.resources()).keys():
                raise OperationError(f"{stack.name} isn't applied as it is", remedy="`make sandbox` to its end")
    _refuse_secrets(states)
    return Snapshot(about=_about(sandbox, version, states), documents=documents, states=states)


def _refuse_secrets(states: Mapping[str, Mapping[str, Any]]) -> None:
    found = [f"{stack}/{place}" for stack, state in states.items() for place in secrets(state)]
    for stack, state in states.items():
        found += [
            f"{stack}: a path of this machine" for path in (ROOT, Path.home()) if f'"{path}/' in json.dumps(state)
        ]
    if found:
        raise OperationError("states hold what isn't kept:\n  " + "\n  ".join(found), remedy="nothing was written")


def _about(sandbox: Sandbox, version: str, states: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    engine = next(iter(states.values()))["terraform_version"]
    return {
        "version": version,
        "engine": f"{sandbox.program.name} {engine}",
        "provider": f"{PROVIDER['source']} {PROVIDER['version']}",
        "deployments": {each.id: {"kubernetes": each.eks.version} for each in sandbox.deployments()},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", help="that of pyproject.toml")
    parser.add_argument("--sandbox", type=Path, metavar="DIR", help="an applied sandbox; else one is made and removed")
    arguments = parser.parse_args()
    terminate_as_interrupt()
    try:
        target = keep(arguments.version, arguments.sandbox)
    except OperationError as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in target.iterdir())
    print(f"{target.relative_to(ROOT)}: {size // 1024} KiB; commit it, then tag v{arguments.version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

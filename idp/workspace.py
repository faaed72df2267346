"""Working copies of stacks: where the engine keeps its data, a local state, and the overrides of one operation.

The output directory stays what the synth wrote: it may be rewritten or removed at any time, and a local state must
outlive that. The engine run by hand in the output directory works as well, since the state is remote.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from idp.output import Stack

# States in a working copy. Neither has the engine's default name: a file called terraform.tfstate makes every init ask
# whether to move it. The first is a bootstrap's before it is in its bucket, the second a teardown's after it left it.
LOCAL_STATE = "local.tfstate"
TEARDOWN_STATE = "teardown.tfstate"
# Where the engine leaves a state that it can't store in its bucket.
ERRORED_STATE = "errored.tfstate"
# Import blocks of what a killed apply made; they stay until an apply has taken it over.
RECOVERED = "recovered.tf.json"
# Says with which JSON the copy was last initialized.
STAMP = Path(".terraform") / "initialized"
# What the engine, or an operation, leaves in a working copy: kept when the copy is made anew.
STATES = ("*.tfstate", "*.tfstate.backup", "*.tfstate.moved")
KEPT = (".terraform", ".terraform.lock.hcl", "engine.log", *STATES, RECOVERED)


def local_backend(path: str) -> dict[str, Any]:
    """The override that puts the state into file ``path`` of the working copy."""
    return {"terraform": {"backend": {"local": {"path": path}}}}


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """Working copies below ``root``, one directory per stack."""

    root: Path

    def directory(self, stack: Stack) -> Path:
        return self.root / stack.name

    def prepare(self, stack: Stack, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Path:
        """Make the working copy equal to the output, plus ``overrides``: name → content of ``<name>_override.tf.json``.

        Overrides of an earlier operation are gone afterwards.
        """
        directory = self.directory(stack)
        directory.mkdir(parents=True, exist_ok=True)
        for path in directory.iterdir():
            if not any(path.match(pattern) for pattern in KEPT):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        kept = shutil.ignore_patterns(*KEPT)
        shutil.copytree(stack.directory, directory, dirs_exist_ok=True, ignore=kept)
        for name, content in (overrides or {}).items():
            text = json.dumps(content, indent=2, sort_keys=True) + "\n"
            (directory / f"{name}_override.tf.json").write_text(text, encoding="utf-8")
        return directory

    def scratch(self, name: str, document: Mapping[str, Any]) -> Path:
        """A new directory for a root of our own, holding ``document`` only."""
        directory = self.root / name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        (directory / "main.tf.json").write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        return directory

    def is_initialized(self, directory: Path, engine: str) -> bool:
        """Whether the copy was last initialized by ``engine`` with the JSON that it holds now."""
        stamp = directory / STAMP
        return stamp.exists() and stamp.read_text(encoding="utf-8") == _digest(directory, engine)

    def mark_initialized(self, directory: Path, engine: str | None) -> None:
        """Note that ``engine`` initialized the copy as it is now; None notes that it isn't initialized."""
        stamp = directory / STAMP
        if engine is None:
            stamp.unlink(missing_ok=True)
        else:
            stamp.write_text(_digest(directory, engine), encoding="utf-8")

    def local_state(self, stack: Stack, name: str = LOCAL_STATE) -> dict[str, Any] | None:
        """The state in the working copy's file ``name``, where it holds resources."""
        path = self.directory(stack) / name
        return with_resources(path.read_text(encoding="utf-8") if path.exists() else "")

    def put_aside(self, stack: Stack, name: str = LOCAL_STATE) -> None:
        """Keep a local state under another name: it has been moved, or nothing is left in it."""
        path = self.directory(stack) / name
        path.replace(path.with_name(f"{name}.moved"))


def _digest(directory: Path, engine: str) -> str:
    digest = hashlib.sha256(engine.encode())
    # Import blocks need no other provider than the JSON does.
    for path in sorted(set(directory.glob("*.tf.json")) - {directory / RECOVERED}):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def with_resources(text: str) -> dict[str, Any] | None:
    """A state's JSON parsed, or None where it is empty or holds no managed resource."""
    state: dict[str, Any] | None = json.loads(text) if text.strip() else None
    return state if state and identities(state) else None


def attributes(state: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Address → attributes of every managed resource of a state."""
    return {address: instance["attributes"] for address, instance in _instances(state)}


def identities(state: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(address, id) of every managed resource of a state."""
    return {(address, str(instance["attributes"].get("id"))) for address, instance in _instances(state)}


def tainted(state: Mapping[str, Any]) -> set[str]:
    """Addresses of what the engine wants to replace since its making was cut short."""
    return {address for address, instance in _instances(state) if instance.get("status") == "tainted"}


def _instances(state: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for resource in state.get("resources", []):
        if resource["mode"] == "managed":
            for instance in resource["instances"]:
                yield f"{resource['type']}.{resource['name']}", instance

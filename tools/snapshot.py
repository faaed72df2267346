"""A kept release, ``tests/upgrades/v<version>/``: its JSON, and the states that an engine made of it.

``output.json.xz`` is stack → synthesized JSON, ``states.json.xz`` stack → state, ``about.json`` says of which release,
engine and provider, with the digests of both. Tests plan today's JSON on these states.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lib.leaves import leaves
from tools.golden import ROOT

KEPT = ROOT / "tests" / "upgrades"
OUTPUT, STATES, ABOUT = "output.json.xz", "states.json.xz", "about.json"
Documents = Mapping[str, Mapping[str, Any]]

# The local server's port is another one each time.
_SERVER = re.compile(r"http://127\.0\.0\.1:\d+")
_ANY_SERVER = "http://127.0.0.1:4566"
# Attributes that hold a secret's value, whatever the state says of them; those that name a secret don't.
_SECRET_NAMES = re.compile(r"(^|_)(password|secret_string|secret_binary|private_key|secret_access_key|token)$")
# Numbers of a resource's revision, which AWS asks for at the next change (Network Firewall, WAF).
_REVISIONS = frozenset({"update_token", "lock_token"})
_SECRET_VALUES = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(AKIA|ASIA)[A-Z0-9]{16}\b")


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """``about`` holds ``version``, ``engine``, ``provider`` and what else the release says of itself."""

    about: Mapping[str, Any]
    documents: Documents
    states: Documents


def versions(kept: Path = KEPT) -> list[str]:
    """Names of the kept releases, the oldest first: ``v0.1.0``."""
    found = [path.parent.name for path in kept.glob(f"*/{ABOUT}")]
    return sorted(found, key=lambda name: [int(part) for part in name.removeprefix("v").split(".")])


def read(directory: Path) -> Snapshot:
    """The snapshot in ``directory``. Raises ValueError where a file isn't the one that was kept."""
    about = json.loads((directory / ABOUT).read_text(encoding="utf-8"))
    found = {name: lzma.decompress((directory / name).read_bytes()) for name in (OUTPUT, STATES)}
    for name, content in found.items():
        if hashlib.sha256(content).hexdigest() != about["sha256"][name]:
            raise ValueError(f"{directory.name}/{name} isn't what {ABOUT} says")
    return Snapshot(about=about, documents=json.loads(found[OUTPUT]), states=json.loads(found[STATES]))


def write(directory: Path, snapshot: Snapshot) -> int:
    """Write ``snapshot``; the same one gives the same bytes. Returns the bytes of all files."""
    directory.mkdir(parents=True, exist_ok=True)
    digests = {}
    for name, content in ((OUTPUT, snapshot.documents), (STATES, snapshot.states)):
        plain = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        digests[name] = hashlib.sha256(plain).hexdigest()
        (directory / name).write_bytes(lzma.compress(plain, preset=9 | lzma.PRESET_EXTREME))
    about = {**snapshot.about, "sha256": digests}
    (directory / ABOUT).write_text(json.dumps(about, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return sum(path.stat().st_size for path in directory.iterdir())


def cleaned(state: Mapping[str, Any]) -> dict[str, Any]:
    """``state`` without what is of one run of the local server, and without results of checks."""
    text = _SERVER.sub(_ANY_SERVER, json.dumps(state))
    found: dict[str, Any] = json.loads(text)
    return {name: value for name, value in found.items() if name != "check_results"}


def secrets(state: Mapping[str, Any]) -> list[str]:
    """Where ``state`` holds a secret's value: ``<address>: <attribute>``."""
    found = []
    for resource in state.get("resources", []):
        for instance in resource["instances"]:
            attributes = instance["attributes"]
            marked = [path for path in instance.get("sensitive_attributes", []) if _at(attributes, path)]
            named = [path for path, value in leaves(attributes) if _is_secret(path, value)]
            address = f"{resource['type']}.{resource['name']}"
            found += [f"{address}: {'.'.join(str(step['value']) for step in path)}" for path in marked]
            found += [f"{address}: {path}" for path in named]
    return found


def _is_secret(path: str, value: Any) -> bool:
    name = path.rpartition(".")[2]
    named = name not in _REVISIONS and _SECRET_NAMES.search(name)
    return isinstance(value, str) and bool(value) and bool(named or _SECRET_VALUES.search(value))


def _at(attributes: Any, path: list[Mapping[str, Any]]) -> Any:
    """The value at a path of a state: steps of ``get_attr`` and ``index``."""
    for step in path:
        key = step["value"]
        key = key["value"] if isinstance(key, Mapping) else key
        try:
            attributes = attributes[key]
        except (KeyError, IndexError, TypeError):
            return None
    return attributes

"""Configuration cases as files: ``<name>.happy.yaml`` and ``<name>.error.<key path>.yaml`` in cases/.

A case changes the shipped context and says what comes of it. Its keys:

over       the shipped file that is changed: cdktf.json by default, else that of an environment
changes    keys set in the context of the shipped cdktf.json
remove     keys taken out of it
further    file name → changes of a further deployment file, over the shipped context
raw        file name → its whole text, in place of anything else ("hex:" and digits for bytes that are no text)
lock       the identity lock
expect     dotted path in the deployment → value (happy); the last deployment where there are several
problems   every problem, in order: file (cdktf.json by default), key, value, message, remedy
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from config.errors import Problem
from config.loader import SCHEMA_KEY

CASES = Path(__file__).resolve().parent / "cases"
ROOT = CASES.parent.parent.parent
MAIN = "cdktf.json"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One file. ``error_path`` is the part of its name after ``.error.``, empty for a happy case."""

    name: str
    error_path: str
    over: str = MAIN
    changes: Mapping[str, Any] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    further: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
    lock: Mapping[str, Any] | None = None
    expect: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Mapping[str, str], ...] = ()

    def lay_out(self, directory: Path, shipped: Mapping[str, Any]) -> Path:
        """Write the case's files into ``directory``; returns the path of its cdktf.json."""
        context = self._changed(shipped if self.over == MAIN else _shipped(self.over), self.changes)
        if self.further:
            context["deployments"] = list(self.further)
        documents = {MAIN: {"app": "none", "context": context}} | {
            name: self._changed(shipped, changes) for name, changes in self.further.items()
        }
        if self.lock is not None:
            documents["deployments.lock.json"] = dict(self.lock)
        for name, document in documents.items():
            _write(directory / name, json.dumps(document).encode())
        for name, text in self.raw.items():
            _write(directory / name, bytes.fromhex(text[4:]) if text.startswith("hex:") else text.encode())
        return directory / MAIN

    def expected(self) -> list[Problem]:
        """The problems that the file lists."""
        return [Problem(**{"file": MAIN, "value": ""} | dict(problem)) for problem in self.problems]

    def _changed(self, shipped: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
        kept = {key: value for key, value in shipped.items() if key not in self.remove and key != "deployments"}
        return kept | dict(changes)


def read(path: Path) -> Case:
    name, _, kind = path.name.removesuffix(".yaml").partition(".")
    document = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) or {}
    lists = {key: tuple(document.pop(key)) for key in ("remove", "problems") if key in document}
    return Case(name=name, error_path=kind.removeprefix("error.") if kind != "happy" else "", **lists, **document)


def paths(kind: str) -> list[Path]:
    """Files of all cases of ``kind``: happy or error."""
    return sorted(path for path in CASES.glob("*.yaml") if path.name.split(".")[1] == kind)


def file_path(key: str) -> str:
    """``key`` as a case's file name spells it: ``deployment:teams[1].name`` is ``deployment.teams.1.name``."""
    return key.replace(":", ".").replace("[", ".").replace("]", "").replace("(file)", "file")


def _shipped(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((ROOT / name).read_text(encoding="utf-8"))
    return {key: value for key, value in found.items() if key != SCHEMA_KEY}


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)

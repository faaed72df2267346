"""The reviewed list of what isn't applied here, and the synthesized output without it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

LIST = Path(__file__).resolve().parent / "unapplied.yaml"


@dataclass(frozen=True, kw_only=True)
class Unapplied:
    """Provider → reason, and resource type → reason."""

    providers: Mapping[str, str]
    types: Mapping[str, str]

    @classmethod
    def listed(cls) -> Unapplied:
        """What sandbox/unapplied.yaml says."""
        found = YAML(typ="safe").load(LIST.read_text(encoding="utf-8"))
        return cls(providers=found["providers"], types=found["types"])

    def provider_left_out(self, kind: str) -> bool:
        return kind.partition("_")[0] in self.providers

    def left_out(self, kind: str) -> bool:
        """Whether resources of type ``kind`` aren't applied."""
        return kind in self.types or self.provider_left_out(kind)

    def without(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """``document`` without the listed providers and types, and without what refers to their resources."""
        gone = {
            f"{kind}.{name}"
            for kind, named in document.get("resource", {}).items()
            for name in named
            if self.left_out(kind)
        }
        kept = dict(document)
        kept["resource"] = {
            kind: {name: _independent(arguments, gone) for name, arguments in named.items()}
            for kind, named in document.get("resource", {}).items()
            if not self.left_out(kind)
        }
        kept["data"] = {k: v for k, v in document.get("data", {}).items() if not self.left_out(k)}
        kept["output"] = {k: v for k, v in document.get("output", {}).items() if not _refers(v, gone)}
        kept["provider"] = {k: v for k, v in document["provider"].items() if k not in self.providers}
        required = document["terraform"]["required_providers"]
        needed = {k: v for k, v in required.items() if k not in self.providers}
        kept["terraform"] = {**document["terraform"], "required_providers": needed}
        return {section: content for section, content in kept.items() if content}


def filtered_copy(source: Path, target: Path) -> None:
    """Make ``target`` a copy of the synthesized output at ``source``, without what the list names.

    Stacks that hold nothing of the list are the same, byte for byte.
    """
    listed = Unapplied.listed()
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    for path in target.glob("stacks/*/cdk.tf.json"):
        document = json.loads(path.read_text(encoding="utf-8"))
        if set(map(listed.left_out, document.get("resource", {}))) != {False}:
            path.write_text(json.dumps(listed.without(document), indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _independent(arguments: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    """``arguments`` without dependencies on what is gone."""
    if "depends_on" not in arguments:
        return dict(arguments)
    kept = [address for address in arguments["depends_on"] if address not in gone]
    rest = {name: value for name, value in arguments.items() if name != "depends_on"}
    return {**rest, "depends_on": kept} if kept else rest


def _refers(value: Any, gone: set[str]) -> bool:
    text = json.dumps(value)
    return any(f"{address}." in text for address in gone)

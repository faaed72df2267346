"""A small helper over the synthesized JSON: tests read what a reviewer reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


@dataclass(frozen=True)
class StackJson:
    """One stack's ``cdk.tf.json``."""

    name: str
    document: Mapping[str, Any]

    def resource(self, address: str) -> Mapping[str, Any]:
        """Arguments of ``aws_vpc.vpc`` or ``data.aws_iam_policy_document.x``. Raises KeyError where there is none."""
        parts = address.split(".")
        section = self.document["data"] if parts[0] == "data" else self.document["resource"]
        arguments: Mapping[str, Any] = section[parts[-2]][parts[-1]]
        return arguments

    def of_type(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """Name → arguments of every resource of type ``kind``."""
        found: Mapping[str, Mapping[str, Any]] = self.document.get("resource", {}).get(kind, {})
        return found

    def resources(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for kind, named in self.document.get("resource", {}).items():
            for name, arguments in named.items():
                yield kind, name, arguments

    def statements(self, name: str) -> list[Mapping[str, Any]]:
        """Statements of ``data.aws_iam_policy_document.<name>``."""
        found: list[Mapping[str, Any]] = self.resource(f"data.aws_iam_policy_document.{name}")["statement"]
        return found

    @property
    def outputs(self) -> Mapping[str, Any]:
        return {name: output["value"] for name, output in self.document.get("output", {}).items()}


@dataclass(frozen=True)
class Synth:
    """A whole output directory."""

    directory: Path

    def stack(self, name: str) -> StackJson:
        text = (self.directory / "stacks" / name / "cdk.tf.json").read_text(encoding="utf-8")
        return StackJson(name, json.loads(text))

    def values(self, stack: str, release: str) -> Any:
        """The values file of ``release`` in ``stack``."""
        text = (self.directory / "stacks" / stack / "values" / f"{release}.yaml").read_text(encoding="utf-8")
        return YAML(typ="safe", pure=True).load(text)

    def stacks(self) -> Iterator[StackJson]:
        for path in sorted((self.directory / "stacks").glob("*/cdk.tf.json")):
            yield self.stack(path.parent.name)

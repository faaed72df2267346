"""The Helm releases of synthesized stacks, and our charts rendered as Terraform would have Helm render them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.kubernetes.terraform_values import documents
from tests.synth import StackJson, Synth
from tools import build as tools


class RenderError(Exception):
    """Helm could not render a chart; the message is what it said."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """A ``helm_release`` of a stack. ``chart`` is a directory for a chart of ours, else a name."""

    stack: str
    directory: Path
    name: str
    namespace: str
    chart: str
    local: bool
    values: Mapping[str, Any]

    def render(self, minor: str) -> str:
        """Our chart's manifests as YAML for a Kubernetes minor. Raises RenderError."""
        where = ["--namespace", self.namespace, "--kube-version", f"{minor}.0", "--values", "-"]
        command = [str(tools.program("helm")), "template", self.name, self.chart, *where]
        finished = subprocess.run(
            command,
            cwd=self.directory,
            input=yaml.safe_dump(dict(self.values)),
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode:
            raise RenderError(f"{self.stack}/{self.name}: {finished.stderr}")
        manifests: str = finished.stdout
        return manifests

    def manifests(self, minor: str) -> list[dict[str, Any]]:
        """The same, parsed, each with a namespace where Helm would put it into the release's."""
        return [each for each in yaml.safe_load_all(self.render(minor)) if each]


def releases(synth: Synth) -> Iterator[Release]:
    """Every release of every stack."""
    for stack in synth.stacks():
        yield from releases_of(synth, stack)


def releases_of(synth: Synth, stack: StackJson) -> Iterator[Release]:
    """The releases of a stack."""
    directory = synth.directory / "stacks" / stack.name
    for arguments in stack.of_type("helm_release").values():
        chart = str(arguments["chart"])
        yield Release(
            stack=stack.name,
            directory=directory,
            name=arguments["name"],
            namespace=arguments["namespace"],
            chart=chart,
            local=chart.startswith("./"),
            values=merged(*documents(list(arguments.get("values", [])), directory)),
        )


def release(synth: Synth, stack: str, name: str) -> Release:
    """One release. Raises LookupError where there is none."""
    for found in releases_of(synth, synth.stack(stack)):
        if found.name == name:
            return found
    raise LookupError(f"stack {stack} has no release {name}")


def merged(*values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as Helm merges them: maps key by key, everything else replaced by the later."""
    result: dict[str, Any] = {}
    for each in values:
        for key, value in each.items():
            mine = result.get(key)
            if isinstance(mine, Mapping) and isinstance(value, Mapping):
                result[key] = merged(mine, value)
            else:
                result[key] = value
    return result

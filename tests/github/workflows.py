"""The workflows of .github as data: what tests ask of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job of a workflow file, with what the file says for all of its jobs."""

    workflow: str
    name: str
    triggers: Mapping[str, Any]
    document: Mapping[str, Any]
    node: Mapping[str, Any]

    @property
    def permissions(self) -> Mapping[str, str]:
        """The job's own, else the file's: one that says nothing at all would have the repository's default."""
        found: Mapping[str, str] = self.node.get("permissions", self.document["permissions"])
        return found

    @property
    def steps(self) -> list[Mapping[str, Any]]:
        return list(self.node.get("steps", ()))

    def scripts(self) -> list[str]:
        return [step["run"] for step in self.steps if "run" in step]

    def uses(self) -> list[str]:
        called = [self.node["uses"]] if "uses" in self.node else []
        return called + [step["uses"] for step in self.steps if "uses" in step]

    def action(self, name: str) -> list[Mapping[str, Any]]:
        """The inputs of each step that uses action ``name``."""
        return [step.get("with", {}) for step in self.steps if step.get("uses", "").startswith(f"{name}@")]

    def roles(self) -> list[str]:
        """Which role the job takes: ``planner`` or ``deployer``."""
        given = self.action("aws-actions/configure-aws-credentials")
        return [re.findall(r"\.(\w+) \}\}", inputs["role-to-assume"])[0] for inputs in given]

    def __str__(self) -> str:
        return f"{self.workflow}:{self.name}"


def workflows() -> dict[str, Mapping[str, Any]]:
    """File name without .yml → content. Read as YAML 1.2, where ``on`` is a word."""
    yaml = YAML(typ="safe")
    return {path.stem: yaml.load(path.read_text(encoding="utf-8")) for path in sorted(WORKFLOWS.glob("*.yml"))}


def jobs() -> list[Job]:
    found = []
    for file, document in workflows().items():
        triggers = document["on"] if isinstance(document["on"], Mapping) else dict.fromkeys(document["on"])
        for name, node in document["jobs"].items():
            found.append(Job(workflow=file, name=name, triggers=triggers, document=document, node=node))
    return found


def expressions(text: str) -> Iterator[str]:
    yield from (found.strip() for found in _EXPRESSION.findall(text))

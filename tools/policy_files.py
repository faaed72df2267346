"""What must hold of every policy of ``policies/``: it is explained, tested, decided on, and leaves real places out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from config.policies import FILE

ANNOTATIONS = (
    "policies.kyverno.io/title",
    "policies.kyverno.io/category",
    "policies.kyverno.io/severity",
    "policies.kyverno.io/description",
    "platform/controls",
)
SEVERITIES = ("low", "medium", "high", "critical")
# The resources that a test of the kind needs.
RESOURCES = {"MutatingPolicy": ("before.yaml", "after.yaml")}
CHECKED = ("good.yaml", "bad.yaml")
NAME_LABEL = "kubernetes.io/metadata.name"


@dataclass(frozen=True, kw_only=True)
class PolicyFile:
    """A policy as it was read. ``where`` is its path below the top of the tree."""

    where: str
    directory: Path
    manifest: CommentedMap

    @property
    def name(self) -> str:
        return str(self.manifest["metadata"]["name"])

    @property
    def annotations(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.manifest["metadata"].get("annotations", {})
        return found

    def excluded(self) -> list[str]:
        """Namespaces that the policy leaves out by name."""
        return [name for expression in self._not_in() for name in expression["values"]]

    def line(self, node: Any) -> str:
        """``policies/…/policy.yaml:12``."""
        return f"{self.where}:{node.lc.line + 1}"

    def _not_in(self) -> list[Any]:
        selector = self.manifest["spec"]["matchConstraints"].get("namespaceSelector", {})
        expressions = selector.get("matchExpressions", [])
        return [each for each in expressions if each["key"] == NAME_LABEL and each["operator"] == "NotIn"]

    def problems(self, actions: Mapping[str, Mapping[str, str]], namespaces: set[str]) -> Iterator[str]:
        """What is wrong, as ``file:line: message``. ``actions`` maps environments to theirs, by policy."""
        here = self.line(self.manifest["metadata"])
        for problem in (*self._explained(), *self._tested(), *self._decided(actions)):
            yield f"{here}: {problem}"
        for expression in self._not_in():
            for name in set(expression["values"]) - namespaces:
                yield f"{self.line(expression)}: leaves out namespace {name}, which nobody makes"

    def _explained(self) -> Iterator[str]:
        if self.name != self.directory.name:
            yield f"is named {self.name}, its directory {self.directory.name}"
        for key in ANNOTATIONS:
            if not self.annotations.get(key):
                yield f"has no annotation {key}"
        severity = self.annotations.get(ANNOTATIONS[2])
        if severity and severity not in SEVERITIES:
            yield f"severity {severity} is none of {', '.join(SEVERITIES)}"

    def _tested(self) -> Iterator[str]:
        for file in RESOURCES.get(self.manifest["kind"], CHECKED):
            if not (self.directory / file).is_file():
                yield f"has no test resources {file} beside it"

    def _decided(self, actions: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
        for environment, decided in actions.items():
            if self.name not in decided:
                yield f"has no action in envs/{environment}/conf.yaml.j2, policies"


def read(top: Path) -> list[PolicyFile]:
    """The policies below ``top``/policies, by category and name. Raises YAMLError of ruamel."""
    found = []
    for path in sorted(top.glob(f"policies/*/*/{FILE}")):
        manifest = YAML().load(path.read_text(encoding="utf-8"))
        found.append(PolicyFile(where=path.relative_to(top).as_posix(), directory=path.parent, manifest=manifest))
    return found


def problems(top: Path, actions: Mapping[str, Mapping[str, str]], namespaces: set[str]) -> list[str]:
    """All that is wrong with the policies below ``top``, actions without a policy included."""
    policies = read(top)
    found = [problem for policy in policies for problem in policy.problems(actions, namespaces)]
    names = {policy.name for policy in policies}
    for environment, decided in actions.items():
        unknown = sorted(set(decided) - names)
        found += [f"envs/{environment}/conf.yaml.j2: policies.{name}: there is no such policy" for name in unknown]
    return found

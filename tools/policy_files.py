"""Kyverno's policies as they lie in the tree: those of ``policies/``, and those that come with other charts.

A file that is no policy, or lies where nobody looks, is a problem with file, line and remedy; nothing is raised for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from config.policies import FILE
from tools.delivery.files import chart_manifests

API = "policies.kyverno.io/v1"
KINDS = ("ImageValidatingPolicy", "MutatingPolicy", "ValidatingPolicy")
# Chart → when a deployment has it.
CHARTS: Mapping[str, str] = {
    "namespace-ttl": "with component kyverno",
    "preview-namespaces": "with components argocd, external-secrets and kyverno",
}
NAME_LABEL = "kubernetes.io/metadata.name"
SCOPE_LABEL = "platform/scope"
TEAM_LABEL = "platform/team"
POOL_LABEL = "platform/pool"


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """``where`` is a path below the top of the tree, ``line`` counts from 1."""

    where: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}:{self.line}: {self.message}\n    remedy: {self.remedy}"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A policy as it was read. ``at`` is the line of its name, or of what there is instead."""

    where: str
    at: int
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.manifest["metadata"]["name"])

    @property
    def kind(self) -> str:
        return str(self.manifest["kind"])

    @property
    def annotations(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.manifest["metadata"].get("annotations") or {}
        return found

    @property
    def spec(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.manifest["spec"]
        return found

    @property
    def resources(self) -> list[str]:
        """The resources that it matches: ``["pods"]``."""
        rules = self.spec["matchConstraints"].get("resourceRules") or []
        return [resource for rule in rules for resource in rule["resources"]]

    def selections(self, which: str) -> list[tuple[str, str, list[str], int]]:
        """(label, operator, values, line) of ``namespaceSelector`` or ``objectSelector``."""
        selector = self.spec["matchConstraints"].get(which) or {}
        equal = selector.get("matchLabels") or {}
        found = [(key, "In", [str(value)], self.line(equal)) for key, value in equal.items()]
        expressions = selector.get("matchExpressions") or []
        return found + [
            (each["key"], each["operator"], list(each.get("values") or []), self.line(each)) for each in expressions
        ]

    def line(self, node: Any) -> int:
        """Where ``node`` starts; of what Helm made, where the policy does."""
        return int(node.lc.line) + 1 if hasattr(node, "lc") else self.at

    def problem(self, message: str, remedy: str, line: int | None = None) -> Problem:
        return Problem(where=self.where, line=line or self.at, message=message, remedy=remedy)


def read(top: Path) -> tuple[list[Policy], list[Problem]]:
    """The policies below ``top``/policies by category and name, and what isn't one."""
    found, wrong = [], list(_stray(top))
    for path in sorted(top.glob(f"policies/*/*/{FILE}")):
        policy = _policy(path, path.relative_to(top).as_posix())
        if isinstance(policy, Problem):
            wrong.append(policy)
        else:
            found.append(policy)
    return found, wrong


def documents(path: Path, where: str, *, lines: bool = False) -> list[Any] | Problem:
    """The documents of a file, or what makes it none. With ``lines`` nodes know theirs, which takes long."""
    try:
        reader = YAML(typ="rt" if lines else "safe")
        return [each for each in reader.load_all(path.read_text(encoding="utf-8")) if each is not None]
    except (YAMLError, UnicodeDecodeError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        said = error.problem if isinstance(error, MarkedYAMLError) else type(error).__name__
        line = mark.line + 1 if mark else 1
        return Problem(where=where, line=line, message=f"is no YAML: {said}", remedy="mend the line, or the one before")


def of_charts(top: Path) -> list[Policy]:
    """The policies of Kyverno that other charts bring, with the charts' own values. Raises Unreadable."""
    found = []
    for chart in CHARTS:
        for manifest in chart_manifests(top, chart, "kube-system", {}):
            if manifest.node["apiVersion"] == API:
                named = re.compile(
                    rf"^kind: {manifest.node['kind']}\nmetadata:\n  name: {manifest.name}$", re.MULTILINE
                )
                source = (top / manifest.path).read_text(encoding="utf-8")
                start = named.search(source)
                line = source.count("\n", 0, start.end()) + 1 if start else 1
                found.append(Policy(where=manifest.path, at=line, manifest=manifest.node))
    return found


def _stray(top: Path) -> Iterator[Problem]:
    """Files of policies that the chart doesn't take, and directories without one."""
    place = f"policies/<category>/<name>/{FILE}"
    for path in sorted(path for path in top.glob("policies/**/*") if path.suffix in (".yaml", ".yml")):
        where = path.relative_to(top).as_posix()
        deep = len(path.relative_to(top).parts)
        if deep != 4 or (path.suffix == ".yml"):
            message = f"is taken by nobody: policies are {place}, with their resources beside them"
            yield Problem(where=where, line=1, message=message, remedy=f"move it to {place}, or remove it")
    for directory in sorted(path for path in top.glob("policies/*/*") if path.is_dir()):
        if not (directory / FILE).is_file():
            where = f"{directory.relative_to(top).as_posix()}/{FILE}"
            yield Problem(
                where=where, line=1, message="isn't there", remedy="write the policy, or remove its directory"
            )


def _policy(path: Path, where: str) -> Policy | Problem:
    found = documents(path, where, lines=True)
    if isinstance(found, Problem):
        return found
    if len(found) != 1 or not isinstance(found[0], Mapping):
        return Problem(where=where, line=1, message=f"holds {len(found)} objects", remedy="write one policy into it")
    (manifest,) = found
    wrong = [*_shapeless(manifest)]
    if wrong:
        line, message, remedy = wrong[0]
        return Problem(where=where, line=line, message=message, remedy=remedy)
    return Policy(where=where, at=_line(manifest["metadata"], "name"), manifest=manifest)


def _shapeless(manifest: Any) -> Iterator[tuple[int, str, str]]:
    """(line, message, remedy) of what leaves nothing to look at further."""
    kind = manifest.get("kind")
    kinds = " or ".join(KINDS)
    if not kind:
        yield 1, "states no kind", f"write kind: {kinds}"
    elif kind not in KINDS or manifest.get("apiVersion") != API:
        said = f"is a {kind} of {manifest.get('apiVersion')}, and not of the kinds that the chart ships"
        yield _line(manifest, "kind"), said, f"write it anew as {kinds} of {API}"
    metadata = manifest.get("metadata")
    if not isinstance(metadata, Mapping) or not metadata.get("name"):
        yield _line(manifest, "metadata"), "has no metadata.name", "name it like its directory"
    constraints = (manifest.get("spec") or {}).get("matchConstraints")
    if not isinstance(constraints, Mapping) or not constraints.get("resourceRules"):
        line = _line(manifest, "spec")
        yield line, "has no spec.matchConstraints.resourceRules", "say which resources it looks at"


def _line(node: Any, key: str) -> int:
    """Where ``key`` of a mapping stands, or the mapping where it has none."""
    places: Sequence[int] | None = (node.lc.data or {}).get(key)
    return int(places[0] if places else node.lc.line) + 1

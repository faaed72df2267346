"""What docs/DELIVERY.md is made of: the files of one push's way, read for one team with one repository.

Raises Unreadable with file and line for what can't be read, or names something that isn't there.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from config.deployment import Deployment
from config.loader import load_one
from config.names import team_namespace
from config.teams import Team
from constructs_lib.components.catalog.argo_events import ARGO_EVENTS
from constructs_lib.components.catalog.argo_rollouts import ARGO_ROLLOUTS
from constructs_lib.components.catalog.argo_workflows import ARGO_WORKFLOWS
from constructs_lib.components.template import rendered
from constructs_lib.helm.blocks import known
from constructs_lib.naming import naming_of
from constructs_lib.teams.values import CHART as TEAM_CHART
from constructs_lib.teams.values import common, team_values
from constructs_lib.workflows.events import settings
from constructs_lib.workflows.settings import template_settings
from tools import sensor_files, workflow_files
from tools.components_example import shipped_context
from tools.go_template import Template
from tools.workflow_files import Unreadable

Object = Mapping[str, Any]
REPOSITORY = "example-org/shop"
_TEAM: dict[str, Any] = {
    "name": "alpha",
    "size": "small",
    "members": ["octocat"],
    "sources": [REPOSITORY],
    "repositories": ["shop"],
    "previews": [REPOSITORY],
}
_APP = {"id": "123456", "installation": "7654321"}


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """An object of a chart with the values of the example. ``path`` is that of the template, from the tree's top."""

    path: str
    node: Object

    @property
    def name(self) -> str:
        return str(self.node["metadata"]["name"])


# Each reading is one of its own, by which what is filled in is remembered.
@dataclass(frozen=True, kw_only=True, eq=False)
class Files:
    """``sensors`` and ``templates`` by their stems; ``settings`` of templates; ``manifests`` of the charts."""

    top: Path
    deployment: Deployment
    sensors: Mapping[str, sensor_files.Sensor]
    templates: Mapping[str, workflow_files.File]
    settings: Mapping[str, str]
    manifests: tuple[Manifest, ...]

    @property
    def team(self) -> Team:
        return self.deployment.teams[0]

    def of(self, kind: str) -> list[Manifest]:
        """The manifests of ``kind``."""
        return [each for each in self.manifests if each.node["kind"] == kind]


@functools.cache
def example() -> Deployment:
    """The deployment of ``cdktf.json`` with one team."""
    keys = {"deployment:teams": [_TEAM], "deployment:github:app": _APP}
    return load_one(shipped_context() | keys, source="cdktf.json")


def read(top: Path) -> Files:
    """The files below ``top``, the tree's."""
    deployment = example()
    given = template_settings(deployment, naming_of(deployment))
    return Files(
        top=top,
        deployment=deployment,
        sensors=sensor_files.load(top / "sensors", settings(deployment.teams[0], REPOSITORY)),
        templates=workflow_files.load(top / "workflow-templates", given),
        settings=given,
        manifests=tuple(each for chart in releases(deployment) for each in chart_manifests(top, *chart)),
    )


def releases(deployment: Deployment) -> list[tuple[str, str, Object]]:
    """(chart, namespace, values) of our charts: of what takes events, works, and rolls out, and of the team."""
    names, team = naming_of(deployment), deployment.teams[0]
    found: list[tuple[str, str, Object]] = []
    for component in (ARGO_EVENTS, ARGO_WORKFLOWS, ARGO_ROLLOUTS):
        for own in (each for each in component.own_charts if each.when(deployment)):
            (given,) = documents(rendered(component, own.name, deployment, names))
            found.append((own.name, component.namespace, given))
    own_values = known(team_values(deployment, names, team, common(deployment))) or {}
    found.append((TEAM_CHART, team_namespace(team.name), own_values))
    return found


def chart_manifests(top: Path, chart: str, namespace: str, given: Object) -> list[Manifest]:
    """The objects of a chart with the values ``given`` over its own. Raises Unreadable."""
    where = top / "charts" / chart / "templates"
    (defaults,) = documents(_text(top / "charts" / chart / "values.yaml")) or ({},)
    beside = [Template(path.name, path.read_text(encoding="utf-8")) for path in sorted(where.glob("*.tpl"))]
    dot = {
        "Values": _over(defaults, given),
        "Chart": {"Name": chart, "Version": "0.0.0"},
        "Files": {"Get": lambda name: _text(top / "charts" / chart / name)},
        "Release": {"Name": chart, "Namespace": namespace, "Service": "Helm"},
    }
    found = []
    for path in sorted(where.glob("*.yaml")):
        shown = f"charts/{chart}/templates/{path.name}"
        source = path.read_text(encoding="utf-8")
        # It puts the files of sensors/ together, which are read themselves.
        if ".Files.Glob" in source:
            continue
        text = Template(shown, source, beside=beside).render(dot)
        try:
            nodes = documents(text)
        except YAMLError as error:
            raise Unreadable(f"{shown}:1: rendered it is no YAML: {error}") from None
        found += [Manifest(path=shown, node=node) for node in nodes]
    return found


@functools.cache
def documents(text: str) -> tuple[Any, ...]:
    """The documents of ``text``, which nobody changes. Raises YAMLError."""
    return tuple(node for each in re.split(r"^---\s*$", text, flags=re.MULTILINE) if (node := _document(each)))


def _document(text: str) -> Any:
    """As Helm and Kubernetes read it: 0440 is octal. A version holds for the first document of a reader only."""
    reader = YAML(typ="safe")
    reader.version = "1.1"
    return reader.load(text)


def _over(defaults: Object, given: Object) -> dict[str, Any]:
    """``given`` over a chart's own values, map by map (Helm documentation, "Values Files")."""
    both = {
        key: _over(defaults[key], value)
        for key, value in given.items()
        if isinstance(value, Mapping) and isinstance(defaults.get(key), Mapping)
    }
    return {**defaults, **given, **both}


def _text(path: Path) -> str:
    """As Helm does: nothing for a file that isn't there."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def below(node: Any, key: str) -> Iterator[Any]:
    """Everything that is at ``key``, wherever below ``node``."""
    children: Sequence[Any] = ()
    if isinstance(node, Mapping):
        if key in node:
            yield node[key]
        children = list(node.values())
    elif isinstance(node, list):
        children = node
    for each in children:
        yield from below(each, key)

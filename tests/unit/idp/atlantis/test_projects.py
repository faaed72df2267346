"""``atlantis.yaml`` has a project for each stack, in an order that the graph allows, planned by the right changes."""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from idp.atlantis.projects import repository_file
from idp.cli import app
from idp.errors import OperationError
from idp.output import read_output
from tests.synth import Synth
from tests.unit.idp.atlantis.keys import Project, RepositoryFile
from tools import atlantis_files

ROOT = Path(__file__).resolve().parent.parent.parent.parent.parent


def parsed(text: str) -> dict[str, Project]:
    file = RepositoryFile.model_validate(YAML(typ="safe", pure=True).load(text))
    assert len({project.name for project in file.projects}) == len(file.projects)
    return {project.name: project for project in file.projects}


@pytest.fixture(scope="module")
def committed() -> dict[str, Project]:
    return parsed((ROOT / "atlantis.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def graph(shipped: Synth) -> Mapping[str, set[str]]:
    """Stack → the stacks that the engine's manifest puts before it."""
    manifest = json.loads((shipped.directory / "manifest.json").read_text(encoding="utf-8"))
    return {name: set(entry["dependencies"]) for name, entry in manifest["stacks"].items()}


def planned(projects: Mapping[str, Project], path: str) -> set[str]:
    """Names of the projects that a change of ``path`` plans, as Atlantis joins directory and pattern."""
    return {
        project.name
        for project in projects.values()
        if any(matches(os.path.normpath(f"{project.dir}/{each}"), path) for each in project.autoplan.when_modified)
    }


def matches(pattern: str, path: str) -> bool:
    """One pattern of .dockerignore: ``**`` stands for any number of directories, ``*`` for a part of one name."""
    parts = re.split(r"(\*\*/|\*)", pattern)
    meant = {"**/": "(?:.*/)?", "*": "[^/]*"}
    return re.fullmatch("".join(meant.get(part, re.escape(part)) for part in parts), path) is not None


def test_the_files_are_current_and_those_of_the_synthesized_output(shipped: Synth) -> None:
    assert {path: path.read_text(encoding="utf-8") for path in atlantis_files.texts()} == atlantis_files.texts()
    assert (ROOT / "atlantis.yaml").read_text(encoding="utf-8") == repository_file(read_output(shipped.directory))


def test_each_stack_is_one_project_in_its_directory(committed: Mapping[str, Project], shipped: Synth) -> None:
    assert set(committed) == {stack.name for stack in shipped.stacks()}
    for name, project in committed.items():
        inside = project.dir.removeprefix("cdktf.out/")
        assert (shipped.directory / inside / "cdk.tf.json").is_file() and Path(inside).name == name


def test_a_project_waits_for_all_that_lies_before_it(
    committed: Mapping[str, Project], graph: Mapping[str, set[str]]
) -> None:
    @functools.cache
    def before(name: str) -> frozenset[str]:
        return frozenset(graph[name]).union(*(before(each) for each in graph[name]))

    assert {name: set(project.depends_on) for name, project in committed.items()} == {n: before(n) for n in graph}
    assert all(len(project.depends_on) == len(set(project.depends_on)) for project in committed.values())


def test_order_groups_rise_along_the_graph_and_not_more_than_it_asks(
    committed: Mapping[str, Project], graph: Mapping[str, set[str]]
) -> None:
    for name, project in committed.items():
        groups = [committed[each].execution_order_group for each in graph[name]]
        assert project.execution_order_group == max((group + 1 for group in groups), default=0), name
    assert committed["idp-bootstrap"].execution_order_group == 0


def test_a_change_of_committed_json_plans_its_stack_alone(committed: Mapping[str, Project]) -> None:
    stacks = "cdktf.out/stacks"
    assert planned(committed, f"{stacks}/idp-foundation-vpc/cdk.tf.json") == {"idp-foundation-vpc"}
    assert planned(committed, f"{stacks}/idp-cluster-addons/charts/x/templates/y.yaml") == {"idp-cluster-addons"}
    assert planned(committed, "stacks/foundation/vpc.py") == set()
    assert planned(committed, "docs/ATLANTIS.md") == set()


@pytest.mark.parametrize("changed", [set(), {"idp-foundation-vpc", "idp-teams-platform"}])
def test_in_the_hook_any_change_plans_the_stacks_that_differ(changed: Collection[str], shipped: Synth) -> None:
    projects = parsed(repository_file(read_output(shipped.directory), changed))
    for path in ("cdktf.json", "stacks/foundation/vpc.py", "envs/production/v1/conf.yaml.j2"):
        assert planned(projects, path) == changed


def test_check_tells_a_stale_file(shipped: Synth, tmp_path: Path) -> None:
    file = tmp_path / "atlantis.yaml"
    options = ["--out", str(shipped.directory), "--to", str(file)]
    assert CliRunner().invoke(app, ["atlantis", "write", *options]).exit_code == 0
    assert CliRunner().invoke(app, ["atlantis", "check", *options]).exit_code == 0
    file.write_text(file.read_text(encoding="utf-8").replace("execution_order_group: 3", "execution_order_group: 2"))
    refused = CliRunner().invoke(app, ["atlantis", "check", *options])
    assert isinstance(refused.exception, OperationError) and "isn't current" in str(refused.exception)

"""Some stacks synthesized into an output that holds the others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from config.deployment import Deployment
from config.errors import ConfigError
from config.loader import load
from constructs_lib.guardrails import GuardrailError
from constructs_lib.partial import synthesize_stacks
from stacks.layers import planned
from tests.conftest import ROOT
from tests.synth import Synth
from tests.teams import BETA

TEAM = "idp-teams-platform"
Changed = Callable[..., Deployment]


@pytest.fixture
def output(shipped: Synth, tmp_path: Path) -> Path:
    """A copy of the shipped output."""
    return Path(shutil.copytree(shipped.directory, tmp_path / "cdktf.out"))


@pytest.fixture(scope="module")
def deployments() -> Sequence[Deployment]:
    return load(ROOT / "cdktf.json")


def texts(directory: Path) -> dict[str, str]:
    return {str(path.relative_to(directory)): path.read_text() for path in directory.rglob("*") if path.is_file()}


def test_stacks_made_alone_are_those_of_the_whole(
    shipped: Synth, output: Path, deployments: Sequence[Deployment]
) -> None:
    wanted = [TEAM, "idp-pci-account", "idp-platform-argocd"]
    for name in wanted:
        shutil.rmtree(output / "stacks" / name)
    synthesize_stacks(deployments, planned, output, wanted)
    assert texts(output) == texts(shipped.directory)


def test_a_change_of_a_team_writes_its_stack_and_no_other_file(
    output: Path, deployments: Sequence[Deployment], deployment_with: Changed
) -> None:
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*") if path.is_file()}
    (team,) = deployment_with().teams
    changed = deployments[0].model_copy(update={"teams": (team.model_copy(update={"owner": "new@example.com"}),)})
    synthesize_stacks([changed, *deployments[1:]], planned, output, [TEAM])
    after = {path: path.stat().st_mtime_ns for path in output.rglob("*") if path.is_file()}
    written = {str(path.relative_to(output)) for path in after if after[path] != before.get(path)}
    assert f"stacks/{TEAM}/cdk.tf.json" in written
    assert {name.split("/")[1] for name in written} == {TEAM}
    assert after.keys() == before.keys()


def test_a_new_team_joins_the_manifest(
    output: Path, deployments: Sequence[Deployment], shipped_context: dict[str, Any], deployment_with: Changed
) -> None:
    more = deployment_with({"deployment:teams": [*shipped_context["deployment:teams"], BETA]})
    synthesize_stacks([more, *deployments[1:]], planned, output, ["idp-teams-beta"])
    listed = json.loads((output / "manifest.json").read_text())["stacks"]
    assert listed["idp-teams-beta"]["dependencies"] == listed[TEAM]["dependencies"]
    assert (output / listed["idp-teams-beta"]["synthesizedStackPath"]).exists()


def test_files_that_a_stack_no_longer_has_go(output: Path, deployments: Sequence[Deployment]) -> None:
    left = [output / "stacks" / name / "values" / "left.yaml" for name in (TEAM, "idp-teams-shared")]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    synthesize_stacks(deployments, planned, output, [TEAM])
    assert [path.exists() for path in left] == [False, True]


def test_a_stack_that_no_deployment_has_is_refused(output: Path, deployments: Sequence[Deployment]) -> None:
    before = texts(output)
    with pytest.raises(ConfigError, match=r"--stack .*idp-teams-plattform.*no deployment has this stack") as raised:
        synthesize_stacks(deployments, planned, output, [TEAM, "idp-teams-plattform"])
    assert f"remedy: write {TEAM}" in str(raised.value)
    assert texts(output) == before


def test_without_an_output_nothing_is_written(tmp_path: Path, deployments: Sequence[Deployment]) -> None:
    with pytest.raises(ConfigError, match=r"synthesize everything once"):
        synthesize_stacks(deployments, planned, tmp_path / "none", [TEAM])
    assert not (tmp_path / "none").exists()


def test_what_the_stack_needs_of_others_is_checked(output: Path, deployments: Sequence[Deployment]) -> None:
    shutil.rmtree(output / "stacks" / "idp-foundation-iam")
    before = texts(output)
    with pytest.raises(GuardrailError):
        synthesize_stacks(deployments, planned, output, [TEAM])
    assert texts(output) == before

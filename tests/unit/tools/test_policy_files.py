"""What is wrong with a policy is said with its file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.generated import ROOT
from config.policies import kinds
from tools.policy_files import problems

NAME = "disallow-privileged"
ACTIONS = {"production/v1": dict.fromkeys(kinds(), "deny")}
PLACES = {"kube-system", "falco", "monitoring"}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A copy of the policies."""
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    return tmp_path


def edit(top: Path, old: str, new: str) -> None:
    path = top / "policies" / "baseline" / NAME / "policy.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_policies_of_the_tree_are_as_they_should_be(top: Path) -> None:
    assert problems(top, ACTIONS, PLACES) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (f"name: {NAME}", "name: other", "is named other, its directory disallow-privileged"),
        ("    platform/controls: ", "    platform/control: ", "has no annotation platform/controls"),
        ("severity: high", "severity: huge", "severity huge is none of low, medium, high, critical"),
        ("kube-system, falco", "kube-system, falcon", "leaves out namespace falcon, which nobody makes"),
    ],
    ids=["name", "annotation", "severity", "namespace"],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(top: Path, old: str, new: str, said: str) -> None:
    edit(top, old, new)
    found = [problem for problem in problems(top, ACTIONS, PLACES) if said in problem]
    assert len(found) == 1
    where, line, _ = found[0].split(":", 2)
    assert where == f"policies/baseline/{NAME}/policy.yaml"
    assert int(line) > 1


@pytest.mark.parametrize("file", ["good.yaml", "bad.yaml"])
def test_a_policy_without_tests_is_told(top: Path, file: str) -> None:
    (top / "policies" / "baseline" / NAME / file).unlink()
    (problem,) = problems(top, ACTIONS, PLACES)
    assert problem.endswith(f"has no test resources {file} beside it")


def test_a_policy_without_an_action_in_an_environment_is_told(top: Path) -> None:
    actions = ACTIONS | {"pci/v1": {name: "deny" for name in kinds() if name != NAME}}
    (problem,) = problems(top, actions, PLACES)
    assert problem.endswith("has no action in envs/pci/v1/conf.yaml.j2, policies")


def test_an_action_for_no_policy_is_told(top: Path) -> None:
    actions = {"production/v1": ACTIONS["production/v1"] | {"require-tea": "deny"}}
    assert problems(top, actions, PLACES) == [
        "envs/production/v1/conf.yaml.j2: policies.require-tea: there is no such policy"
    ]

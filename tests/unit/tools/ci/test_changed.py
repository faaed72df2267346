"""Which stacks a pull request changes, found in two outputs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from idp.errors import OperationError
from tests.synth import Synth
from tools.ci.changed import changed
from tools.ci.targets import targets

ROOT = Path(__file__).resolve().parent.parent.parent.parent.parent


@pytest.fixture
def after(shipped: Synth, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped.directory, tmp_path / "after"))


def test_equal_outputs_have_no_changed_stack(shipped: Synth, after: Path) -> None:
    assert not any(found.plan or found.removed or found.readers for found in changed(shipped.directory, after).values())


def test_a_values_file_changes_its_stack_and_only_that(shipped: Synth, after: Path) -> None:
    values = min((after / "stacks" / "idp-platform-argocd").glob("**/*values*.yaml"))
    values.write_text(values.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    found = changed(shipped.directory, after)
    assert found["idp"].plan == ("idp-platform-argocd",)
    assert found["idp-pci"].plan == ()


def test_readers_of_a_changed_stack_are_named_in_order(shipped: Synth, after: Path) -> None:
    (after / "stacks" / "idp-cluster-eks" / "more.txt").touch()
    readers = changed(shipped.directory, after)["idp"].readers
    assert readers.index("idp-cluster-addons") < readers.index("idp-platform-argocd")
    assert "idp-foundation-vpc" not in readers


def test_a_new_stack_is_planned_and_one_that_is_gone_is_named(shipped: Synth, after: Path) -> None:
    manifest = (after / "manifest.json").read_text(encoding="utf-8")
    renamed = manifest.replace("idp-teams-platform", "idp-teams-alpha")
    (after / "manifest.json").write_text(renamed, encoding="utf-8")
    (after / "stacks" / "idp-teams-platform").rename(after / "stacks" / "idp-teams-alpha")
    found = changed(shipped.directory, after)["idp"]
    assert (found.plan, found.removed) == (("idp-teams-alpha",), ("idp-teams-platform",))


def test_without_an_output_nothing_is_guessed(shipped: Synth, tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="holds no synthesized output"):
        changed(tmp_path, shipped.directory)


def test_targets_are_the_deployments_of_the_shipped_file() -> None:
    first, second = targets(ROOT / "cdktf.json")
    assert (first.deployment, first.environment, first.stacks) == ("idp", "idp", ())
    assert first.planner == "arn:aws:iam::111122223333:role/idp-planner"
    assert second.deployer == f"arn:aws:iam::{second.account}:role/idp-pci-deployer"


def test_only_deployments_with_changed_stacks_are_targets() -> None:
    (found,) = targets(ROOT / "cdktf.json", {"idp": [], "idp-pci": ["idp-pci-account"]})
    assert (found.deployment, found.entry()["stacks"]) == ("idp-pci", ["idp-pci-account"])

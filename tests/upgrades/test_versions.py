"""What a newer version of a chart changes in the JSON, by `idp diff` and its table of replacements."""

from __future__ import annotations

import pytest

from config.loader import load
from constructs_lib.synth import synthesize
from idp.diff.compare import compare
from idp.diff.model import Entry
from idp.output import read_output
from stacks.layers import build
from tests.conftest import ROOT
from tests.synth import Synth
from tests.upgrades import bumps


@pytest.fixture(scope="module")
def bumped(shipped: Synth, tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """What is otherwise with every chart one patch newer."""
    out = tmp_path_factory.mktemp("charts")
    with pytest.MonkeyPatch.context() as patch:
        bumps.charts(patch)
        synthesize(load(ROOT / "cdktf.json"), build, out)
    return list(compare(read_output(shipped.directory), read_output(out)).entries())


def test_newer_charts_change_the_version_of_their_release_and_nothing_else(bumped: list[Entry]) -> None:
    assert bumped
    assert {(each.kind, each.what) for each in bumped if each.section == "resource"} == {("helm_release", "changed")}
    assert {argument.path for each in bumped for argument in each.arguments} == {"version"}


def test_every_release_of_a_third_party_chart_is_among_them(bumped: list[Entry], shipped: Synth) -> None:
    ours = {
        f"{stack.name}/{kind}.{name}"
        for stack in shipped.stacks()
        for kind, name, arguments in stack.resources()
        if kind == "helm_release" and "repository" in arguments
    }
    assert {each.id for each in bumped if each.section == "resource"} == ours


@pytest.mark.parametrize(
    ("version", "next_one"), [("1.14.1", "1.14.2"), ("v1.21.9", "v1.21.10"), ("v1.2.3-eksbuild.4", "v1.2.4-eksbuild.4")]
)
def test_the_next_patch(version: str, next_one: str) -> None:
    assert bumps.newer(version) == next_one

"""The page of stacks and their contracts."""

from __future__ import annotations

import pytest

from idp.graph.contracts import Graph
from tests.mermaid import charts
from tests.synth import Synth
from tools.stacks_page import PATH, graphs, page


@pytest.fixture(scope="module")
def found(shipped: Synth) -> list[Graph]:
    return graphs(shipped.directory)


def test_the_page_is_current(found: list[Graph]) -> None:
    assert PATH.read_text(encoding="utf-8") == page(found), "run `make docs`"


def test_each_deployment_has_its_drawing_and_a_row_for_each_stack(found: list[Graph]) -> None:
    text = page(found)
    assert [len(chart.nodes) for chart in charts(text)] == [len(graph.stacks) for graph in found]
    for graph in found:
        assert f"## {graph.deployment}\n" in text
        assert all(f"| `{name}` |" in text for name in graph.stacks)


def test_a_row_names_the_outputs_and_what_is_only_waited_for(found: list[Graph]) -> None:
    (row,) = (line for line in page(found).splitlines() if "| `idp-cluster-karpenter` |" in line)
    assert "foundation-data: `data_key_arn`, `ebs_key_arn`" in row
    assert "order alone: bootstrap, cluster-addons" in row

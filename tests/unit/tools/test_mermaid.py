"""Flowcharts are put together so that Mermaid takes them, whatever names and labels hold."""

from __future__ import annotations

import pytest

from tests.mermaid import Wrong, charts, parsed
from tools.mermaid import Graph, identifier


def test_labels_may_hold_what_mermaid_gives_a_meaning() -> None:
    graph = Graph()
    texts = ['say "no"', "a <b> & c", "#1; end", "x || y | z", "[[ a ]] {{b}}"]
    graph.node("one", texts)
    graph.node("two", ["2"])
    graph.edge("one", "two", ['"|"'])
    (chart,) = charts(str(graph))
    assert chart.nodes["one"] == texts
    assert chart.edges == [("one", "two", ['"|"'])]


@pytest.mark.parametrize("shape", ["step", "start", "store", "call", "wait", "note"])
def test_every_shape_is_one_of_mermaid(shape: str) -> None:
    graph = Graph()
    graph.node("one", ["a"], shape)
    assert charts(str(graph))[0].nodes == {"one": ["a"]}


def test_groups_are_within_groups() -> None:
    graph = Graph()
    with graph.group("outer", ["Outer"]), graph.group("inner", ["Inner"]):
        graph.node("one", ["a"])
    graph.node("two", ["b"])
    graph.edge("two", "outer")
    (chart,) = charts(str(graph))
    assert chart.parents == {"one": "inner", "inner": "outer"}
    assert list(chart.around("one")) == ["inner", "outer"]


def test_no_name_becomes_a_word_of_mermaid() -> None:
    graph = Graph()
    for name in ("end", "graph", "default", "9", "a.b/c", ""):
        graph.node(identifier(name), [name or "none"])
    assert len(charts(str(graph))[0].nodes) == 6


def test_an_id_is_taken_once() -> None:
    graph = Graph()
    graph.node(identifier("a-b"), ["first"])
    with pytest.raises(ValueError, match="first, second"):
        graph.node(identifier("a.b"), ["second"])


def test_an_edge_has_two_ends() -> None:
    graph = Graph()
    graph.node("one", ["a"])
    with pytest.raises(ValueError, match="no node two"):
        graph.edge("one", "two")


def test_one_edge_is_drawn_once() -> None:
    graph = Graph()
    graph.node("one", ["a"])
    graph.edge("one", "one", ["again"])
    graph.edge("one", "one", ["again"])
    assert len(charts(str(graph))[0].edges) == 1


WRONG = {
    "two of one id": 'a["1"]\na["2"]',
    "edge to nothing": 'a["1"]\na --> b',
    "no quotes": "a[text]",
    "quote within": 'a["say "no""]',
    "markup": 'a["<b>"]',
    "word of Mermaid": 'graph["1"]',
    "group without end": 'subgraph a["A"]\nb["1"]',
    "end of nothing": 'a["1"]\nend',
    "empty group": 'subgraph a["A"]\nend',
    "edge into oneself": 'subgraph a["A"]\nb["1"]\nend\na --> b',
    "list": 'a["1. one"]',
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_the_reader_is_strict(text: str) -> None:
    with pytest.raises(Wrong):
        parsed(f"flowchart TB\n{text}\n")

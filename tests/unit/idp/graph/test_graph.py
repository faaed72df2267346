"""The graph of stacks: layers, reads and outputs, as text, Mermaid and SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from typer.testing import CliRunner

from idp.cli import app
from idp.graph import forms
from idp.graph.contracts import Graph, Read, graph_of
from idp.output import read_output, stacks_of
from tests.mermaid import charts
from tests.synth import Synth
from tests.unit.idp.review.output import write_stack

SVG = "{http://www.w3.org/2000/svg}"


def _read(producer: str, output: str) -> dict[str, object]:
    text = f"${{data.terraform_remote_state.{producer.replace('-', '_')}.outputs.{output}}}"
    return {"resource": {"aws_x": {f"{producer}_{output}": {"value": [text]}}}}


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """vpc ← data ← eks, and eks reads vpc too, for its order alone; the account stands aside."""
    write_stack(tmp_path, "idp-bootstrap", {})
    write_stack(tmp_path, "idp-account", {})
    write_stack(tmp_path, "idp-foundation-vpc", {})
    write_stack(tmp_path, "idp-foundation-data", _read("idp-foundation-vpc", "vpc_id"), reads=["idp-foundation-vpc"])
    write_stack(tmp_path, "idp-cluster-eks", {}, reads=["idp-foundation-vpc", "idp-foundation-data"])
    return tmp_path


@pytest.fixture(scope="module", params=["idp", "idp-pci"])
def graph(request: pytest.FixtureRequest, shipped: Synth) -> Graph:
    """Of a shipped deployment."""
    return graph_of(stacks_of(shipped.directory, request.param))


def test_reads_have_the_outputs_that_pass_and_say_which_are_implied(output: Path) -> None:
    found = graph_of(read_output(output))
    assert found.layers == {
        "bootstrap": ("idp-bootstrap", "idp-account"),
        "foundation": ("idp-foundation-vpc", "idp-foundation-data"),
        "cluster": ("idp-cluster-eks",),
    }
    own = [read for read in found.reads if read.producer != "idp-bootstrap"]
    vpc, data, eks = "idp-foundation-vpc", "idp-foundation-data", "idp-cluster-eks"
    assert own == [
        Read(producer=vpc, consumer=data, outputs=("vpc_id",), is_implied=False),
        Read(producer=vpc, consumer=eks, outputs=(), is_implied=True),
        Read(producer=data, consumer=eks, outputs=(), is_implied=False),
    ]


def test_every_stack_and_read_of_the_shipped_deployments_is_in_the_text(graph: Graph, shipped: Synth) -> None:
    lines = forms.text(graph).splitlines()
    listed = {stack.name: stack for stack in stacks_of(shipped.directory, graph.deployment)}
    assert [line.strip() for line in lines if re.match(r"  \S", line)] == list(graph.stacks)
    assert set(graph.stacks) == listed.keys()
    told: dict[str, set[str]] = {}
    for line in lines:
        if re.match(r"  \S", line):
            name = line.strip()
        elif line.startswith("    "):
            told.setdefault(name, set()).add(line.strip().partition(":")[0])
    for name, stack in listed.items():
        assert told.get(name, set()) - {f"{graph.deployment}-bootstrap"} == stack.reads - {
            f"{graph.deployment}-bootstrap"
        }


def test_each_output_that_passes_is_one_that_the_producer_declares(graph: Graph, shipped: Synth) -> None:
    passing = {(read.producer, output) for read in graph.reads for output in read.outputs}
    declared = {name: shipped.stack(name).outputs.keys() for name in graph.stacks}
    assert {(producer, output) for producer, output in passing if output not in declared[producer]} == set()
    assert (f"{graph.deployment}-foundation-vpc", "vpc_id") in passing


def test_mermaid_has_every_stack_in_its_layer_and_every_line_that_is_not_implied(graph: Graph) -> None:
    (chart,) = charts(forms.mermaid(graph))
    for layer, names in graph.layers.items():
        for name in names:
            assert chart.named(graph.label(name), within=f"layer {layer}")
    assert len(chart.nodes) == len(graph.stacks)
    drawn = [read for read in graph.reads if not read.is_implied]
    assert len(chart.edges) == len(drawn)
    for read in drawn:
        (label,) = chart.between(graph.label(read.producer), graph.label(read.consumer))
        assert set(read.outputs[:2]) <= set(label)


def test_svg_has_every_stack_and_line_and_needs_no_other_file(graph: Graph) -> None:
    text = forms.svg(graph)
    root = ElementTree.fromstring(text)
    titles = [each.text or "" for each in root.iter(f"{SVG}title")]
    boxes = [each.findtext(f"{SVG}title", "") for each in root.findall(f"{SVG}g")]
    assert sorted(name for box in boxes for name in box.split(", ")) == sorted(graph.stacks)
    for read in graph.reads:
        if not read.is_implied:
            assert f"{read.producer} → {read.consumer}: {forms.passed(read)}" in titles
    assert {layer for layer in graph.layers} <= {each.text for each in root.iter(f"{SVG}text")}
    assert re.findall(r"(?:href|src|url\(|@import|<script)", text) == []
    width, height = (float(root.attrib[name]) for name in ("width", "height"))
    for box in root.iter(f"{SVG}rect"):
        assert 0 <= float(box.attrib["x"]) <= width - float(box.attrib["width"])
        assert 0 <= float(box.attrib["y"]) <= height - float(box.attrib["height"])


def test_names_are_escaped(tmp_path: Path) -> None:
    write_stack(tmp_path, 'idp-teams-<a&"b>', {})
    graph = graph_of(read_output(tmp_path))
    root = ElementTree.fromstring(forms.svg(graph))
    assert 'teams-<a&"b>' in [each.text for each in root.iter(f"{SVG}text")]
    (chart,) = charts(forms.mermaid(graph))
    assert chart.named('teams-<a&"b>')


def test_forms_do_not_depend_on_the_order_of_the_stacks(output: Path) -> None:
    stacks = read_output(output)
    for form in (forms.text, forms.mermaid, forms.svg):
        assert form(graph_of(stacks)) == form(graph_of(stacks[::-1]))


@pytest.mark.parametrize(("form", "begins"), [("text", "bootstrap\n"), ("mermaid", "```mermaid\n"), ("svg", "<svg ")])
def test_the_command_prints_or_writes_each_form(output: Path, tmp_path: Path, form: str, begins: str) -> None:
    options = ["graph", "--deployment", "idp", "--out", str(output), "--format", form]
    printed = CliRunner().invoke(app, options)
    assert printed.exit_code == 0
    assert printed.stdout.startswith(begins)
    target = tmp_path / "below" / "graph"
    assert CliRunner().invoke(app, [*options, "--to", str(target)]).exit_code == 0
    assert target.read_text(encoding="utf-8") == printed.stdout

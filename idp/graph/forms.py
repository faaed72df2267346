"""The graph as text, as Mermaid and as SVG. Each has every stack; text has every read, drawings those not implied."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from idp.graph.contracts import Graph, Read
from idp.review.graph import HEIGHT, MARGIN, WIDTH, Drawing, Node, drawing
from tools.mermaid import Graph as Mermaid
from tools.mermaid import identifier

# So many outputs are named on a line between two boxes; more are counted.
_NAMED = 2
# Characters that fit a box.
_FITS = 29
_ORDER = "comes after"
_COLOURS = {
    "bootstrap": "#7a5195",
    "foundation": "#2f6db3",
    "cluster": "#1f8a70",
    "platform": "#b8690b",
    "teams": "#b0344d",
}
_STYLE = """
  svg { font: 12px system-ui, sans-serif; background: #ffffff; }
  text { fill: #1b1f24; } .small { font-size: 11px; fill: #57606a; }
  rect.box { fill: #f6f8fa; stroke: #57606a; } path { fill: none; stroke: #57606a; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; } text { fill: #e6edf3; } .small { fill: #9aa4af; }
    rect.box { fill: #161b22; stroke: #9aa4af; } path { stroke: #9aa4af; }
  }
"""
_LEGEND = 24
_DASHES = {False: "", True: ' stroke-dasharray="4 3"'}


def text(graph: Graph) -> str:
    """Layers with their stacks in apply order; below each, what it reads of whom."""
    return "\n".join(_lines(graph)) + "\n"


def mermaid(graph: Graph) -> str:
    """A flowchart as a block of Markdown, a group for each layer."""
    chart = Mermaid()
    for layer, names in graph.layers.items():
        with chart.group(identifier("layer", layer), [f"layer {layer}"]):
            for name in names:
                chart.node(identifier(name), [graph.label(name)])
    for read in graph.reads:
        if not read.is_implied:
            kind = "then" if read.outputs else "else"
            chart.edge(identifier(read.producer), identifier(read.consumer), _said(read), kind)
    return str(chart)


def svg(graph: Graph) -> str:
    """A file that needs no other: boxes coloured by layer, and a title with the outputs at each line."""
    drawn = drawing(graph.before())
    reads = {(read.producer, read.consumer): read for read in graph.reads}
    height = drawn.height + _LEGEND
    size = f'width="{drawn.width}" height="{height}" viewBox="0 0 {drawn.width} {height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title">',
        f'<title id="title">{escape(f"Stacks of deployment {graph.deployment}, applied from top to bottom")}</title>',
        f"<style>{_STYLE}</style>",
        *_legend(graph, drawn),
        *(_line(reads[edge.start, edge.end], edge.path) for edge in drawn.edges),
        *(_box(graph, node) for node in drawn.nodes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def passed(read: Read) -> str:
    """What passes: names of outputs, or that only the order matters."""
    return ", ".join(read.outputs) or _ORDER


def _lines(graph: Graph) -> Iterator[str]:
    for layer, names in graph.layers.items():
        yield layer
        for name in names:
            yield f"  {name}"
            yield from (f"    {read.producer}: {passed(read)}" for read in graph.reads if read.consumer == name)


def _said(read: Read) -> list[str]:
    if len(read.outputs) <= _NAMED:
        return list(read.outputs)
    return [*read.outputs[:_NAMED], f"and {len(read.outputs) - _NAMED} more"]


def _legend(graph: Graph, drawn: Drawing) -> Iterator[str]:
    for number, layer in enumerate(graph.layers):
        x, y = MARGIN + number * 110, drawn.height + 2
        yield f'<rect x="{x}" y="{y}" width="12" height="12" fill="{_COLOURS[layer]}"/>'
        yield f'<text class="small" x="{x + 18}" y="{y + 11}">{layer}</text>'


def _line(read: Read, path: str) -> str:
    title = f"{read.producer} → {read.consumer}: {passed(read)}"
    return f"<path d={quoteattr(path)}{_DASHES[not read.outputs]}><title>{escape(title)}</title></path>"


def _box(graph: Graph, node: Node) -> str:
    (layer,) = {layer for layer, names in graph.layers.items() if node.id in names}
    label = graph.label(node.id)
    count = len(node.stacks)
    shown = label if count == 1 else f"{count} like {label}"
    shown = shown if len(shown) <= _FITS else f"{shown[: _FITS - 1]}…"
    return (
        f"<g><title>{escape(', '.join(node.stacks))}</title>"
        f'<rect class="box" x="{node.x}" y="{node.y}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        f'<rect x="{node.x}" y="{node.y + 6}" width="5" height="{HEIGHT - 12}" fill="{_COLOURS[layer]}"/>'
        f'<text x="{node.x + 14}" y="{node.y + 28}">{escape(shown)}</text></g>'
    )

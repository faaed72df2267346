"""The page of stacks and their contracts, docs/STACKS.md, of the shipped deployments.

python -m tools.stacks_page --write | --check
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.generated import ROOT, command
from constructs_lib.written import write
from idp.graph.contracts import Graph, graph_of
from idp.graph.forms import mermaid
from idp.output import read_output, stacks_of
from tools import shipped
from tools.markdown import code, table

PATH = ROOT / "docs" / "STACKS.md"
_INTRO = """# Stacks and what passes between them

Each stack is one Terraform root with a state of its own. They are applied from top to bottom and destroyed from bottom
to top. A line leads to the stack that comes after; what stands on it are outputs that the lower one reads by
`terraform_remote_state` (`stacks/contracts.py` declares them). A dashed line is order alone: what runs there must be
there before. Lines that others imply are left out of the drawing; the table has what each stack reads of all. Generated
from the JSON of the shipped deployments (`make docs`); of any other, and as SVG:

```sh run
.venv/bin/python -m idp graph --deployment idp --format text
.venv/bin/python -m idp graph --deployment idp --format mermaid
.venv/bin/python -m idp graph --deployment idp --format svg --to .cache/stacks.svg
```
"""
_ONLY_ORDER = "order alone: "


def page(graphs: Sequence[Graph]) -> str:
    """The page's text."""
    return "\n".join([_INTRO, *(part for graph in graphs for part in _part(graph))])


def graphs(out: Path) -> list[Graph]:
    """Of all deployments of an output, sorted by id."""
    return [graph_of(stacks_of(out, each)) for each in sorted({stack.deployment for stack in read_output(out)})]


def _part(graph: Graph) -> Iterator[str]:
    yield f"## {graph.deployment}\n"
    yield mermaid(graph)
    rows = [(str(number), f"`{name}`", _reads(graph, name)) for number, name in enumerate(graph.stacks, start=1)]
    yield table(("layer by layer", f"stack of {graph.deployment}", "reads"), rows)


def _reads(graph: Graph, name: str) -> str:
    own = [read for read in graph.reads if read.consumer == name]
    told = [f"{graph.label(read.producer)}: {', '.join(code(read.outputs))}" for read in own if read.outputs]
    rest = [graph.label(read.producer) for read in own if not read.outputs]
    return "; ".join([*told, *([_ONLY_ORDER + ", ".join(rest)] if rest else [])]) or "–"


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        write(shipped.files(), Path(scratch))
        return command(PATH, page(graphs(Path(scratch))))


if __name__ == "__main__":
    sys.exit(main())

"""``python -m idp graph``: the stacks of a deployment by layer, and the outputs that pass between them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from idp.graph import forms
from idp.graph.contracts import graph_of
from idp.options import OUT, DeploymentId, Out
from idp.output import stacks_of


class Form(StrEnum):
    """How the graph is written."""

    TEXT = "text"
    MERMAID = "mermaid"
    SVG = "svg"


def graph(
    deployment: DeploymentId,
    form: Annotated[Form, typer.Option("--format", help="Text has every read, drawings no implied ones.")] = Form.TEXT,
    to: Annotated[Path | None, typer.Option("--to", help="A file to write; else it is printed.")] = None,
    out: Out = OUT,
) -> None:
    """Print the stacks by layer with what each reads of which: the contracts, as the JSON has them."""
    found = graph_of(stacks_of(out, deployment))
    text = {Form.TEXT: forms.text, Form.MERMAID: forms.mermaid, Form.SVG: forms.svg}[form](found)
    if to is None:
        typer.echo(text, nl=False)
    else:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(text, encoding="utf-8")
        typer.echo(to)

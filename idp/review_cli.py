"""``python -m idp review``: one page of HTML for each deployment, for those who review what was generated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from config.loader import load
from idp.errors import OperationError
from idp.options import CONFIG, OUT, AnyDeployment, Config, Out, configured
from idp.review.page import page
from idp.review.review import review as reviewed

# Beside the stacks, where neither synth nor the engine's command line removes anything.
PLACE = "review"


def review(
    deployment: AnyDeployment = "",
    against: Annotated[Path | None, typer.Option("--against", help="Another synthesized output: mark changes.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="The page's file; else review/<id>.html in --out.")] = None,
    config: Config = CONFIG,
    out: Out = OUT,
) -> None:
    """Write a page with stacks, resources, requirements, access and cost. It needs no server and no network."""
    if to is not None and not deployment:
        raise OperationError("--to is for one page", remedy="name its deployment by --deployment")
    chosen = [configured(config, deployment)] if deployment else load(config)
    for each in chosen:
        target = to or out / PLACE / f"{each.id}.html"
        text = page(reviewed(each, out, against))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        typer.echo(target)

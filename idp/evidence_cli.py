"""``python -m idp evidence``: which requirements a deployment meets, how, and what proves it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from idp.evidence.files import found_in, write
from idp.options import OUT, AnyDeployment, Out
from idp.output import read_output

# Beside the stacks, where neither synth nor the engine's command line removes anything.
PLACE = "evidence"


def evidence(
    deployment: AnyDeployment = "",
    to: Annotated[Path | None, typer.Option("--to", help="Directory to write; else evidence/ in --out.")] = None,
    out: Out = OUT,
) -> None:
    """Write evidence for PCI DSS as Markdown, CSV and an OSCAL component definition, in a directory per deployment."""
    chosen = [deployment] if deployment else sorted({stack.deployment for stack in read_output(out)})
    for each in chosen:
        found = found_in(out, each)
        for path in write(found, each, out, (to or out / PLACE) / each):
            typer.echo(path)
        gaps = [each.requirement.id for each in found if each.status == "gap"]
        typer.echo(f"{each}: {len(gaps)} gaps{': ' if gaps else ''}{', '.join(gaps)}")

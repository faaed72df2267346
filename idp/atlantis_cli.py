"""``python -m idp atlantis``: ``atlantis.yaml``, and what the Atlantis server runs on a pull request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from constructs_lib.guardrails import GuardrailError
from idp.atlantis import intake, policies
from idp.atlantis.projects import repository_file
from idp.errors import OperationError
from idp.options import OUT, Out
from idp.output import read_output

app = typer.Typer(no_args_is_help=True, help="atlantis.yaml, and what the Atlantis server runs on a pull request.")

FILE = Path(intake.REPOSITORY_FILE)
To = Annotated[Path, typer.Option("--to", help="The file.")]
StackDirectory = Annotated[Path, typer.Argument(help="A stack's directory below the output.")]


@app.command()
def write(out: Out = OUT, to: To = FILE) -> None:
    """Write atlantis.yaml: one project for each stack of the output, in the order that the stacks imply."""
    to.write_text(repository_file(read_output(out)), encoding="utf-8")
    typer.echo(f"wrote {to}")


@app.command()
def check(out: Out = OUT, to: To = FILE) -> None:
    """Exit 1 where atlantis.yaml isn't that of the output."""
    if not to.exists() or to.read_text(encoding="utf-8") != repository_file(read_output(out)):
        raise OperationError(f"{to} isn't current", remedy="python -m idp atlantis write, and commit it")


@app.command()
def take(
    head: Annotated[Path, typer.Option("--head", help="Tar of the output that the pull request's code wrote.")],
    clone: Annotated[Path, typer.Option("--clone", help="The clone of the pull request.")],
    base: Annotated[Path | None, typer.Option("--base", help="Tar of the base branch's output.")] = None,
) -> None:
    """Check what a pull request's code wrote, and put it into the clone with an atlantis.yaml of what it changes."""
    try:
        found = intake.take(head, base, clone)
    except GuardrailError as error:
        raise OperationError(f"the synthesized JSON breaks rules:\n{error}", remedy="see each line") from None
    typer.echo(f"changed: {', '.join(found.changed) or 'no stack'}")
    if found.gone:
        typer.echo(f"gone: {', '.join(found.gone)}. Nothing plans that: destroy them before the merge")


@app.command()
def guard(
    stack: StackDirectory,
    workspace: Annotated[str, typer.Option("--workspace", envvar="WORKSPACE", help="Atlantis' workspace.")] = "default",
) -> None:
    """Exit 1 where a plan of the stack would run programs, use other credentials or read foreign files."""
    policies.guard(stack, workspace)


@app.command()
def guardrails(stack: StackDirectory) -> None:
    """Exit 1 where the output that the stack belongs to breaks guardrails. Prints what Atlantis takes for a failure."""
    _report("guardrails", policies.guardrails(stack))


@app.command()
def checkov(stack: StackDirectory, plan: Annotated[Path, typer.Argument(help="JSON of the stack's plan.")]) -> None:
    """Exit 1 where the plan fails a check that the stack gives no reason for."""
    _report("checkov", policies.judged(stack, plan))


def _report(policy: str, found: list[str]) -> None:
    for line in policies.report(policy, found):
        typer.echo(line)
    if found:
        raise typer.Exit(1)

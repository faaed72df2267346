"""The command line: ``python -m idp VERB … --deployment ID``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from idp import apply as applying
from idp import bootstrap as bootstrapping
from idp.atlantis_cli import app as atlantis_app
from idp.cost_cli import cost
from idp.destroy_cli import destroy
from idp.diff_cli import diff
from idp.doctor_cli import doctor
from idp.e2e_cli import e2e
from idp.engine import terminate_as_interrupt
from idp.entry import ended
from idp.evidence_cli import evidence
from idp.graph_cli import graph
from idp.images_cli import app as images_app
from idp.okcli_cli import register_ok_cli
from idp.options import (
    JOBS,
    OUT,
    TIMEOUT,
    WORK,
    DeploymentId,
    EnginePath,
    Jobs,
    Minutes,
    Only,
    Out,
    Work,
    operation,
)
from idp.output import stacks_of
from idp.providers_cli import app as providers_app
from idp.recover_cli import recover
from idp.review_cli import review
from idp.synth_cli import synth
from idp.team_cli import app as team_app
from idp.unlock_cli import unlock
from idp.validate_cli import validate_command
from idp.verify_cli import verify

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

app.add_typer(atlantis_app, name="atlantis")
app.add_typer(images_app, name="images")
app.add_typer(providers_app, name="providers")
app.add_typer(team_app, name="team")
app.command()(cost)
app.command()(doctor)
app.command()(e2e)
app.command()(destroy)
app.command()(diff)
app.command()(evidence)
app.command()(graph)
app.command()(recover)
app.command()(register_ok_cli)
app.command()(review)
app.command()(synth)
app.command()(unlock)
app.command("validate")(validate_command)
app.command()(verify)


@app.command()
def order(deployment: DeploymentId, out: Out = OUT) -> None:
    """Print the stacks in apply order, one a line; destroy in the reverse."""
    for stack in stacks_of(out, deployment):
        typer.echo(stack.name)


@app.command()
def bootstrap(
    deployment: DeploymentId, out: Out = OUT, engine: EnginePath = None, work: Work = WORK, timeout: Minutes = TIMEOUT
) -> None:
    """Make the remote state, and move the bootstrap stack's own state into it."""
    bootstrapping.bootstrap(operation(deployment, out, engine, work, timeout))


@app.command()
def plan(
    deployment: DeploymentId,
    out: Out = OUT,
    engine: EnginePath = None,
    work: Work = WORK,
    stack: Only = None,
    timeout: Minutes = TIMEOUT,
    jobs: Jobs = JOBS,
    keep: Annotated[
        Path | None, typer.Option(help="Directory for the plans as JSON, for `idp diff --plans`; they hold secrets.")
    ] = None,
) -> None:
    """Plan every stack. Exit code 2 where one has changes."""
    if keep:
        keep.mkdir(mode=0o700, parents=True, exist_ok=True)
    if applying.plan(operation(deployment, out, engine, work, timeout, jobs), stack, keep=keep):
        raise typer.Exit(2)


@app.command()
def apply(
    deployment: DeploymentId,
    out: Out = OUT,
    engine: EnginePath = None,
    work: Work = WORK,
    stack: Only = None,
    timeout: Minutes = TIMEOUT,
    jobs: Jobs = JOBS,
) -> None:
    """Apply every stack, in order, without asking: what will change is what `plan` shows."""
    applying.apply(operation(deployment, out, engine, work, timeout, jobs), stack)


def main() -> int:
    """Run the command line; errors are printed with their remedy and end in exit code 1."""
    terminate_as_interrupt()
    return ended(app)

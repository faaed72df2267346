"""``python -m idp recover``: what a killed apply made and no state holds."""

from __future__ import annotations

from typing import Annotated

import typer

from idp.aws import Aws
from idp.options import OUT, TIMEOUT, WORK, DeploymentId, EnginePath, Minutes, Out, Work, operation
from idp.recover import recover as find


def recover(
    deployment: DeploymentId,
    stack: Annotated[str, typer.Option("--stack", help="The stack whose apply was killed.")],
    out: Out = OUT,
    engine: EnginePath = None,
    work: Work = WORK,
    timeout: Minutes = TIMEOUT,
) -> None:
    """Look for what a killed apply made and the stack's state doesn't hold; the next apply takes it over.

    What was cut short while it was made, and is guarded by `prevent_destroy`, is kept: the state no longer says that it
    is to be replaced. Run it after `unlock`, and before `apply`. Nothing in AWS is changed.
    """
    running = operation(deployment, out, engine, work, timeout)
    (chosen,) = running.chosen([stack])
    aws = Aws(region=chosen.document["provider"]["aws"][0]["region"])
    search = find(running, chosen, aws.client)
    for address in search.cut_short:
        typer.echo(f"{stack}: {address} was cut short while it was made; it is kept, and a plan says what it lacks")
    for address, found in sorted(search.found.items()):
        typer.echo(f"{stack}: {address} is there: {found}")
    if search.found or search.cut_short:
        then = f"python -m idp apply --deployment {deployment} --stack {stack}"
        typer.echo(f"{len(search.found)} to take over, {len(search.cut_short)} kept; go on by: {then}")
    else:
        typer.echo(f"{stack}: nothing is there that its state doesn't hold")

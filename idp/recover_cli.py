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

    Run it after `unlock`, and before `apply`. Nothing in AWS is changed.
    """
    running = operation(deployment, out, engine, work, timeout)
    (chosen,) = running.chosen([stack])
    aws = Aws(region=chosen.document["provider"]["aws"][0]["region"])
    search = find(running, chosen, aws.client)
    for address, found in sorted(search.found.items()):
        typer.echo(f"{stack}: {address} is there: {found}")
    if search.found:
        then = f"python -m idp apply --deployment {deployment} --stack {stack}"
        typer.echo(f"{len(search.found)} are taken over by: {then}")
    else:
        typer.echo(f"{stack}: nothing is there that its state doesn't hold")

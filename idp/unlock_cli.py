"""``python -m idp unlock``: who holds a stack's lock, and its release."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from idp.aws import Aws
from idp.errors import OperationError
from idp.options import OUT, TIMEOUT, WORK, DeploymentId, EnginePath, Minutes, Out, Work, operation
from idp.unlock import Lock, held, may_run, release


def unlock(
    deployment: DeploymentId,
    stack: Annotated[str, typer.Option("--stack", help="The stack whose state is locked.")],
    yes_lock: Annotated[str, typer.Option("--yes-lock", help="The lock's ID: its holder doesn't run any more.")] = "",
    out: Out = OUT,
    engine: EnginePath = None,
    work: Work = WORK,
    timeout: Minutes = TIMEOUT,
) -> None:
    """Show who holds the lock of a stack's state, since when and where, and release it.

    While that process may still run, only with the lock's ID typed: by --yes-lock, or when a terminal is asked.
    """
    running = operation(deployment, out, engine, work, timeout)
    (chosen,) = running.chosen([stack])
    aws = Aws(region=chosen.document["terraform"]["backend"]["s3"]["region"])

    def client(service: str) -> Any:
        return aws.client(service)

    where = f"--deployment {deployment} --stack {stack}"
    locks = held(chosen, client)
    if not locks:
        typer.echo(f"{stack}: not locked")
    for lock in locks:
        typer.echo(f"{stack}: {lock}")
    for lock in locks:
        _confirm(lock, yes_lock)
        release(running, chosen, lock, client)
        typer.echo(f"{stack}: released {lock.id}; a state that was being written is in the bucket's older versions")
        typer.echo(f"what an apply made last may be in no state: python -m idp recover {where} looks for it")


def _confirm(lock: Lock, yes_lock: str) -> None:
    """Raises OperationError where the holder may still run, and nobody typed the lock's ID."""
    why = may_run(lock)
    if not why or yes_lock == lock.id:
        return
    if not yes_lock and sys.stdin.isatty():
        typer.echo(f"{why}. Two at once may destroy the state.")
        yes_lock = typer.prompt("Type the lock's ID to release it", default="", show_default=False)
        if yes_lock == lock.id:
            return
    raise OperationError(
        f"not released: {why}",
        remedy=f"nothing was changed; make sure that it ended, then add --yes-lock {lock.id}",
    )

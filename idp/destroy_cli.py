"""``python -m idp destroy``: every stack in reverse order, after two typed confirmations."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from config.deployment import Deployment
from constructs_lib.naming import naming_of
from idp import teardown as tearing
from idp.aws import Aws
from idp.controllers import Gate
from idp.errors import OperationError
from idp.leftovers import Search
from idp.operation import Operation
from idp.options import (
    CONFIG,
    JOBS,
    OUT,
    TIMEOUT,
    WORK,
    Config,
    DeploymentId,
    EnginePath,
    Jobs,
    Minutes,
    Out,
    Work,
    configured,
    operation,
)
from idp.protection import Policy, protected

WHAT: dict[Policy, str] = {
    "drop": "deletes their data, backups included",
    "snapshot": "deletes them; the database leaves a final snapshot, and full buckets and repositories stop it",
}


def destroy(
    deployment: DeploymentId,
    yes_destroy: Annotated[str, typer.Option("--yes-destroy", help="The deployment's id once more, to confirm.")] = "",
    yes_policy: Annotated[
        str, typer.Option("--yes-policy", help="Its deletion policy, to confirm what becomes of data.")
    ] = "",
    leave_behind: Annotated[
        str, typer.Option("--leave-behind", help="The id again: don't wait for what controllers clean up.")
    ] = "",
    config: Config = CONFIG,
    out: Out = OUT,
    engine: EnginePath = None,
    work: Work = WORK,
    timeout: Minutes = TIMEOUT,
    jobs: Jobs = JOBS,
) -> None:
    """Destroy every stack in reverse order, then list what AWS still holds. On a terminal it asks for confirmation.

    Elsewhere it needs --yes-destroy ID --yes-policy POLICY. Run again, it goes on where it stopped.
    """
    if yes_destroy != deployment and not (sys.stdin.isatty() and not yes_destroy):
        raise _unconfirmed(deployment, f"this destroys every stack of {deployment}", f"--yes-destroy {deployment}")
    if leave_behind not in ("", deployment):
        raise _unconfirmed(deployment, "--leave-behind names another one", f"--leave-behind {deployment}")
    chosen = configured(config, deployment)
    policy = chosen.deletion_policy
    running = operation(deployment, out, engine, work, timeout, jobs)
    tearing.refuse_retained(running.stacks, policy)
    _confirm(running, deployment, policy, yes_destroy, yes_policy)
    search = _search(chosen)
    dns = chosen.components.external_dns
    deletes = dns is not None and dns.policy == "sync"
    gate = None if leave_behind else Gate(search=search, report=running.engine.report, records=deletes)
    for address in tearing.teardown(running, policy, gate):
        typer.echo(f"kept on purpose, no longer in any state: {address}")
    list_leftovers(search)


def _confirm(running: Operation, deployment: str, policy: Policy, yes_destroy: str, yes_policy: str) -> None:
    """Say what will be lost, and ask for what isn't confirmed yet. Raises OperationError."""
    held = [f"{stack.name}: {address}" for stack in running.stacks for address in protected(stack)]
    if yes_destroy == deployment and yes_policy == policy:
        return
    listed = "\n  ".join(held)
    says = f"policy {policy} lifts the protection of these and {WHAT[policy]}:\n  {listed}"
    if yes_policy or not sys.stdin.isatty():
        raise _unconfirmed(deployment, says, f"--yes-policy {policy}")
    typer.echo(f"{len(running.stacks)} stacks of {deployment}; {says}")
    wanted = f"{deployment} {policy}"
    if typer.prompt(f"Type `{wanted}` to go on", default="", show_default=False) != wanted:
        raise _unconfirmed(deployment, "typed something else", f"--yes-policy {policy}")


def _unconfirmed(deployment: str, what: str, option: str) -> OperationError:
    return OperationError(
        f"not confirmed: {what}", remedy=f"nothing was changed; to go on with {deployment}, add {option}"
    )


def _search(deployment: Deployment) -> Search:
    platform = deployment.platform
    aws = Aws(region=platform.region)
    return Search(deployment=deployment.id, cluster=naming_of(deployment).cluster, domain=platform.domain, aws=aws)


def list_leftovers(search: Search) -> None:
    """Print what is left, by tags; where AWS can't be asked, why. Neither undoes the destroy: no error is raised."""
    try:
        left = search.everything()
    except (BotoCoreError, ClientError) as error:
        typer.echo(f"destroyed; can't list what is left: {error}", err=True)
        return
    for each in left:
        typer.echo(f"left: {each}")
    typer.echo(
        f"{len(left)} things still carry tags of {search.deployment} or of its cluster"
        + ("; what was kept on purpose is among them, the rest is yours to delete" if left else "")
    )

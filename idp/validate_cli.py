"""``python -m idp validate``: the configuration, the guardrails on the output, and the engine's own validation."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from config.deployment import Deployment
from config.errors import ConfigError
from config.loader import load
from constructs_lib.guardrails import GuardrailError
from constructs_lib.quotas.report import notices
from idp.errors import OperationError
from idp.operation import Operation
from idp.options import (
    CONFIG,
    JOBS,
    OUT,
    TIMEOUT,
    WORK,
    AnyDeployment,
    Config,
    EnginePath,
    Jobs,
    Minutes,
    Only,
    Out,
    Work,
    operation,
)
from idp.output import read_output
from idp.pinned import images, providers
from idp.providers import DIRECTORY, Lock, engine_of, home
from idp.validate import Validated, guardrails, validate
from idp.workspace import Workspace

PLACE = "validate"


def validate_command(
    deployment: AnyDeployment = "",
    config: Config = CONFIG,
    out: Out = OUT,
    engine: EnginePath = None,
    work: Work = WORK,
    stack: Only = None,
    timeout: Minutes = TIMEOUT,
    jobs: Jobs = JOBS,
    strict: Annotated[bool, typer.Option("--strict", help="Fail where a stack's providers aren't to be had.")] = False,
    pinned: Annotated[
        bool, typer.Option("--pinned", help="Fail where an image or provider has no recorded hash.")
    ] = False,
) -> None:
    """Check configuration, guardrails and each stack's JSON; needs no credentials. Exit code 1: something is wrong.

    Exit code 2: the configuration is wrong, and nothing else was looked at.
    """
    try:
        declared = load(config)
        for warning in notices(declared):
            typer.echo(warning, err=True)
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"configuration: {len(declared)} deployments of {config} are valid")
    problems = _guardrails(out)
    for each in [deployment] if deployment else sorted({found.deployment for found in read_output(out)}):
        running = operation(each, out, engine, work, timeout, jobs)
        # Beside the other working copies: those are initialized on their backends.
        found = validate(dataclasses.replace(running, workspace=Workspace(root=work.parent / PLACE)), stack)
        problems += _told(found, strict)
        problems += _unpinned(running, [named for named in declared if named.id == each]) if pinned else 0
    if problems:
        raise OperationError(f"{problems} problems, each told above", remedy="correct them and run the command again")


def _guardrails(out: Path) -> int:
    try:
        count = guardrails(out)
    except GuardrailError as error:
        typer.echo(str(error), err=True)
        return len(error.violations)
    typer.echo(f"guardrails: {count} stacks of {out} keep all")
    return 0


def _unpinned(running: Operation, declared: list[Deployment]) -> int:
    """Print what isn't named by a hash. Returns the number of problems."""
    lock = Lock(engine=engine_of(running.engine.program), directory=home() or DIRECTORY)
    found = [*images(declared), *providers(lock, running.stacks)]
    for line in found:
        typer.echo(f"not pinned: {line}", err=True)
    return len(found)


def _told(found: Validated, strict: bool) -> int:
    """Print what was found. Returns the number of problems."""
    for name, problem in sorted(found.wrong.items()):
        typer.echo(f"{name}:\n{problem}", err=True)
    for reason in sorted(set(found.unasked.values())):
        names = sorted(name for name, why in found.unasked.items() if why == reason)
        typer.echo(f"not asked: {', '.join(names)}: {reason}", err=strict)
    return len(found.wrong) + (len(found.unasked) if strict else 0)

"""``python -m idp diff``: what changed between two synths, for a person, a pull request or a program."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from idp.diff.compare import compare
from idp.diff.cost import priced
from idp.diff.machine import machine
from idp.diff.markdown import markdown
from idp.diff.model import Diff
from idp.diff.plans import planned
from idp.diff.refusal import REFUSED, refused
from idp.diff.revision import synthesized
from idp.diff.terminal import show
from idp.errors import OperationError
from idp.options import CONFIG, OUT, AnyDeployment, AsJson, AsMarkdown, Config, refuse_two_forms
from idp.output import Stack, read_output

CHANGED = 2

Before = Annotated[Path | None, typer.Argument(help="Directory of the output from before.")]
After = Annotated[Path | None, typer.Argument(help="Directory of the output from after; else cdktf.out.")]
Against = Annotated[
    str, typer.Option("--against", help="A git revision in place of BEFORE: its own code synthesizes it, elsewhere.")
]
Plans = Annotated[
    Path | None, typer.Option("--plans", help="Directory of plans of AFTER, <stack>.json: they say what is replaced.")
]
ConfigBefore = Annotated[
    Path | None,
    typer.Option("--config-before", help="The cdktf.json from before: say what the change costs."),
]
FailOn = Annotated[
    str,
    typer.Option("--fail-on", help=f"Exit code 1 where what holds data or keys is one of these: {', '.join(REFUSED)}"),
]


def diff(
    before: Before = None,
    after: After = None,
    against: Against = "",
    deployment: AnyDeployment = "",
    plans: Plans = None,
    fail_on: FailOn = "",
    config_before: ConfigBefore = None,
    config: Config = CONFIG,
    as_markdown: AsMarkdown = False,
    as_json: AsJson = False,
) -> None:
    """Show which addresses another synth adds, changes, replaces, moves and destroys. Exit code 0: none. 2: some.

    With --against the only directory is AFTER.
    """
    refuse_two_forms(as_markdown, as_json)
    kinds = _kinds(fail_on)
    old, new = (None, before) if against and after is None else (before, after)
    with _before(old, against) as directory:
        found = _found(read_output(directory), read_output(new or OUT), deployment, plans)
    if config_before is not None:
        found = priced(found, config_before, config, datetime.date.today())
    if as_markdown or as_json:
        typer.echo(markdown(found) if as_markdown else machine(found), nl=False)
    else:
        show(found, Console())
    if entries := refused(found, kinds):
        raise OperationError(
            f"refused by --fail-on {fail_on}: " + ", ".join(f"{entry.id} ({entry.what})" for entry in entries),
            remedy="keep them: a `moved` block where only the address changed, the former argument where one forces it",
        )
    if not found.is_empty:
        raise typer.Exit(CHANGED)


def _kinds(given: str) -> tuple[str, ...]:
    kinds = tuple(each.strip() for each in given.split(",") if each.strip())
    for each in kinds:
        if each not in REFUSED:
            raise OperationError(f"--fail-on knows no {each!r}", remedy=f"name some of: {', '.join(REFUSED)}")
    return kinds


@contextmanager
def _before(directory: Path | None, revision: str) -> Iterator[Path]:
    if (directory is None) == (not revision):
        raise OperationError("there must be one output to compare with", remedy="name BEFORE, or --against REVISION")
    if directory is not None:
        yield directory
    else:
        with synthesized(revision, Path.cwd()) as out:
            yield out


def _found(old: list[Stack], new: list[Stack], deployment: str, plans: Path | None) -> Diff:
    deployments = {stack.name: stack.deployment for stack in (*old, *new)}
    if deployment and deployment not in deployments.values():
        known = ", ".join(sorted(set(deployments.values())))
        raise OperationError(f"neither output holds a deployment {deployment!r}", remedy=f"name one of: {known}")
    chosen = [[stack for stack in stacks if deployment in ("", stack.deployment)] for stacks in (old, new)]
    found = compare(*chosen)
    if plans is None:
        return found
    return planned(found, plans, {stack.name: stack.deployment for stack in (*chosen[1], *chosen[0])})

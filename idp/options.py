"""Options that several commands share, and what they stand for."""

from __future__ import annotations

import datetime
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from config.deployment import Deployment
from config.loader import load
from idp.engine import Engine, find_engine
from idp.errors import OperationError
from idp.operation import Operation
from idp.output import stacks_of
from idp.providers import locks
from idp.screen import Live
from idp.tally import Tally
from idp.workspace import Workspace

DeploymentId = Annotated[str, typer.Option("--deployment", help="The deployment's id, such as idp.")]
AnyDeployment = Annotated[str, typer.Option("--deployment", help="The deployment's id; else all of them.")]
Config = Annotated[Path, typer.Option("--config", help="The cdktf.json that declares the deployment.")]
Out = Annotated[Path, typer.Option("--out", envvar="IDP_OUT", help="The synthesized output.")]
EnginePath = Annotated[
    Path | None, typer.Option("--engine", envvar="IDP_ENGINE", help="OpenTofu or Terraform; else the one found.")
]
Work = Annotated[Path, typer.Option("--work", envvar="IDP_WORK", help="Where working copies of the stacks go.")]
Only = Annotated[list[str] | None, typer.Option("--stack", help="Only this stack; may be given several times.")]
Minutes = Annotated[float, typer.Option("--timeout", help="Minutes that one command of the engine may take.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
AsMarkdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")]
Strict = Annotated[bool, typer.Option("--strict", help="Warnings count as failures: exit code 2.")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Stacks at once, each after those that it reads.")]

Today = Annotated[
    datetime.datetime | None,
    typer.Option(
        "--today",
        formats=["%Y-%m-%d"],
        help="Judge AWS's support of Kubernetes minors and ends of exceptions by this day.",
    ),
]

CONFIG, OUT, WORK, TIMEOUT = Path("cdktf.json"), Path("cdktf.out"), Path(".idp") / "work", 120.0
# Each stack at once is one engine with its providers: about half a gigabyte of memory.
JOBS = 4


def operation(deployment: str, out: Path, engine: Path | None, work: Path, timeout: float, jobs: int = 1) -> Operation:
    """An operation on the stacks of ``deployment`` in ``out``. Raises OperationError."""
    console = Console()
    # Elsewhere than on a terminal: plain lines, and one now and then for what takes long.
    live = Live(console) if console.is_terminal else None
    runner = Engine(
        program=find_engine(engine),
        report=live.line if live else typer.echo,
        timeout=60 * timeout,
        again=f"python -m idp {shlex.join(sys.argv[1:])}",
        unlock=f"python -m idp unlock --deployment {deployment}",
        recover=f"python -m idp recover --deployment {deployment}",
        bootstrap=f"python -m idp bootstrap --deployment {deployment}",
        watcher=live.state if live else None,
    )
    stacks = stacks_of(out, deployment)
    return Operation(
        engine=runner,
        workspace=Workspace(root=work),
        stacks=stacks,
        jobs=jobs,
        locks=locks(),
        tally=Tally(screen=live),
    )


def day_of(today: datetime.datetime | None) -> datetime.date:
    """The day that ``--today`` names; this one without."""
    return today.date() if today else datetime.date.today()


def refuse_two_forms(as_markdown: bool, as_json: bool) -> None:
    """Raise OperationError where both are asked for."""
    if as_markdown and as_json:
        raise OperationError("--markdown and --json are two forms", remedy="give one of them")


def configured(config: Path, deployment: str) -> Deployment:
    """The deployment as its file says. Raises ConfigError, or OperationError where no file declares it."""
    everyone = load(config)
    for found in everyone:
        if found.id == deployment:
            return found
    known = ", ".join(each.id for each in everyone)
    raise OperationError(
        f"{config} declares no deployment {deployment!r}", remedy=f"name one of: {known}; or another file by --config"
    )

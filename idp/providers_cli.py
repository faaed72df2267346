"""``python -m idp providers lock|check|place``: which providers an engine may take, by version and hash."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from idp.engine import Engine, find_engine
from idp.errors import OperationError
from idp.options import OUT, WORK, EnginePath, Out, Work
from idp.output import read_output
from idp.providers import DIRECTORY, LOCK_FILE, PLATFORMS, READ_ONLY, Lock, engine_of, home, required_by
from idp.workspace import Workspace

app = typer.Typer(no_args_is_help=True, help="Locks of Terraform providers.")
Platforms = Annotated[
    list[str] | None,
    typer.Option("--platform", help="For whom hashes are recorded, such as linux_amd64; several times."),
]
Mirror = Annotated[
    Path | None, typer.Option("--mirror", help="Directory with providers; else the registry, whose signatures count.")
]
Upgrade = Annotated[bool, typer.Option("--upgrade", help="Take the newest versions; else keep those recorded.")]


@app.command()
def lock(
    out: Out = OUT,
    engine: EnginePath = None,
    work: Work = WORK,
    platform: Platforms = None,
    mirror: Mirror = None,
    upgrade: Upgrade = False,
) -> None:
    """Record version and hashes of every provider that the output needs, in providers/<engine>.lock.hcl for review."""
    program = find_engine(engine)
    found = _lock(program)
    required = {name: entry for each in _required(out) for name, entry in each.items()}
    directory = Workspace(root=work.parent).scratch("lock", {"terraform": {"required_providers": required}})
    if found.text and not upgrade:
        (directory / LOCK_FILE).write_text(found.text, encoding="utf-8")
    options = [f"-platform={each}" for each in platform or PLATFORMS]
    options += [f"-fs-mirror={mirror.resolve()}"] if mirror else []
    Engine(program=program, report=typer.echo).run(directory, "providers", "lock", "-no-color", *options)
    found.path.parent.mkdir(exist_ok=True)
    found.path.write_text((directory / LOCK_FILE).read_text(encoding="utf-8"), encoding="utf-8")
    for address, entry in found.entries().items():
        typer.echo(f"{found.path.name}: {address} {entry.version}, {len(entry.hashes)} hashes")


@app.command()
def check(out: Out = OUT, engine: EnginePath = None) -> None:
    """Whether the lock holds all that the output needs. Exit code 2: there is no lock; 1: it lacks something."""
    found = _lock(find_engine(engine))
    if not found.text:
        typer.echo(f"no providers/{found.path.name}: `init` takes what the registry has", err=True)
        raise typer.Exit(2)
    problems = found.problems(_required(out))
    if problems:
        raise OperationError(
            "\n".join(problems), remedy="run `python -m idp providers lock`, and review the difference"
        )
    typer.echo(f"providers/{found.path.name}: holds all that {out} needs")


@app.command()
def place(out: Out = OUT, engine: EnginePath = None) -> None:
    """Write each stack's part of the lock into its directory, for an engine that is run there by hand."""
    found = _lock(find_engine(engine))
    if not found.text:
        raise OperationError(f"no providers/{found.path.name}", remedy="run `python -m idp providers lock` first")
    stacks = [stack for stack in read_output(out) if found.place(stack.directory)]
    typer.echo(f"{len(stacks)} stacks of {out} have {LOCK_FILE}; run `init {READ_ONLY}` there")


def _lock(program: Path) -> Lock:
    return Lock(engine=engine_of(program), directory=home() or DIRECTORY)


def _required(out: Path) -> list[dict[str, dict[str, str]]]:
    """``required_providers`` of every stack."""
    return [{name: dict(entry) for name, entry in required_by(stack.directory).items()} for stack in read_output(out)]

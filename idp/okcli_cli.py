"""``python -m idp register-ok-cli``: this repository in ok-cli."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from idp.okcli.change import Change, write
from idp.okcli.register import Repository, changes

_STYLES = {"+++": "bold", "---": "bold", "@@": "cyan", "+": "green", "-": "red"}


def register_ok_cli(
    path: Annotated[Path, typer.Argument(help="A clone of ok-cli.", exists=True, file_okay=False)],
    repo: Annotated[str, typer.Option(help="The repository's name.")] = "aws-idp-infra",
    type: Annotated[str, typer.Option(help="Its kind in REPO_TYPES; maven puts it into MAVEN_REPOS, too.")] = "shell",
    description: Annotated[str, typer.Option(help="What GitHub shows of it.")] = (
        "Internal Developer Platform infrastructure"
    ),
    visibility: Annotated[str, typer.Option(help="private, internal or public.")] = "private",
    branch: Annotated[str, typer.Option(help="Its default branch.")] = "main",
    skip: Annotated[
        list[str] | None, typer.Option(help="A file that you change by hand; may be given several times.")
    ] = None,
    yes: Annotated[bool, typer.Option("--write", help="Write the changes; without it they are only shown.")] = False,
) -> None:
    """Show what puts the repository into ok-cli, and write it with --write. Run again, nothing changes."""
    repository = Repository(name=repo, type=type, description=description, visibility=visibility, branch=branch)
    found = changes(path, repository, skip or ())
    console = Console(soft_wrap=True, highlight=False)
    for change in found:
        if console.is_terminal:
            console.print(_coloured(change), end="")
        else:
            # As it is, for a pipe into patch: Rich would write tabs as spaces.
            typer.echo(change.difference, nl=False)
    if not found:
        console.print(f"{repo} is in ok-cli already: nothing to change")
    elif yes:
        write(found)
        console.print(f"{len(found)} files written; look at them, and commit them there")
    else:
        console.print("nothing was written; add --write")


def _coloured(change: Change) -> Text:
    text = Text()
    for line in change.difference.splitlines(keepends=True):
        style = next((style for start, style in _STYLES.items() if line.startswith(start)), "")
        text.append(line, style)
    return text

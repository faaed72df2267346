"""``python -m idp.atlantis``: the commands of ``idp atlantis`` alone, for the server's image."""

from __future__ import annotations

import sys

import typer

from config.errors import ConfigError
from idp.atlantis_cli import app
from idp.errors import OperationError


def main() -> int:
    """Run a command; errors are printed with their remedy and end in exit code 1."""
    try:
        app()
    except (OperationError, ConfigError) as error:
        typer.echo(str(error), err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

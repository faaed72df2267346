"""How a command line ends."""

from __future__ import annotations

from collections.abc import Callable

import typer

from config.errors import ConfigError
from idp.errors import OperationError


def ended(app: Callable[[], object]) -> int:
    """Run ``app``. Returns the exit code: errors are printed with their remedy and end in 1."""
    try:
        app()
    except (OperationError, ConfigError) as error:
        typer.echo(str(error), err=True)
        return 1
    return 0

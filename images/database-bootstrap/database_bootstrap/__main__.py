"""``python -m database_bootstrap SETTINGS``: exit codes are those of ``database_bootstrap.errors``."""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg

from database_bootstrap.errors import JobError
from database_bootstrap.job import run
from database_bootstrap.secret_store import SecretStore
from database_bootstrap.settings import load


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        _say("usage: python -m database_bootstrap SETTINGS.json")
        return 2
    try:
        settings = load(Path(arguments[0]))
        run(settings, SecretStore(settings.region), _say)
    except JobError as error:
        _say(f"FAILED: {error}")
        return error.exit_code
    except psycopg.Error as error:
        # Neither text nor traceback of a database error: they may quote a statement.
        _say(f"FAILED: {error.sqlstate or type(error).__name__}: {error.diag.message_primary or 'connection lost'}")
        return JobError.exit_code
    return 0


def _say(text: str) -> None:
    print(f"database-bootstrap: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

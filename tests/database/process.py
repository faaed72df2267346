"""Runs the job in a process of its own, and can kill that process right after any of its effects."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from botocore.client import BaseClient
from database_bootstrap.__main__ import main
from psycopg.sql import Composable

KILLED = 137
_WRITES = ("PutSecretValue", "UpdateSecretVersionStage")


@dataclass(frozen=True, kw_only=True)
class Run:
    code: int
    output: str


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job under way."""

    pid: int
    log: Path

    def wait(self) -> Run:
        _, status = os.waitpid(self.pid, 0)
        return Run(code=os.waitstatus_to_exitcode(status), output=self.log.read_text(encoding="utf-8"))


def start(settings: Path, log: Path, environment: Mapping[str, str], kill_after: int | None = None) -> Job:
    """Fork: the libraries are loaded once, so that a hundred runs take seconds. ``kill_after`` counts effects."""
    pid = os.fork()
    if pid:
        return Job(pid=pid, log=log)
    code = 70
    try:
        # Line by line: a killed process flushes nothing.
        sys.stdout = sys.stderr = log.open("w", encoding="utf-8", buffering=1)
        os.environ.pop("AWS_PROFILE", None)
        os.environ.update(environment)
        if kill_after is not None:
            _die_after(kill_after)
        code = main([str(settings)])
    finally:
        os._exit(code)


def _die_after(effects: int) -> None:
    left = effects

    def counted(original: Callable[..., Any], is_effect: Callable[..., bool]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            answer = original(*arguments, **options)
            left -= is_effect(*arguments)
            if not left:
                os._exit(KILLED)
            return answer

        return call

    # The job's statements that change something are composed ones; its questions are plain text.
    is_change = lambda _connection, query, *_: isinstance(query, Composable)  # noqa: E731
    is_write = lambda _client, operation, *_: operation in _WRITES  # noqa: E731
    setattr(psycopg.Connection, "execute", counted(psycopg.Connection.execute, is_change))  # noqa: B010
    setattr(BaseClient, "_make_api_call", counted(BaseClient._make_api_call, is_write))  # noqa: B010

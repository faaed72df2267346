"""Connections to the database server: TLS with the name checked, one run at a time, and errors by their cause."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from database_bootstrap.errors import Busy, LoginRefused, Unreachable
from database_bootstrap.settings import Settings

CONNECT_SECONDS = 10
# Any constant will do, so long as every run uses the same. Advisory locks are per database (PostgreSQL documentation,
# "Advisory Locks"), so each run takes it in the shared one.
LOCK = 4_726_301

_REFUSED = ("password authentication failed", "pg_hba.conf", "is not permitted to log in", "permission denied for")
_UNTRUSTED = ("SSL error", "certificate verify failed", "does not match host name", "root certificate file")


@dataclass(frozen=True, kw_only=True)
class Login:
    user: str
    password: str = field(repr=False)


def connect(settings: Settings, login: Login, database: str) -> psycopg.Connection:
    """A connection that commits each statement. Raises LoginRefused or Unreachable when there is none to be had."""
    try:
        return psycopg.connect(
            host=settings.host,
            port=settings.port,
            dbname=database,
            user=login.user,
            password=login.password,
            sslmode="verify-full",
            sslrootcert=settings.ca_file,
            # Right after a failover the cluster's name may still lead to a reader.
            target_session_attrs="read-write",
            connect_timeout=CONNECT_SECONDS,
            application_name="database-bootstrap",
            autocommit=True,
        )
    except psycopg.OperationalError as error:
        raise _cause(settings, login, database, str(error)) from error


@contextmanager
def alone(connection: psycopg.Connection, seconds: int) -> Iterator[None]:
    """Hold the lock. The server frees it when the connection ends, however it ends. Raises Busy after ``seconds``.

    The limit stays on for what follows: no statement of the job waits longer for a component that holds a table.
    """
    connection.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds}s"])
    try:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    except psycopg.errors.LockNotAvailable as error:
        raise Busy(f"another run has held the lock for {seconds} s: wait for it to end, then run again") from error
    yield


def _cause(settings: Settings, login: Login, database: str, message: str) -> Unreachable | LoginRefused:
    """libpq reports a failed connection as text only. The text holds names and addresses, never the password."""
    place = f"{settings.host}:{settings.port}"
    told = " ".join(message.split())
    if any(sign in message for sign in _REFUSED):
        return LoginRefused(f"{place} refuses user {login.user} in database {database}: {told}")
    if any(sign in message for sign in _UNTRUSTED):
        return Unreachable(f"{place} is not trusted by {settings.ca_file}: {told}")
    return Unreachable(f"{place} can't be reached: {told}: check endpoint, security group and network policy")

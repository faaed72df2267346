"""The job: one pass over what the settings name, in an order that may stop anywhere and start again."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from database_bootstrap import privileges
from database_bootstrap.errors import HalfDone, JobError, LoginRefused, SecretMissing
from database_bootstrap.rotation import rotate
from database_bootstrap.secret_store import SecretStore
from database_bootstrap.server import Login, alone, connect
from database_bootstrap.settings import Component, RandomKeys, Settings

KEY_BYTES = 32

Say = Callable[[str], None]


def run(settings: Settings, store: SecretStore, say: Say) -> None:
    """Make everything, and rotate every password. Raises JobError; HalfDone names what is left."""
    failed: dict[str, str] = {}
    login, connection = _master(settings, store)
    with connection, alone(connection, settings.lock_seconds):
        others = privileges.close_to_public(connection)
        if others:
            say(f"databases of other owners, left as they are: {', '.join(others)}")
        for component in settings.components:
            with _noting(failed, component.name, say):
                _prepare(settings, login, connection, component)
                version = rotate(settings, store, connection, component)
                say(f"{component.name}: user {component.user} has a new password, {component.secret} version {version}")
        for keys in settings.random_keys:
            with _noting(failed, keys.secret, say):
                _renew(store, keys, only_if_empty=bool(failed), say=say)
    if failed:
        raise HalfDone(f"not done: {', '.join(failed)}; what is not named is done. Mend the causes above, run again")


def _master(settings: Settings, store: SecretStore) -> tuple[Login, psycopg.Connection]:
    login = _master_login(settings, store)
    try:
        return login, connect(settings, login, settings.database)
    except LoginRefused:
        # RDS rotates this secret by itself: it may have changed between the two calls.
        again = _master_login(settings, store)
        if again == login:
            raise
    return again, connect(settings, again, settings.database)


def _master_login(settings: Settings, store: SecretStore) -> Login:
    value = store.current(settings.master_secret)
    if not value.get("username") or not value.get("password"):
        raise SecretMissing(f"secret {settings.master_secret}: no username and password in it: is it the master's?")
    return Login(user=value["username"], password=value["password"])


def _prepare(settings: Settings, login: Login, connection: psycopg.Connection, component: Component) -> None:
    privileges.ensure_user(connection, component)
    privileges.ensure_database(connection, component)
    if component.database == settings.database:
        privileges.ensure_schema(connection, component)
    else:
        with connect(settings, login, component.database) as inside:
            privileges.ensure_schema(inside, component)


def _renew(store: SecretStore, keys: RandomKeys, *, only_if_empty: bool, say: Say) -> None:
    """New keys sign everybody out, so a run that has failed already, and will be run again, leaves those that exist."""
    if only_if_empty and store.has_value(keys.secret):
        say(f"{keys.secret}: left as it is, since the run is not complete")
        return
    value = {key: base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() for key in keys.keys}
    say(f"{keys.secret}: new keys, version {store.put_current(keys.secret, value)}")


@contextmanager
def _noting(failed: dict[str, str], name: str, say: Say) -> Iterator[None]:
    """One component's failure does not keep the others from theirs."""
    try:
        yield
    except JobError as error:
        failed[name] = str(error)
    except psycopg.Error as error:
        # Not str(error): it may quote the statement.
        failed[name] = f"{error.sqlstate or type(error).__name__}: {error.diag.message_primary or 'connection lost'}"
    if name in failed:
        say(f"{name}: FAILED: {failed[name]}")

"""A new password in two phases, so that a run which ends anywhere leaves what the next one can finish.

1. The new value goes into the secret as AWSPENDING: from here on the password can't be lost.
2. The server gets it.
3. A login proves it.
4. AWSCURRENT moves to it, and AWSPENDING goes: the readers get a password that works.

A run that finds AWSPENDING starts at 2 with the value it finds. Between 2 and 4 the readers hold the old password: new
connections fail for the moment, open ones stay.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import psycopg

from database_bootstrap.errors import JobError
from database_bootstrap.privileges import set_password
from database_bootstrap.secret_store import SecretStore, Version
from database_bootstrap.server import Login, connect
from database_bootstrap.settings import Component, Settings

# 256 bits, in 43 characters that need no quoting in a connection string.
PASSWORD_BYTES = 32


def rotate(settings: Settings, store: SecretStore, connection: psycopg.Connection, component: Component) -> str:
    """Give ``component`` a new password, or finish giving it one; returns the id of the secret's version."""
    version = _pending(settings, store, component)
    password = version.value["password"]
    set_password(connection, component.user, password)
    _prove(settings, component, password)
    store.promote(component.secret, version)
    return version.id


def _pending(settings: Settings, store: SecretStore, component: Component) -> Version:
    found = store.pending(component.secret)
    address = _address(settings, component)
    if found is not None and found.value.get("password") and found.value == address | _password_of(found.value):
        return found
    return store.put_pending(component.secret, address | {"password": secrets.token_urlsafe(PASSWORD_BYTES)})


def _address(settings: Settings, component: Component) -> dict[str, Any]:
    return {
        "username": component.user,
        "host": settings.host,
        "port": settings.port,
        "dbname": component.database,
    }


def _password_of(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"password": value["password"]}


def _prove(settings: Settings, component: Component, password: str) -> None:
    with connect(settings, Login(user=component.user, password=password), component.database) as connection:
        found = connection.execute(
            "SELECT current_schema(), has_schema_privilege(%s, 'CREATE')", [component.schema]
        ).fetchone()
    if found != (component.schema, True):
        raise JobError(f"user {component.user} logs in, but can't create in schema {component.schema}: {found}")

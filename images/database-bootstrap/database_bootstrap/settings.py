"""The settings file: where the server is, and which component gets what. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from database_bootstrap.errors import SettingsError

# PostgreSQL documentation, "Identifiers and Key Words": at most 63 bytes; these need no quotes.
_IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]{0,62}$")
_PRIVILEGES = ("CONNECT", "CREATE", "TEMPORARY")
PUBLIC = "public"
CA_FILE = "/opt/database-bootstrap/rds-roots.pem"
LOCK_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Component:
    """One component's place: ``schema`` in ``database``. ``privileges`` are those on the database."""

    name: str
    user: str
    database: str
    schema: str
    privileges: tuple[str, ...]
    connection_limit: int
    secret: str


@dataclass(frozen=True, kw_only=True)
class RandomKeys:
    """A secret whose ``keys`` hold random values that only its reader uses."""

    secret: str
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """``database`` is the shared one, which exists; ``master_secret`` is the ARN of the secret that RDS manages."""

    region: str
    host: str
    port: int
    database: str
    master_secret: str
    ca_file: str
    lock_seconds: int
    components: tuple[Component, ...]
    random_keys: tuple[RandomKeys, ...]


def load(path: Path) -> Settings:
    """Read and check the file. Raises SettingsError naming everything that is wrong."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        settings = _settings(given)
    except OSError as error:
        raise SettingsError(f"{path}: can't be read: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise SettingsError(f"{path}: not JSON: {error}") from error
    except KeyError as error:
        raise SettingsError(f"{path}: {error.args[0]} is missing") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise SettingsError(f"{path}: a value has the wrong type: {error}") from error
    problems = list(_problems(settings))
    if problems:
        raise SettingsError("\n".join(f"{path}: {problem}" for problem in problems))
    return settings


def _settings(given: Mapping[str, Any]) -> Settings:
    return Settings(
        region=str(given["region"]),
        host=str(given["host"]),
        port=int(given["port"]),
        database=str(given["database"]),
        master_secret=str(given["masterSecret"]),
        ca_file=str(given.get("caFile", CA_FILE)),
        lock_seconds=int(given.get("lockSeconds", LOCK_SECONDS)),
        components=tuple(_component(entry) for entry in given["components"]),
        random_keys=tuple(
            RandomKeys(secret=str(entry["secret"]), keys=tuple(map(str, entry["keys"])))
            for entry in given["randomKeys"]
        ),
    )


def _component(entry: Mapping[str, Any]) -> Component:
    return Component(
        name=str(entry["name"]),
        user=str(entry["user"]),
        database=str(entry["database"]),
        schema=str(entry["schema"]),
        privileges=tuple(map(str, entry["privileges"])),
        connection_limit=int(entry["connectionLimit"]),
        secret=str(entry["secret"]),
    )


def _problems(settings: Settings) -> Iterable[str]:
    for component in settings.components:
        yield from (f"{component.name}: {problem}" for problem in _component_problems(settings, component))
    yield from _twice("user", [component.user for component in settings.components])
    yield from _twice("schema", [f"{component.database}.{component.schema}" for component in settings.components])
    passwords = [component.secret for component in settings.components]
    yield from _twice("secret", [settings.master_secret, *passwords, *(keys.secret for keys in settings.random_keys)])


def _component_problems(settings: Settings, component: Component) -> Iterable[str]:
    for field in ("user", "database", "schema"):
        value = getattr(component, field)
        if not _IDENTIFIER.match(value) or value.startswith("pg_"):
            yield f"{field} {value!r} is no plain name: lower case letters, digits and _, not pg_*"
    unknown = sorted(set(component.privileges) - set(_PRIVILEGES))
    if unknown or "CONNECT" not in component.privileges:
        yield f"privileges {list(component.privileges)}: CONNECT is needed, of {', '.join(_PRIVILEGES)}"
    if component.connection_limit < 1:
        yield f"connectionLimit {component.connection_limit} lets nobody in: at least 1"
    if component.database == settings.database and component.schema == PUBLIC:
        yield f"schema public of the shared database {settings.database} belongs to nobody: name a schema of its own"


def _twice(what: str, values: list[str]) -> Iterable[str]:
    yield from (f"{what} {value} is named twice" for value in sorted({v for v in values if values.count(v) > 1}))

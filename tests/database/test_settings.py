"""A wrong settings file is told in full, and nothing is done."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from database_bootstrap.__main__ import main
from database_bootstrap.errors import SettingsError
from database_bootstrap.settings import load

GOOD: dict[str, Any] = {
    "region": "us-west-2",
    "host": "database.example.com",
    "port": 5432,
    "database": "platform",
    "masterSecret": "arn:aws:secretsmanager:us-west-2:111122223333:secret:master",
    "components": [
        {
            "name": "backstage",
            "user": "backstage",
            "database": "platform",
            "schema": "backstage",
            "privileges": ["CONNECT", "CREATE"],
            "connectionLimit": 10,
            "secret": "/idp/db/backstage",
        }
    ],
    "randomKeys": [{"secret": "/idp/api/backstage", "keys": ["one"]}],
}


def written(tmp_path: Path, change: Callable[[dict[str, Any]], Any]) -> Path:
    settings = copy.deepcopy(GOOD)
    change(settings)
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(settings))
    return path


def component(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda settings: settings["components"][0].update(fields)


def test_a_good_file_loads_with_its_defaults(tmp_path: Path) -> None:
    found = load(written(tmp_path, lambda _settings: None))
    assert (found.ca_file, found.lock_seconds) == ("/opt/database-bootstrap/rds-roots.pem", 120)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda settings: settings.pop("host"), "host is missing"),
        (lambda settings: settings.update(port="five"), "a value has the wrong type"),
        (lambda settings: settings.update(components=None), "a value has the wrong type"),
        (component(user='x"; DROP ROLE y'), "is no plain name"),
        (component(user="pg_monitor"), "is no plain name"),
        (component(database="Platform"), "database 'Platform' is no plain name"),
        (component(privileges=["CONNECT", "SUPERUSER"]), "CONNECT is needed, of CONNECT, CREATE, TEMPORARY"),
        (component(privileges=["CREATE"]), "CONNECT is needed"),
        (component(connectionLimit=0), "connectionLimit 0 lets nobody in"),
        (component(schema="public"), "schema public of the shared database platform belongs to nobody"),
        (component(secret="/idp/api/backstage"), "secret /idp/api/backstage is named twice"),
        (lambda settings: settings["components"].append(settings["components"][0]), "user backstage is named twice"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, change: Callable[[dict[str, Any]], Any], said: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(written(tmp_path, change))
    assert said in str(error.value)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load(written(tmp_path, component(user="Backstage", connectionLimit=0)))
    assert len(str(error.value).splitlines()) == 2


@pytest.mark.parametrize("arguments", [[], ["/nonexistent/settings.json"], ["a", "b"]])
def test_the_exit_code_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().out


def test_a_file_that_is_not_json_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{ not json")
    with pytest.raises(SettingsError, match="not JSON"):
        load(path)

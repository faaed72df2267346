"""The check of a Backstage app: its exit code says what CI needs to know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from constructs_lib.components.catalog.backstage_plugins import PLUGINS
from tools.backstage_plugins import main


def lay_out(directory: Path, without: str = "") -> Path:
    """An app in ``directory`` with every expected package but ``without``."""
    parts = {
        "backend": {name for plugin in PLUGINS.values() for name in plugin.backend},
        "app": {name for plugin in PLUGINS.values() for name in plugin.frontend},
    }
    for part, names in parts.items():
        package = directory / "packages" / part / "package.json"
        package.parent.mkdir(parents=True)
        package.write_text(json.dumps({"dependencies": dict.fromkeys(sorted(names - {without}), "1.0.0")}))
    return directory


def test_an_app_with_every_package_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(lay_out(tmp_path))]) == 0
    assert capsys.readouterr().out == ""


def test_a_missing_package_is_listed_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(lay_out(tmp_path, without="pg"))]) == 1
    assert capsys.readouterr().out == "missing: backend: pg\n"


@pytest.mark.parametrize(
    "text", [None, "{", "[]", '{"dependencies": []}'], ids=["absent", "broken", "list", "list inside"]
)
def test_a_file_that_cannot_be_read_is_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None
) -> None:
    package = lay_out(tmp_path) / "packages" / "app" / "package.json"
    package.unlink()
    if text is not None:
        package.write_text(text)
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("can't be read: ")


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_other_than_one_directory_is_a_wrong_call(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("usage: ")

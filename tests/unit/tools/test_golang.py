"""The module through which a published program is built."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import golang, versions
from tools.golang import Published, go_mod

KUBERNETES = {
    "Go": "1.24.0",
    "Godebug": [{"Key": "default", "Value": "go1.24"}],
    "Require": [{"Path": "k8s.io/api"}, {"Path": "example.com/other"}],
    "Replace": [
        {"Old": {"Path": "k8s.io/api"}, "New": {"Path": "./staging/src/k8s.io/api"}},
        {"Old": {"Path": "k8s.io/unused"}, "New": {"Path": "./staging/src/k8s.io/unused"}},
        {"Old": {"Path": "example.com/other"}, "New": {"Path": "example.com/fork", "Version": "v1.0.0"}},
    ],
}


def lines(module: Published) -> list[str]:
    return go_mod(KUBERNETES, module).splitlines()


def test_folders_become_published_modules_of_their_own_version() -> None:
    found = lines(Published(path="k8s.io/kubernetes", version="1.34.2", folders="0.34.2"))
    assert "require k8s.io/kubernetes v1.34.2" in found
    assert [line for line in found if line.startswith("replace")] == ["replace k8s.io/api => k8s.io/api v0.34.2"]


def test_folders_have_the_modules_version_unless_told() -> None:
    assert "replace k8s.io/api => k8s.io/api v3.6.5" in lines(Published(path="x", version="3.6.5"))


def test_language_and_compatibility_are_the_programs_own() -> None:
    assert lines(Published(path="x", version="1.0.0"))[1:3] == ["go 1.24.0", "godebug default=go1.24"]


def test_tags_choose_what_a_program_holds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], *, cwd: Path) -> str:
        assert cwd == tmp_path
        commands.append([str(part) for part in command])
        (tmp_path / ".program.partial").touch()
        return ""

    monkeypatch.setattr(golang, "run", run)
    monkeypatch.setattr(golang, "_go", lambda: "go")
    golang.build(tmp_path, ".", tmp_path / "program", tags=("one", "two"))
    golang.build(tmp_path, ".", tmp_path / "program")
    assert "-tags=one,two" in commands[0] and "-tags=" in commands[1]
    assert (tmp_path / "program").exists()


def test_the_parser_of_alloys_language_is_the_pinned_one() -> None:
    module = Path(golang.__file__).parent / "alloyfmt" / "go.mod"
    assert f"require github.com/grafana/alloy/syntax v{versions.ALLOY_SYNTAX}\n" in module.read_text(encoding="utf-8")

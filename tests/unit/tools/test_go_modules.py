"""Go modules have recorded checksums, and another one stops a build."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools import go_modules, golang
from tools.go_modules import MODULES, Published, every, main, recorded
from tools.run import BuildError

ROOT = Path(__file__).resolve().parents[3]
TOOL = Published(path="example.com/tool", version="1.2.3")
OTHER = f"h1:{base64.b64encode(bytes(32)).decode()}"


def test_every_module_has_a_checksum_of_the_kind_that_go_writes() -> None:
    assert main(["--check"]) == 0
    assert set(recorded()) == set(every())
    assert all(re.fullmatch(r"h1:[A-Za-z0-9+/]{43}=", found) for found in recorded().values())


def test_a_program_that_go_builds_is_of_a_recorded_module() -> None:
    """By the sources: no other version is named in what builds."""
    text = (ROOT / "tools" / "programs.py").read_text(encoding="utf-8")
    used = set(re.findall(r'MODULES\["([\w-]+)"\]', text))
    assert used == set(MODULES) - {"alloyfmt"} and "Published(" not in text


def test_the_parser_of_alloy_s_language_has_the_same_checksum_in_its_own_lock() -> None:
    own = (ROOT / "tools" / "alloyfmt" / "go.sum").read_text(encoding="utf-8").splitlines()
    assert f"{MODULES['alloyfmt']} {recorded()[str(MODULES['alloyfmt'])]}" in own


def test_a_new_version_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = go_modules.SUMS.read_text(encoding="utf-8").splitlines()
    old = tmp_path / "go.sum"
    old.write_text("\n".join([*lines[1:], f"example.com/gone v1.0.0 {OTHER}"]) + "\n", encoding="utf-8")
    monkeypatch.setattr(go_modules, "SUMS", old)
    assert main(["--check"]) == 1
    said = capsys.readouterr().out
    assert f"{' '.join(lines[0].split()[:2])} isn't there" in said and "example.com/gone v1.0.0 is used no more" in said


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program ``go`` that has TOOL to download, with a go.sum in it; builds write nothing but the output."""
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "go.sum").write_text("example.com/needed v1.0.0 h1:x=\n", encoding="utf-8")
    (sources / "go.mod").write_text("module example.com/tool\n", encoding="utf-8")
    found = json.dumps({"Dir": str(sources), "GoMod": str(sources / "go.mod"), "Sum": OTHER}, indent=1)
    program = tmp_path / "bin" / "go"
    program.parent.mkdir()
    edited = json.dumps({"Go": "1.24", "Require": []})
    program.write_text(
        f"#!/bin/sh\ncase \"$*\" in\n*download*) cat <<'E'\n{found}\nE\n;;\n*edit*) echo '{edited}' ;;\n"
        '*) while [ "$1" != -o ]; do shift; done; touch "$2" ;;\nesac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def test_a_module_with_another_checksum_is_not_built(go: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for said, words in (({}, "says nothing of it"), ({str(TOOL): "h1:reviewed="}, "says h1:reviewed=")):
        monkeypatch.setattr(golang, "recorded", lambda said=said: said)
        with pytest.raises(BuildError, match=f"example.com/tool v1.2.3: its checksum is h1:.*{words}"):
            golang.build_published(go / "home", TOOL, "example.com/tool", go / "program", {})
        with pytest.raises(BuildError, match=words):
            golang.module_directory(TOOL, go)
    assert not (go / "program").exists()


def test_a_build_begins_with_the_checksums_that_the_module_brings(go: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(golang, "recorded", lambda: {str(TOOL): OTHER})
    golang.build_published(go / "home", TOOL, "example.com/tool", go / "program", {})
    assert (go / "home" / "go.sum").read_text(encoding="utf-8") == "example.com/needed v1.0.0 h1:x=\n"
    assert (go / "program").exists()


def test_the_image_of_workflows_builds_no_module_with_another_checksum(go: Path) -> None:
    recipe = shutil.copyfile(ROOT / "images" / "ci-tools" / "build.sh", go / "build.sh")
    for checksum, code in ((OTHER, 0), ("h1:reviewed=", 1)):
        (go / "programs.txt").write_text(f"tool example.com/tool 1.2.3 ./cmd {checksum}\n", encoding="utf-8")
        finished = subprocess.run(
            ["sh", recipe, go / "programs.txt", go / "out"], capture_output=True, text=True, check=False
        )
        assert finished.returncode == code, finished.stderr
    assert "example.com/tool 1.2.3 isn't h1:reviewed=" in finished.stderr

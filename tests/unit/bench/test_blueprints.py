"""Tests of how the peer of npm is installed and started. Nothing is installed here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import blueprints

LOCK = json.loads((blueprints.SOURCE / "package-lock.json").read_text(encoding="utf-8"))
PACKAGE = json.loads((blueprints.SOURCE / "package.json").read_text(encoding="utf-8"))


def test_the_lock_holds_what_is_asked_for_with_hashes_and_no_address_of_a_registry() -> None:
    packages = {path: entry for path, entry in LOCK["packages"].items() if path}
    for name, version in PACKAGE["dependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version
    # What lies in another package's tarball has that one's hash.
    assert all(entry.get("inBundle") or entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_the_engine_is_the_one_that_the_peer_asks_for() -> None:
    asked = LOCK["packages"]["node_modules/@aws-quickstart/eks-blueprints"]["peerDependencies"]
    assert {name: PACKAGE["dependencies"][name] for name in asked} == asked


@pytest.mark.parametrize(
    ("lock", "ended", "expected"),
    [("the same", True, True), ("the same", False, False), ("{}", True, False)],
)
def test_installed_is_what_npm_has_ended_of_the_lock_as_it_is(
    tmp_path: Path, lock: str, ended: bool, expected: bool
) -> None:
    text = (blueprints.SOURCE / "package-lock.json").read_text() if lock == "the same" else lock
    (tmp_path / "package-lock.json").write_text(text)
    (tmp_path / "node_modules").mkdir()
    if ended:
        (tmp_path / "node_modules" / ".package-lock.json").touch()
    assert blueprints.installed(tmp_path) is expected


def test_prepare_installs_once_and_brings_the_app_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installations = []

    def install(source: Path, home: Path) -> None:
        installations.append(source)
        (home / "node_modules").mkdir()
        (home / "package-lock.json").write_bytes((source / "package-lock.json").read_bytes())
        (home / "node_modules" / ".package-lock.json").touch()

    monkeypatch.setattr(blueprints, "install", install)
    blueprints.prepare(tmp_path)
    (tmp_path / "app.ts").write_text("old")
    blueprints.prepare(tmp_path)
    assert installations == [blueprints.SOURCE]
    assert (tmp_path / "app.ts").read_bytes() == (blueprints.SOURCE / "app.ts").read_bytes()


def test_the_peer_asks_nobody_and_writes_below_the_scratch_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NODE_OPTIONS", "--require other")
    told = blueprints.by_command_line(tmp_path, 10, home=tmp_path / "home")
    assert "--no-lookups" in told.command
    assert told.command[told.command.index("--output") + 1].startswith(str(tmp_path))
    alone = blueprints.by_node(tmp_path, 10, home=tmp_path / "home")
    assert alone.environment["CDK_OUTDIR"].startswith(str(tmp_path))
    for program in (told, alone):
        assert program.environment["AWS_EC2_METADATA_DISABLED"] == "true"
        assert program.environment["HOME"] == str(tmp_path / "home")
        assert "NODE_OPTIONS" not in program.environment

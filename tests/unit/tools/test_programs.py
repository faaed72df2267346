"""A program on PATH is used when its version will do, else the one built here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import programs


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory that is the whole PATH but for the shell; nothing is built."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(programs, "BIN", tmp_path / "built")
    return tmp_path


def install(directory: Path, name: str, prints: str) -> Path:
    directory.mkdir(exist_ok=True)
    program = directory / name
    program.write_text(f"#!/bin/sh\necho '{prints}'\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("name", "prints"),
    [
        ("tofu", "OpenTofu v1.11.0"),
        ("actionlint", "1.7.3\ninstalled by building from source"),
        ("helm", "v3.20.2+g1234"),
        ("kyverno", "Version: v1.19.3"),
        ("etcd", "etcd Version: 3.6.4"),
        ("kube-apiserver", "Kubernetes v1.34.9"),
        ("kubectl", "Client Version: v1.35.1"),
    ],
)
def test_a_version_that_will_do_is_used(on_path: Path, name: str, prints: str) -> None:
    installed = install(on_path, name, prints)
    assert programs.find(name) == installed


@pytest.mark.parametrize(
    ("name", "prints"),
    [
        ("tofu", "OpenTofu v1.9.1"),
        ("actionlint", "1.6.27"),
        ("helm", "v4.0.0"),
        ("kyverno", "Version: v1.18.9"),
        ("kyverno", "Version: v1.20.0"),
        ("kube-apiserver", "Kubernetes v1.33.9"),
        ("kube-apiserver", "Kubernetes v1.35.0"),
        ("kubectl", "Client Version: v1.32.4-other"),
        ("kubectl", "no version at all"),
    ],
)
def test_another_version_is_not(on_path: Path, name: str, prints: str) -> None:
    install(on_path, name, prints)
    assert programs.find(name) is None


def test_the_built_one_stands_in_for_a_version_that_will_not_do(on_path: Path) -> None:
    install(on_path, "helm", "v4.0.0")
    built = install(on_path / "built", "helm", "v3.20.2")
    assert programs.find("helm") == built

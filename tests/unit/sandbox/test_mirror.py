"""Tests of the provider mirror."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import mirror

PACKAGE = Path("hashicorp/aws/5.100.0/linux_amd64")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A file system with unpacked providers two levels down."""
    (tmp_path / "opt" / "providers" / "registry.terraform.io" / PACKAGE).mkdir(parents=True)
    return tmp_path


def test_a_mirror_is_found_three_levels_down_and_no_deeper(machine: Path) -> None:
    assert mirror.find_mirror(machine) == machine / "opt" / "providers"
    assert mirror.find_mirror(machine.parent) is None


def test_an_empty_directory_of_that_name_is_no_mirror(tmp_path: Path) -> None:
    (tmp_path / "registry.terraform.io").mkdir()
    assert mirror.find_mirror(tmp_path) is None


def test_both_engines_find_the_same_package_under_their_own_registry(
    machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "find_mirror", lambda: machine / "opt" / "providers")
    config = mirror.cli_config(tmp_path)
    assert f'path = "{tmp_path / "mirror"}"' in config.read_text()
    for registry in ("registry.opentofu.org", "registry.terraform.io"):
        package = tmp_path / "mirror" / registry / PACKAGE
        assert package.is_symlink()
        assert not package.parent.is_symlink()


def test_a_packed_download_is_linked_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "terraform-provider-aws_5.100.0_linux_amd64.zip"
    packed = tmp_path / "filled" / "registry.opentofu.org" / "hashicorp" / "aws" / name
    packed.parent.mkdir(parents=True)
    packed.write_bytes(b"")
    monkeypatch.setattr(mirror, "find_mirror", lambda: None)
    monkeypatch.setattr(mirror, "FILLED", tmp_path / "filled")
    mirror.cli_config(tmp_path)
    assert (tmp_path / "mirror" / "registry.terraform.io" / "hashicorp" / "aws" / name).is_symlink()

"""The recipes of the images that workflows run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.versions import CI_TOOLS, TOOLS
from constructs_lib.registry.table import REPOSITORIES

ROOT = Path(__file__).resolve().parent.parent.parent.parent
IMAGES = ROOT / "images"
OURS = ("ci-tools", "techdocs-builder")


def lines(image: str, file: str) -> list[str]:
    return (IMAGES / image / file).read_text(encoding="utf-8").splitlines()


def test_programs_have_the_pinned_versions() -> None:
    rows = [line.split() for line in lines("ci-tools", "programs.txt") if not line.startswith("#")]
    names = {"docker-credential-ecr-login": "ecr-login"}
    found = {names.get(name, name): version for name, _, version, _, _ in rows}
    assert found == {**CI_TOOLS, "helm": TOOLS["helm"]}


@pytest.mark.parametrize("image", OURS)
def test_an_image_of_workflows_is_not_root_and_names_no_tag(image: str) -> None:
    recipe = lines(image, "Containerfile")
    assert [line for line in recipe if line.startswith("USER ")] == ["USER 1000:1000"]
    bases = [line for line in recipe if line.startswith("FROM ")]
    assert bases and all(re.fullmatch(r"FROM \$\{[A-Z_]+\}( AS [a-z]+)?", line) for line in bases)
    assert all("=" not in line for line in recipe if line.startswith("ARG "))


def test_packages_of_the_documentation_are_locked_by_hash_and_name_no_registry() -> None:
    text = "\n".join(lines("techdocs-builder", "requirements.lock"))
    pins = re.findall(r"^(\S+)==\S+ \\$", text, re.MULTILINE)
    assert {"awscli", "mkdocs-techdocs-core"} <= set(pins)
    assert len(pins) == len(re.findall(r"^\S+==.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE))
    assert "://" not in text
    assert any("--require-hashes" in line for line in lines("techdocs-builder", "Containerfile"))


def test_the_registry_has_a_place_for_each() -> None:
    assert set(OURS) <= {repository.name for repository in REPOSITORIES}

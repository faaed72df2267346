"""The page of what leaves the VPC."""

from __future__ import annotations

import pytest

from config.deployment import Deployment
from config.egress import NEEDS
from config.loader import load
from constructs_lib.components.copies import copies
from constructs_lib.egress.table import REPLACED, names
from tools.egress_page import PATH, ROOT, text


@pytest.fixture(scope="module")
def page() -> str:
    return text()


@pytest.fixture(scope="module")
def pci() -> Deployment:
    return next(each for each in load(ROOT / "cdktf.json") if each.shared.images == "copies")


def test_the_page_is_current(page: str) -> None:
    assert PATH.read_text(encoding="utf-8") == page, "run `make docs`"


def test_every_row_of_the_table_is_there(page: str) -> None:
    assert all(f"| `{need.part}` | {need.purpose} |" in page and f"`{need.key}`" in page for need in NEEDS)
    assert all(f"| `{row.part}` | {row.purpose} | {row.open} | {row.otherwise} |" in page for row in REPLACED)


def test_names_and_images_of_the_shipped_deployment_are_there(page: str, pci: Deployment) -> None:
    assert all(f"- `{name}`" in page for name in names(pci))
    assert all(f"| `{row.source}` | `{row.repository}` |" in page for row in copies(pci))
    assert "replicates them into the registry of account 444455556666" in page

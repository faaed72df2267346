"""The page of quotas: current, and its figures are those of the counts."""

from __future__ import annotations

import pytest

from config.loader import load
from config.quota_rows import ROWS
from config.quotas import by_key
from constructs_lib.quotas.counts import needs
from tools import quotas_page


@pytest.fixture(scope="module")
def page() -> str:
    return quotas_page.text()


def test_the_committed_page_is_current(page: str) -> None:
    assert quotas_page.PATH.read_text(encoding="utf-8") == page


def test_each_row_is_in_both_tables_and_with_its_source(page: str) -> None:
    for row in ROWS:
        # In the table, in the needs, and where it was read; the longest warning may name it once more.
        assert page.count(f"`{row.key}`") >= 3, row.key


def test_teams_fit_as_far_as_the_counts_say() -> None:
    production = load(quotas_page.ROOT / "cdktf.json")[0]
    by_size = {size: needs(quotas_page.with_teams(production, size)) for size in quotas_page.SIZES}
    for key in ("iam-roles", "eks-access-entries", "eks-pod-identities"):
        row = by_key()[key]
        fit = quotas_page.fitting(row, by_size)
        assert fit is not None
        assert row.limit is not None
        assert needs(quotas_page.with_teams(production, fit))[key] <= row.limit
        assert needs(quotas_page.with_teams(production, fit + 1))[key] > row.limit

"""The table of quotas: every row has what a reader needs to check it."""

from __future__ import annotations

import datetime
import re

import pytest

from config.quota_rows import ROWS
from config.quota_sources import SOURCES
from config.quotas import Quota, by_key, raisable


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_a_row_says_where_it_was_read_and_what_to_do(row: Quota) -> None:
    assert row.document in SOURCES
    assert row.section
    assert datetime.date(2026, 11, 1) <= row.read
    assert row.code is None or re.fullmatch(r"[a-z0-9]+/L-[0-9A-F]{8}", row.code)
    if row.kind == "adjustable":
        assert row.code
    else:
        # Nobody raises it: something else must help, unless nobody comes near.
        assert row.ceiling is None
        assert row.lever or row.key == "log-groups"
    if row.limit is not None and row.ceiling is not None:
        assert row.ceiling > row.limit


def test_keys_and_codes_are_named_once() -> None:
    assert len(by_key()) == len(ROWS)
    codes = [row.code for row in ROWS if row.code]
    assert len(set(codes)) == len(codes)


def test_a_file_may_declare_exactly_what_can_be_raised() -> None:
    assert set(raisable()) == {row.key for row in ROWS if row.kind == "adjustable"}


def test_every_document_is_used() -> None:
    assert {row.document for row in ROWS} == set(SOURCES)

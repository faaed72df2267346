"""Entries of allowedEgress: what is a range, and which covers which."""

from __future__ import annotations

import pytest

from config.allowed import covers, is_cidr


@pytest.mark.parametrize(
    ("way", "found"), [("203.0.113.0/24", True), ("203.0.113.9", True), ("payments.example.com", False)]
)
def test_a_range_is_told_from_a_name(way: str, found: bool) -> None:
    assert is_cidr(way) is found


@pytest.mark.parametrize(
    ("wide", "way", "found"),
    [
        ("*.example.com", "pay.example.com", True),
        ("*.example.com", "*.eu.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "badexample.com", False),
        ("example.com", "pay.example.com", False),
        ("203.0.113.0/24", "203.0.113.128/25", True),
        ("203.0.113.128/25", "203.0.113.0/24", False),
        ("*.example.com", "203.0.113.0/24", False),
    ],
)
def test_a_wide_entry_covers_what_lies_in_it(wide: str, way: str, found: bool) -> None:
    assert covers(wide, way) is found

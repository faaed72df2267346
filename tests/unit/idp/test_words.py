"""Tests of words that several messages share."""

from __future__ import annotations

from idp.words import some


def test_what_is_too_many_is_counted() -> None:
    assert some([]) == ""
    assert some(["a", "b"], 2) == "a, b"
    assert some(["a", "b", "c", "d"], 2) == "a, b and 2 more"

"""YAML that people read is the YAML that was meant."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from constructs_lib.helm.blocks import block

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=20))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=15,
)


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


@given(VALUES)
def test_it_reads_back_as_it_was(value: Any) -> None:
    assert load(f"key:\n{block(value, 2)}\n") == {"key": value}


@pytest.mark.parametrize("text", ["yes", "null", "1.5", "~", "0755", "a: b", "- a", "#", "", "2026-01-01"])
def test_text_that_yaml_takes_for_something_else_is_quoted(text: str) -> None:
    assert load(str(block({"key": text}))) == {"key": text}


def test_it_is_written_as_a_person_would() -> None:
    assert block({"a": [{"b": 1, "c": []}], "d": {"e": "f/g"}}, 2) == (
        "  a:\n    - b: 1\n      c: []\n  d:\n    e: f/g"
    )


def test_a_line_break_at_the_end_is_quoted() -> None:
    assert block({"A\n": "b\n"}) == '"A\\n": "b\\n"'

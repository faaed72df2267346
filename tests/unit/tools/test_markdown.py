"""What generated pages write into Markdown."""

from __future__ import annotations

import pytest

from tools.markdown import joined, span, table

SPANS = {
    1: "1 second",
    60: "1 minute",
    90: "90 seconds",
    900: "15 minutes",
    3600: "1 hour",
    5400: "90 minutes",
    "172800": "2 days",
    0: "0 seconds",
}


@pytest.mark.parametrize(("seconds", "said"), SPANS.items())
def test_times_are_said_in_the_largest_unit(seconds: object, said: str) -> None:
    assert span(seconds) == said


def test_a_bar_doesn_t_end_a_cell() -> None:
    assert table(("a", "b"), [("x | y", "z")]) == "| a | b |\n|---|---|\n| x / y | z |\n"


def test_an_empty_cell_says_so() -> None:
    assert (joined([]), joined(["a", "b"])) == ("–", "a, b")

"""Tests of what is said of a target."""

from __future__ import annotations

from bench.targets import Target, lines


def test_a_target_is_met_up_to_its_limits() -> None:
    assert Target(label="", value=600, most=600).met
    assert not Target(label="", value=600.1, most=600).met
    assert Target(label="", value=0.8, most=1.2, least=0.8).met
    assert not Target(label="", value=0.79, most=1.2, least=0.8).met


def test_a_line_says_the_figure_what_is_wanted_and_whether_it_is_met() -> None:
    found = [Target(label="memory in MB", value=512.34, most=600), Target(label="flat", value=1.5, most=1.2, least=0.8)]
    assert lines(found).splitlines() == ["memory in MB: 512 (at most 600: met)", "flat: 1.5 (0.8 to 1.2: MISSED)"]

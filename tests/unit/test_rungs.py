"""Files of other rungs aren't imported, and no test is lost by that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rungs import RUNGS, may_select

TESTS = Path(__file__).resolve().parent.parent
MAKEFILE = TESTS.parent / "Makefile"
UNIT = " and ".join(f"not {rung}" for rung in RUNGS)

OF_ALL = "pytestmark = pytest.mark.charts\n\ndef test_it() -> None: ...\n"
OF_ALL_IN_LINES = "pytestmark = [\n    pytest.mark.charts,\n    pytest.mark.timeout(300),\n]\n"
OF_ONE = "@pytest.mark.charts\ndef test_it() -> None: ...\n\ndef test_other() -> None: ...\n"
OF_BOTH = "pytestmark = [pytest.mark.charts, pytest.mark.timeout(1)]\n\n@pytest.mark.soak\ndef test_it() -> None: ...\n"
OF_NONE = "def test_it() -> None: ...\n"


@pytest.mark.parametrize(
    ("expression", "text", "selects"),
    [
        (UNIT, OF_NONE, True),
        (UNIT, OF_ONE, True),
        (UNIT, OF_ALL, False),
        (UNIT, OF_ALL_IN_LINES, False),
        ("charts and not soak", OF_NONE, False),
        ("charts and not soak", OF_ONE, True),
        ("charts and not soak", OF_ALL, True),
        ("charts and not soak", OF_BOTH, True),
        ("kyverno and not soak", OF_ALL, False),
        ("soak", OF_BOTH, True),
        ("soak", OF_ALL, False),
        ("", OF_ALL, True),
        ("proves", OF_NONE, True),
        ("not unit", OF_ALL, True),
    ],
)
def test_a_file_is_left_out_only_where_no_test_of_it_can_be_asked_for(
    expression: str, text: str, selects: bool
) -> None:
    assert may_select(expression, text) is selects


def test_every_rung_of_the_makefile_is_known() -> None:
    asked = re.findall(r'-m (?:"([^"]+)"|(soak))', MAKEFILE.read_text(encoding="utf-8"))
    named = {word for pair in asked for word in re.findall(r"[a-z]+", " ".join(pair))}
    assert named - {"and", "not"} == set(RUNGS)


def test_marks_of_rungs_stand_in_the_files_of_their_tests() -> None:
    """A mark that another module gives wouldn't be seen in the test's file."""
    mark = re.compile(rf"mark\.({'|'.join(RUNGS)})\b")
    elsewhere = [path for path in TESTS.rglob("*.py") if not path.match("test_*.py") and mark.search(path.read_text())]
    assert elsewhere == []
    given = [path for path in TESTS.rglob("*.py") if "add_marker(" in path.read_text() and path != Path(__file__)]
    assert [re.findall(r"add_marker\(([\w.]+)", path.read_text()) for path in given] == [["pytest.mark.xdist_group"]]

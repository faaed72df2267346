"""What is larger than any deployment file is refused with its place, before it costs anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from config.errors import Problem
from config.file import DeploymentFile
from config.jsonfile import MAX_BYTES, MAX_DEPTH, MAX_ITEMS, MAX_VALUES, read_object
from config.loader import load_one
from config.problems import MAX_PROBLEMS, nearest


def read(path: Path, text: str) -> dict[str, Any] | Problem:
    path.write_text(text, encoding="utf-8")
    return read_object(path, path.name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cdktf.json"


def refused(file: Path, text: str) -> tuple[str, str]:
    found = read(file, text)
    assert isinstance(found, Problem)
    assert found.remedy
    return found.key, found.message


def test_at_the_limits_a_file_is_read(file: Path) -> None:
    nested: Any = 1
    for _ in range(MAX_DEPTH - 1):
        nested = [nested]
    largest = {"a": [0] * MAX_ITEMS, "b": nested, "c": "x" * 3_000_000}
    assert read(file, json.dumps(largest)) == largest


def test_one_more_entry_is_too_many(file: Path) -> None:
    teams = {"context": {"deployment:teams": [0] * (MAX_ITEMS + 1)}}
    assert refused(file, json.dumps(teams)) == ("deployment:teams", "holds 5001 entries, at most 5000 are allowed")
    keys = {f"k{n}": 0 for n in range(MAX_ITEMS + 1)}
    assert refused(file, json.dumps({"a": keys})) == ("a", "holds 5001 entries, at most 5000 are allowed")


def test_too_many_values_in_all_are_too_many(file: Path) -> None:
    many = {f"k{n}": [0] * 4_000 for n in range(MAX_VALUES // 4_000)}
    assert refused(file, json.dumps(many)) == ("(file)", f"holds more than {MAX_VALUES} values")


@pytest.mark.parametrize("depth", [MAX_DEPTH, 900, 10_000, 1_000_000])
def test_deep_nesting_is_refused_however_deep(file: Path, depth: int) -> None:
    key, message = refused(file, '{"context": {"deployment:teams": ' + "[" * depth + "]" * depth + "}}")
    assert (key, message) in {
        ("deployment:teams", f"is nested more than {MAX_DEPTH} levels deep"),
        ("(file)", "is nested too deeply"),  # by what Python's own parser takes
    }


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1" * 5_000, "holds a number with too many digits"),
        ("1e400", "holds 1e400, which is too large a number"),
        ("NaN", "holds NaN, which is no JSON number"),
        ('"' + "x" * MAX_BYTES + '"', f"is larger than {MAX_BYTES} bytes"),
    ],
)
def test_a_huge_value_is_refused(file: Path, value: str, message: str) -> None:
    assert refused(file, '{"a": ' + value + "}") == ("(file)", message)


def test_problems_beyond_what_anybody_reads_are_counted(shipped_context: dict[str, Any]) -> None:
    unknown = {f"deployment:team{n}": 1 for n in range(MAX_PROBLEMS + 20)}
    with pytest.raises(Exception, match="has 20 more problems") as raised:
        load_one(shipped_context | unknown, source="cdktf.json")
    assert len(str(raised.value).splitlines()) == 2 * (MAX_PROBLEMS + 1)


def test_no_likely_key_is_sought_for_what_is_longer_than_any() -> None:
    known = list(DeploymentFile.model_fields)
    assert nearest("vpc_cird", known) == "vpc_cidr"
    assert nearest("vpc_cidr" * 1_000_000, known) is None

"""A list in a JSON text grows and shrinks, and every other byte stays."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.jsontext import appended, removed

PATH = ("context", "teams")
ENTRY = {"name": "b", "members": ["x"]}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '{\n  "context": {\n    "teams": [\n      { "name": "a" }\n    ],\n    "z": 1.0\n  }\n}\n',
            '{\n  "context": {\n    "teams": [\n      { "name": "a" },\n      { "name": "b", "members": ["x"] }\n'
            '    ],\n    "z": 1.0\n  }\n}\n',
        ),
        (
            '{"context": {"teams": []}}',
            '{"context": {"teams": [\n  { "name": "b", "members": ["x"] }\n]}}',
        ),
        (
            '{\n  "context": {\n    "z": 1\n  }\n}',
            '{\n  "context": {\n    "z": 1,\n    "teams": [\n      { "name": "b", "members": ["x"] }\n    ]\n  }\n}',
        ),
        (
            '{"context": {"teams": [\n  {\n    "name": "a"\n  }\n]}}',
            '{"context": {"teams": [\n  {\n    "name": "a"\n  },\n'
            '  {\n    "name": "b",\n    "members": ["x"]\n  }\n]}}',
        ),
    ],
    ids=["one-line", "empty", "absent", "lines"],
)
def test_an_entry_is_written_as_its_neighbours_are(before: str, after: str) -> None:
    assert appended(before, PATH, ENTRY) == after


def test_what_does_not_fit_gets_a_line_for_each_key() -> None:
    found = appended('{\n  "context": {\n    "teams": []\n  }\n}', PATH, {"name": "n" * 60, "note": "o" * 60})
    assert f'      {{\n        "name": "{"n" * 60}",\n        "note": "{"o" * 60}"\n      }}\n    ]' in found


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_removed_entry_takes_one_comma_with_it(index: int) -> None:
    text = '{"context": {"teams": [\n  {"n": 0},\n  {"n": 1},\n  {"n": 2}\n], "z": [1, 2]}}'
    found = json.loads(removed(text, PATH, index))
    assert [each["n"] for each in found["context"]["teams"]] == [n for n in range(3) if n != index]
    assert found["context"]["z"] == [1, 2]


def test_the_last_entry_leaves_an_empty_list() -> None:
    assert removed('{"context": {"teams": [ {"n": 0} ]}}', PATH, 0) == '{"context": {"teams": []}}'


@pytest.mark.parametrize("text", ['{"context": {"teams": 1}}', '{"context": []}', '{"x": 1}'])
def test_where_no_list_can_be_nothing_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="no "):
        appended(text, PATH, ENTRY)


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text(max_size=4), JSON, max_size=3),
    st.lists(st.dictionaries(st.text(max_size=4), JSON, min_size=1, max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=4), JSON, min_size=1, max_size=3),
    st.sampled_from([None, 1, 2, "\t"]),
    st.booleans(),
)
def test_what_is_added_and_removed_leaves_the_text_as_it_was(
    others: dict[str, Any], teams: list[dict[str, Any]], entry: dict[str, Any], indent: Any, first: bool
) -> None:
    pair = {"teams": teams}
    others.pop("teams", None)
    document = {"context": {**pair, **others} if first else {**others, **pair}}
    text = json.dumps(document, indent=indent)
    grown = appended(text, PATH, entry)
    assert json.loads(grown)["context"] == {**others, "teams": [*teams, entry]}
    back = removed(grown, PATH, len(teams))
    assert back == text if teams else json.loads(back) == document

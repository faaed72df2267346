"""The quick reader reads what the full parser reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from config import plain_yaml
from config.environment import render
from config.file import DeploymentFile
from config.loader import FURTHER_FILES, SCHEMA_KEY
from config.plain_yaml import read
from constructs_lib.helm.blocks import block
from tests.synth import Synth

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=12))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=15,
)
# Pieces that YAML gives a meaning, put together at random.
PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            "b:",
            "c: d",
            "- ",
            "-",
            "\n",
            "\n  ",
            "\n    ",
            " ",
            "#",
            " # x",
            '"',
            "'",
            "[",
            "]",
            "{e: f}",
            '{"g": 2}',
            "$h",
            "/",
            "1",
            "0x1",
        ]
        + ["|", "|-", ">", "&a", "*a", "!t", "~", "yes", "null", "2026-01-01", ": ", ",", "\t", "---", "é", "1.5", "-1"]
    ),
    max_size=14,
).map("".join)

TEXTS = [
    "a: 1\nb:\n  - c: x\n    d: [1, two]\n  - plain text, with commas\nf: {g: h}\n",
    "a:\n- 1\n- 2\nb: c\n",
    "a:\n  - - 1\n    - 2\n  -\n    b: 1\n",
    'a: |\n  line: "1"\n\n    # no comment\n  end\nb: |-\n  x\nc: 1\n',
    'a: "x # y"\nb: x # comment\nc: "q\\"q"\n',
    "a: 1.5\nb: -2\nc: 007\nd: 1e3\ne: 0x10\nf: 2026-01-01\ng: ~\nh: yes\ni: True\n",
    "# only a comment\n",
    "",
    "a:\nb:\n  # nothing\nc: []\n",
    "a: |\n  a: |",
    "a: folded\n  over lines\n",
    "a: >\n  folded\n  text\n",
    "a: &x {b: 1}\nc: *x\n",
    "- a\n- b: 1\n  c: 2\n",
    "'q': 1\n? r\n: 2\n",
    "a: b: c\n",
    "a: 1\na: 2\n",
    "null: 1\n1: 2\n",
    "a: {b: 1,\n  c: 2}\n",
    "a: 'it''s'\n",
    "plain\n",
    "a: {}\nb: []\nc: [x, y-z, true]\nd: [True, null]\ne: [ALL]\n",
    'a: ["x", {"b": 1, "c": [1.5, -2, true, null]}]\nb: [1e3, "1e3"]\nc: ["\\u00e9"]\n',
    'a: {"b": 1, "b": 2}\n',
    'a: {"b":1}\nc: {"d": 007}\ne: [NaN, 1]\nf: [-Infinity]\n',
    "a: ${VAR}\nb: $x:y\nc: /usr/bin # comment\n$file: /x: y\n",
    "a: |\n  x\ty\n  \tz\n\n  # \n",
    "a: |\n    x\n  y\n",
    "a: |\n     \n  x\n",
    "a: |\n  \tx\n",
    "a:\tx\nb: y\tz\n",
    "a:\n  []\nb:\n  {}\n",
    "a:\n  []\n  b: 1\n",
    "a:\n  - []\n  - {}\n",
    "$file: x\na: $\nb: /\nc: //x\n",
]


def both(text: str) -> tuple[Any, Any]:
    def outcome(parse: Any) -> Any:
        try:
            return repr(parse(text))
        except (YAMLError, ValueError) as error:
            return type(error)

    return outcome(read), outcome(YAML(typ="safe", pure=True).load)


@pytest.mark.parametrize("text", TEXTS)
def test_it_agrees_with_the_full_parser(text: str) -> None:
    quick, full = both(text)
    assert quick == full


@given(VALUES)
def test_what_our_writer_writes_is_read_back(value: Any) -> None:
    assert read(f"key:\n{block(value, 2)}\n") == {"key": value}


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_it_agrees_on_what_nobody_would_write(text: str) -> None:
    quick, full = both(text)
    assert quick == full


def test_it_agrees_on_every_shipped_file(shipped: Synth) -> None:
    files = sorted(shipped.directory.glob("stacks/*/values/*.yaml"))
    assert files
    for path in files:
        quick, full = both(path.read_text(encoding="utf-8"))
        assert quick == full, path.name


@pytest.mark.parametrize("file", ["cdktf.json", "envs/pci/v1/deployment.json"])
def test_a_rendered_environment_is_plain_throughout(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Single values may need the full parser; the whole would cost two milliseconds a team."""
    keys = json.loads((ROOT / file).read_text(encoding="utf-8"))
    context = {key: value for key, value in keys.get("context", keys).items() if key not in (FURTHER_FILES, SCHEMA_KEY)}
    given = DeploymentFile.model_validate(context)
    text = render(f"{given.deployment_environment}/{given.deployment_version}", given)
    whole = YAML(typ="safe", pure=True).load(text)

    def of_a_value(text: str) -> Any:
        assert "\n" not in text
        return YAML(typ="safe", pure=True).load(text)

    monkeypatch.setattr(plain_yaml, "_parse", of_a_value)
    assert read(text) == whole

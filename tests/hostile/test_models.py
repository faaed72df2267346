"""Every text of the model is attacked: no text that is more than a text gets past, and the problem names its place."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.errors import ConfigError, Problem
from config.loader import load, load_one
from config.problems import key_path
from tests import strategies
from tests.config.test_properties import SOAK, UNIT
from tests.hostile.payloads import NEVER, SOMETIMES
from tests.hostile.places import at, put, steps, texts, whole

Location = list[str | int]


def attacks(payloads: dict[str, tuple[str, ...]], *, each: int) -> Iterator[tuple[str, Location, str]]:
    """(path, location, text) of every ``each``-th payload at every text: alone, behind, before and in what is right."""
    file = whole()
    turn = itertools.count()
    for path in texts():
        location = steps(path, file)
        right = at(file, location)
        for payload in itertools.chain.from_iterable(payloads.values()):
            number = next(turn)
            if number % each:
                continue
            forms = [payload]
            if isinstance(right, str) and len(payload) < 1_000:
                forms += [right + payload, payload + right, f"{right[:2]}{payload}{right[2:]}"]
            yield path, location, forms[number // each % len(forms)]


def readable(problems: tuple[Problem, ...]) -> None:
    assert problems
    for problem in problems:
        assert problem.file and problem.key and problem.message and problem.remedy
        assert len(problem.value) <= 120 and len(str(problem)) < 3_000
        assert str(problem).isascii() and all(line.isprintable() for line in str(problem).split("\n"))


WHOLE = whole()


def refused(path: str, location: Location, text: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load_one(put(WHOLE, location, text), source="test.json")
    readable(raised.value.problems)
    # Labels are judged as a whole.
    named = location[:-1] if path.endswith("labels{}") else location
    assert key_path(named) in {problem.key for problem in raised.value.problems}, (path, text[:80])


def outcome(file: dict[str, Any]) -> str:
    try:
        load_one(file, source="test.json")
    except ConfigError as error:
        readable(error.problems)
        return "refused"
    return "accepted"


def test_the_whole_file_is_right_and_holds_every_nested_text() -> None:
    file = whole()
    load_one(file, source="test.json")
    absent = {path for path in texts() if at(file, steps(path, file)) is None}
    assert {path for path in absent if "." in path} == {"deployment:teams[].size"}


def test_every_text_refuses_what_is_more_than_a_text() -> None:
    # 101 is prime to the number of payloads: every kind comes by.
    for path, location, text in attacks(dict(NEVER), each=101):
        refused(path, location, text)


@pytest.mark.soak
def test_twelve_thousand_attacks_are_refused_with_their_place(capsys: pytest.CaptureFixture[str]) -> None:
    counted = 0
    for path, location, text in attacks(dict(NEVER), each=1):
        refused(path, location, text)
        counted += 1
    assert counted >= 10_000
    with capsys.disabled():
        print(f"\nhostile texts, refused: {counted}")


@pytest.mark.soak
def test_what_looks_like_something_else_loads_or_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    found = Counter(outcome(put(WHOLE, place, text)) for _, place, text in attacks(dict(SOMETIMES), each=5))
    assert found["accepted"] > 100 and found["refused"] > 100
    with capsys.disabled():
        print(f"\ntexts that look like something else: {dict(found)}")


def test_keys_are_attacked_as_values_are() -> None:
    payloads = [payload for kind in NEVER.values() for payload in kind]
    for key in ("deployment:adopt:import", "deployment:policies", "deployment:components"):
        for payload in payloads[:: len(payloads) // 12]:
            assert outcome(whole() | {key: {payload: {}}}) == "refused"
            assert outcome(whole() | {payload: 1}) == "refused"


def laid_out(directory: Path, data: bytes) -> Path:
    path = directory / "cdktf.json"
    path.write_bytes(data)
    return path


@st.composite
def broken_bytes(draw: st.DrawFn) -> bytes:
    """A right file's bytes with a few cut, doubled or replaced."""
    data = bytearray(json.dumps({"context": draw(strategies.right_files())}).encode())
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data) - 1))
        length = draw(st.integers(0, 20))
        data[at : at + length] = draw(st.binary(max_size=6) | st.sampled_from((b'"', b"{", b"\xef\xbb\xbf", b"NaN")))
    return bytes(data)


def read(directory: Path, data: bytes) -> str:
    try:
        load(laid_out(directory, data))
    except ConfigError as error:
        readable(error.problems)
        return "refused"
    return "accepted"


@settings(UNIT, suppress_health_check=[*UNIT.suppress_health_check, HealthCheck.function_scoped_fixture])
@given(broken_bytes())
def test_broken_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) in ("accepted", "refused")


@pytest.mark.soak
@settings(SOAK, max_examples=1_000, suppress_health_check=list(HealthCheck))
@given(broken_bytes())
def test_a_thousand_broken_files_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) in ("accepted", "refused")


YAML_FILES = (
    "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
    "context: !!python/object/apply:os.system [id]\n",
    "context:\n  platform:id: idp\n",
    "%YAML 1.2\n---\n{}\n",
)


@pytest.mark.parametrize("text", YAML_FILES)
def test_yaml_is_no_deployment_file(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text.encode()) == "refused"


@pytest.mark.parametrize(
    "name", ["../x.json", "/etc/passwd", "a/../../x.json", "link.json", "\x00", "..", "a" * 5_000, "\ud800", "${x}", ""]
)
def test_further_files_are_read_below_the_directory_only(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "x.json").write_text(json.dumps(whole()))
    (inside / "link.json").symlink_to(tmp_path / "x.json")
    context = {"context": whole() | {"deployments": [name]}}
    with pytest.raises(ConfigError) as raised:
        load(laid_out(inside, json.dumps(context).encode()))
    readable(raised.value.problems)
    assert not any("platform:" in problem.key for problem in raised.value.problems)

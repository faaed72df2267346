"""Whatever the deployment file holds, it loads or is refused with reasons; and what loads, synthesizes."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from config.deployment import Deployment
from config.errors import ConfigError
from config.loader import load, load_one
from constructs_lib.leaves import texts
from tests import strategies

# Shrinking repeats the whole synth: a failing example is shown as it was found.
UNIT = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# In CI the same files each time: what fails there fails here. By hand, new ones.
SOAK = settings(UNIT, max_examples=2_000, derandomize="CI" in os.environ)
# How the project's own expressions begin: a resource, a data source, a local, the module's path, or a function of them.
OURS = re.compile(r"\$\{(?=data\.|local\.|path\.|[a-z]+_[a-z0-9_]+\.|[a-z0-9]+\()")


def outcome(keys: dict[str, Any]) -> Deployment | None:
    """The deployment, or None after the reasons were read as a person would."""
    try:
        return load_one(keys, source="test.json")
    except ConfigError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.key and problem.message and problem.remedy
            assert all(line.isprintable() for line in str(problem).split("\n")), str(problem)
            assert "\n" not in problem.key + problem.value + problem.message + problem.remedy
        return None


def synthesizes(keys: dict[str, Any]) -> None:
    from constructs_lib.guardrails import check_stacks
    from constructs_lib.synth import assets, documents, render
    from stacks.layers import build

    files = render([load_one(keys, source="test.json")], build)
    found = documents(files)
    check_stacks(found, assets(files))
    for name, document in found.items():
        for text in texts(document):
            left = OURS.sub("", text.replace("$${", "").replace("%%{", ""))
            assert "${" not in left and "%{" not in left, f"{name}: {text}"


@UNIT
@given(strategies.right_files())
def test_right_files_load(keys: dict[str, Any]) -> None:
    assert load_one(keys, source="test.json").id == keys["deployment:id"]


@UNIT
@given(strategies.nearly_right_files())
def test_nearly_right_files_load_or_say_why_not(keys: dict[str, Any]) -> None:
    outcome(keys)


@UNIT
@given(strategies.hostile_files)
def test_hostile_files_say_why_not(keys: dict[str, Any]) -> None:
    assert outcome(keys) is None


@settings(UNIT, suppress_health_check=[*UNIT.suppress_health_check, HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | strategies.json_values.map(lambda value: json.dumps({"context": value}).encode()))
def test_any_bytes_are_refused_with_a_reason(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "cdktf.json"
    path.write_bytes(data)
    with pytest.raises(ConfigError):
        load(path)


@settings(UNIT, max_examples=10)
@given(strategies.right_files())
def test_what_loads_synthesizes_without_a_foreign_expression(keys: dict[str, Any]) -> None:
    synthesizes(keys)


@pytest.mark.soak
@SOAK
@given(strategies.nearly_right_files() | strategies.hostile_files | strategies.right_files())
def test_two_thousand_files_load_or_say_why_not(keys: dict[str, Any]) -> None:
    outcome(keys)


@pytest.mark.soak
@settings(SOAK, max_examples=40)
@given(strategies.right_files())
def test_forty_right_files_synthesize(keys: dict[str, Any]) -> None:
    synthesizes(keys)

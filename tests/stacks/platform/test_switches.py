"""Whichever components are on: the synth holds the guardrails, and has a stack for each of them and for no other.

A synth costs more than a second, so the unit rung takes each component off, and each alone with what it requires; all
on is the fixture ``everything``, and random files are in tests/config. Random subsets are in the soak.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from config.loader import load_one
from config.requirements import REQUIRES, missing

ROOT = Path(__file__).resolve().parent.parent.parent.parent
NAMES = tuple(sorted(REQUIRES))
SOAK = settings(
    max_examples=40,
    deadline=None,
    # In CI the same subsets each time: what fails there fails here.
    derandomize="CI" in os.environ,
    # Shrinking repeats the whole synth: a failing example is shown as it was found.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


@functools.cache
def shipped() -> dict[str, Any]:
    context: dict[str, Any] = json.loads((ROOT / "cdktf.json").read_text(encoding="utf-8"))["context"]
    return {key: value for key, value in context.items() if key != "deployments"}


def with_required(names: Iterable[str]) -> frozenset[str]:
    """``names`` and what they need to be on."""
    found = set(names)
    while lacking := missing(found):
        found |= {path[-1] for path in lacking}
    return frozenset(found)


def stacks_of(on: frozenset[str]) -> set[str]:
    """Names of the stacks that the shipped deployment has with just ``on``. Raises GuardrailError."""
    from constructs_lib.guardrails import check_stacks
    from constructs_lib.synth import assets, documents, render
    from stacks.layers import build

    said = shipped()["deployment:components"]
    components = {name: {**said.get(name, {}), "enabled": name in on} for name in NAMES}
    files = render([load_one(shipped() | {"deployment:components": components}, source="test.json")], build)
    found = documents(files)
    check_stacks(found, assets(files))
    return set(found)


def holds(on: frozenset[str]) -> None:
    found = stacks_of(on)
    assert {name for name in NAMES if f"idp-platform-{name}" in found} == on


@pytest.mark.parametrize("name", [name for name in NAMES if not missing(set(NAMES) - {name})])
def test_without_a_component_the_rest_holds(name: str) -> None:
    holds(frozenset(NAMES) - {name})


@pytest.mark.parametrize(
    "on", sorted({with_required([name]) for name in NAMES}, key=sorted), ids=lambda on: "+".join(sorted(on))
)
def test_a_component_alone_with_what_it_requires_holds(on: frozenset[str]) -> None:
    holds(on)


def test_without_any_component_the_cluster_holds() -> None:
    holds(frozenset())


@pytest.mark.soak
@pytest.mark.timeout(1800)
@SOAK
@given(st.sets(st.sampled_from(NAMES)).map(with_required))
def test_any_components_with_what_they_require_hold(on: frozenset[str]) -> None:
    holds(on)

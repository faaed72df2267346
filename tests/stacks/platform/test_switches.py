"""Whichever components are on: the synth holds the guardrails, and has a stack for each of them and for no other.

A synth costs more than a second, so the unit rung takes a few sets of components, in which each is on while each other
is off; all on is the fixture ``everything``, and random files are in tests/config. Each component off, each alone with
what it requires, and random sets are in the soak.
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
# The last is empty. A new component joins some, such that the test of the pairs holds.
SETS = (
    "argo-events argo-rollouts argo-workflows argocd backstage cert-manager external-secrets",
    "argo-rollouts crossplane external-dns falco kyverno reloader velero",
    "argo-workflows argocd crossplane external-dns external-secrets falco grafana-agent",
    "backstage cert-manager crossplane external-secrets grafana-agent kyverno reloader velero",
    "argo-events argo-workflows argocd backstage external-dns external-secrets falco grafana-agent kyverno reloader",
    "argo-events argo-rollouts argo-workflows argocd cert-manager external-dns external-secrets grafana-agent "
    "kyverno velero",
    "argo-rollouts argocd backstage cert-manager crossplane external-secrets falco grafana-agent reloader velero",
    "argo-rollouts cert-manager",
    "",
)
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


def test_in_some_set_each_is_on_while_each_other_is_off() -> None:
    pairs = {(on, off) for on in NAMES for off in set(NAMES) - with_required([on])}
    met = {(on, off) for chosen in map(str.split, SETS) for on in chosen for off in set(NAMES) - set(chosen)}
    assert sorted(pairs - met) == []


@pytest.mark.parametrize("on", SETS, ids=lambda on: on or "none")
def test_a_set_of_components_holds(on: str) -> None:
    holds(frozenset(on.split()))


@pytest.mark.soak
@pytest.mark.parametrize("name", [name for name in NAMES if not missing(set(NAMES) - {name})])
def test_without_a_component_the_rest_holds(name: str) -> None:
    holds(frozenset(NAMES) - {name})


@pytest.mark.soak
@pytest.mark.parametrize(
    "on", sorted({with_required([name]) for name in NAMES}, key=sorted), ids=lambda on: "+".join(sorted(on))
)
def test_a_component_alone_with_what_it_requires_holds(on: frozenset[str]) -> None:
    holds(on)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@SOAK
@given(st.sets(st.sampled_from(NAMES)).map(with_required))
def test_any_components_with_what_they_require_hold(on: frozenset[str]) -> None:
    holds(on)

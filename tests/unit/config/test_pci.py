"""The invariants of PCI DSS: each has a configuration case that breaks it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.deployment import Deployment, Policy
from config.rules import check
from config.rules.pci import STANDARD, Must, PciInvariants
from tests.config import cases

Build = Callable[..., Deployment]
MESSAGES = [problem.message for path in cases.paths("error") for problem in cases.read(path).expected()]


@pytest.mark.parametrize("must", PciInvariants.MUSTS, ids=lambda must: must.key)
def test_a_case_breaks_each_invariant_and_is_told_the_requirement(must: Must) -> None:
    assert f"{must.message} ({STANDARD}, {must.requirement})" in MESSAGES


@pytest.mark.parametrize(("flag", "requirement"), PciInvariants.FLAGS.items())
def test_each_flag_is_one_of_the_policy_and_its_requirement_is_told(flag: str, requirement: str) -> None:
    assert flag in Policy.model_fields
    assert any(message.endswith(f"({STANDARD}, {requirement})") for message in MESSAGES)


def test_production_is_not_held_to_the_standard(deployment_with: Build) -> None:
    deployment = deployment_with()
    assert list(PciInvariants(deployment).findings())
    assert not check(deployment, source="test.json")

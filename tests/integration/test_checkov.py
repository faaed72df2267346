"""Rung 6: checkov on the plan of every stack, of what is applied: every value is known, of other stacks too."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Box, reasons_of
from tools import checkov

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def failed(applied: Box) -> set[checkov.Finding]:
    return checkov.in_plans(applied.plans)


@pytest.fixture(scope="module")
def reasons(applied: Box) -> set[checkov.Finding]:
    return reasons_of(applied)


def test_the_plan_of_every_stack_with_resources_is_read(applied: Box) -> None:
    holding = {stack.name for stack in applied.operation.stacks if any(stack.resources())}
    assert {path.stem for path in applied.plans.glob("*.json")} == holding


def test_every_failed_check_has_a_reason(failed: set[checkov.Finding], reasons: set[checkov.Finding]) -> None:
    assert checkov.lines(failed - reasons) == []


def test_every_reason_is_of_a_failed_check(failed: set[checkov.Finding], reasons: set[checkov.Finding]) -> None:
    """What a plan can't show is asked of the JSON, in tests/checkov."""
    assert checkov.lines({finding for finding in reasons if not finding.only_in_json} - failed) == []

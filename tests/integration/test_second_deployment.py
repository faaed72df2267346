"""The long rest of rung 3 and 6 for the second deployment, idp-pci: applied in its account, planned again, judged,
destroyed. In every run its JSON is judged (tests/checkov), and validated by the engine (test_provider)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.cycle import shares
from sandbox.unapplied import Unapplied
from tests.integration.conftest import Box, apply_all, begun, kinds, plan_all, reasons_of, tear_down
from tools import checkov

pytestmark = [pytest.mark.integration, pytest.mark.soak, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Every stack applied, and everything planned again without a change."""
    for box in begun(tmp_path_factory.mktemp("second"), "idp-pci"):
        yield plan_all(apply_all(box))


@pytest.fixture(scope="module")
def failed(second: Box) -> set[checkov.Finding]:
    return checkov.in_plans(second.plans)


def test_it_is_applied_in_an_account_of_its_own_and_planned_again_without_changes(second: Box) -> None:
    assert second.deployment.platform.account == "444455556666"
    for stack in second.operation.stacks:
        planned = [line for line in second.lines if line.split()[:2] == [stack.name, "plan"]]
        assert planned, stack.name
        assert planned[-1].endswith("no changes")


def test_at_least_80_percent_of_every_stack_is_really_applied(second: Box) -> None:
    found = shares(second.sandbox, second.operation)
    assert len(found) == len(second.operation.stacks)
    assert {name: str(share) for name, share in found.items() if share.percent < 80} == {}


def test_every_type_is_applied_or_listed_with_a_reason(second: Box) -> None:
    in_json, really = kinds(second)
    assert {kind for kind in in_json if not Unapplied.listed().left_out(kind)} == really


def test_the_plan_of_every_stack_with_resources_is_judged(second: Box) -> None:
    holding = {stack.name for stack in second.operation.stacks if any(stack.resources())}
    assert {path.stem for path in second.plans.glob("*.json")} == holding


def test_every_failed_check_has_a_reason(second: Box, failed: set[checkov.Finding]) -> None:
    assert checkov.lines(failed - reasons_of(second)) == []


def test_every_reason_is_of_a_failed_check(second: Box, failed: set[checkov.Finding]) -> None:
    told = {finding for finding in reasons_of(second) if not finding.only_in_json}
    assert checkov.lines(told - failed) == []


def test_it_is_destroyed_without_a_trace(second: Box) -> None:
    """Last: what comes before reads what is there."""
    torn_down = tear_down(second)
    assert torn_down.lines[-1] == "listed every service again: nothing is left"
    destroyed = [line.split()[0] for line in torn_down.lines if line.split()[1:2] == ["destroy"]]
    assert sorted(destroyed) == sorted(stack.name for stack in second.operation.stacks)

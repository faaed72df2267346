"""Rung 3: the very JSON of production, really applied; planned again without changes; destroyed without a trace.

The destruction is of the long rest, of a sandbox of its own. A team's is in test_team.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from idp.workspace import LOCAL_STATE
from sandbox.cycle import shares
from sandbox.unapplied import Unapplied
from tests.integration.conftest import Box, apply_all, begun, kinds, tear_down

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1800)]


def test_bootstrap_ends_with_its_state_in_its_own_bucket(box: Box) -> None:
    bootstrap = box.operation.bootstrap
    assert box.operation.workspace.local_state(bootstrap, LOCAL_STATE) is None
    assert box.operation.remote_state(bootstrap) is not None


def test_every_stack_planned_again_has_no_changes(applied: Box) -> None:
    for stack in applied.operation.stacks:
        planned = [line for line in applied.lines if line.split()[:2] == [stack.name, "plan"]]
        assert planned, stack.name
        assert planned[-1].endswith("no changes")


def test_at_least_80_percent_of_every_stack_is_really_applied(applied: Box) -> None:
    found = shares(applied.sandbox, applied.operation)
    assert len(found) == len(applied.operation.stacks)
    assert {name: str(share) for name, share in found.items() if share.percent < 80} == {}


def test_every_type_is_applied_or_listed_with_a_reason(applied: Box) -> None:
    """Fails where a type leaves the applied set without a reviewed line in sandbox/unapplied.yaml."""
    in_json, really = kinds(applied)
    assert {kind for kind in in_json if not Unapplied.listed().left_out(kind)} == really


@pytest.fixture(scope="module")
def torn_down(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Every stack applied and destroyed again."""
    for box in begun(tmp_path_factory.mktemp("down"), "idp"):
        yield tear_down(apply_all(box))


@pytest.mark.soak
def test_teardown_leaves_nothing(torn_down: Box) -> None:
    assert torn_down.lines[-1] == "listed every service again: nothing is left"


@pytest.mark.soak
def test_every_stack_is_destroyed_after_all_that_read_it(torn_down: Box) -> None:
    destroyed = [line.split()[0] for line in torn_down.lines if line.split()[1:2] == ["destroy"]]
    assert sorted(destroyed) == sorted(stack.name for stack in torn_down.operation.stacks)
    for stack in torn_down.operation.stacks:
        for read in stack.reads:
            assert destroyed.index(stack.name) < destroyed.index(read), (stack.name, read)

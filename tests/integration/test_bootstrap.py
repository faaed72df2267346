"""Rung 3: bootstrap and teardown of the remote state, interrupted between any two commands of the engine, go on.

On a bootstrap stack of one bucket, so that each case takes seconds; the whole stack is in test_cycle.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from idp.apply import apply_stack
from idp.bootstrap import bootstrap
from idp.engine import Engine, Finished
from idp.errors import OperationError
from idp.operation import Operation
from idp.teardown import teardown
from idp.workspace import LOCAL_STATE, TEARDOWN_STATE
from tests.integration.conftest import Box, small_operation
from tests.integration.test_locks import client

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

# Commands of the engine: init (no bucket), init, plan, apply, init -migrate-state, init, state pull.
BOOTSTRAP_COMMANDS = 7
# init, state pull; init, apply, output to list states; init, state pull, init -migrate-state; init, state list, plan,
# apply, destroy.
TEARDOWN_COMMANDS = 13


class Stopped(Exception):
    """In place of a machine that dies between two commands."""


@dataclass(frozen=True, kw_only=True)
class Mortal(Engine):
    """An engine that runs ``lives`` commands, and dies before the next."""

    lives: int
    run_so_far: list[str] = field(default_factory=list)

    def attempt(self, directory: Path, *arguments: str) -> Finished:
        if len(self.run_so_far) == self.lives:
            raise Stopped
        self.run_so_far.append(" ".join(arguments))
        return super().attempt(directory, *arguments)


def mortal(operation: Operation, lives: int) -> Operation:
    values = {item.name: getattr(operation.engine, item.name) for item in dataclasses.fields(Engine)}
    return dataclasses.replace(operation, engine=Mortal(**values, lives=lives))


def bucket_only(box: Box, root: Path, name: str) -> Operation:
    backend = {"bucket": name, "key": "idp-bootstrap", "region": "us-west-2", "use_lockfile": True}
    provider = {"region": "us-west-2", "default_tags": [{"tags": {"deployment": "idp"}}]}
    document: dict[str, Any] = {
        "provider": {"aws": [provider]},
        "terraform": {
            "backend": {"s3": backend},
            "required_providers": box.operation.bootstrap.document["terraform"]["required_providers"],
        },
        "resource": {"aws_s3_bucket": {"state": {"bucket": name, "lifecycle": {"prevent_destroy": True}}}},
    }
    return small_operation(root, {"idp-bootstrap": document}, box.operation.engine)


def assert_bootstrapped(operation: Operation) -> None:
    assert operation.workspace.local_state(operation.bootstrap, LOCAL_STATE) is None
    assert operation.remote_state(operation.bootstrap) is not None


@pytest.mark.parametrize(
    "lives",
    [
        *(pytest.param(lives, marks=pytest.mark.soak) for lives in (0, 1, 2, 3, 5, 6)),
        4,
    ],
)
def test_an_interrupted_bootstrap_goes_on(box: Box, tmp_path: Path, lives: int) -> None:
    operation = bucket_only(box, tmp_path, f"idp-interrupted-{lives}")
    with pytest.raises(Stopped):
        bootstrap(mortal(operation, lives))
    bootstrap(operation)
    assert_bootstrapped(operation)
    teardown(operation, "drop")


def test_a_bootstrap_runs_these_commands_and_again_it_only_applies(box: Box, tmp_path: Path) -> None:
    operation = bucket_only(box, tmp_path, "idp-uninterrupted")
    counted = mortal(operation, 100)
    bootstrap(counted)
    assert isinstance(counted.engine, Mortal)
    assert len(counted.engine.run_so_far) == BOOTSTRAP_COMMANDS, counted.engine.run_so_far
    again = mortal(operation, 100)
    bootstrap(again)
    assert isinstance(again.engine, Mortal)
    assert [line.split()[0] for line in again.engine.run_so_far] == ["init", "state", "plan"]
    neighbour = client(box, "s3")
    place = {"LocationConstraint": "us-west-2"}
    neighbour.create_bucket(Bucket="idp-uninterrupted-2", CreateBucketConfiguration=place)
    taken_down = mortal(operation, 100)
    teardown(taken_down, "drop")
    assert isinstance(taken_down.engine, Mortal)
    assert len(taken_down.engine.run_so_far) == TEARDOWN_COMMANDS, taken_down.engine.run_so_far
    # Of another deployment whose name begins with this one's.
    neighbour.delete_bucket(Bucket="idp-uninterrupted-2")


@pytest.mark.soak
@pytest.mark.parametrize("lives", [1, 4, 7, 8, 9, 10, 11, 12])
def test_an_interrupted_teardown_goes_on(box: Box, tmp_path: Path, lives: int) -> None:
    operation = bucket_only(box, tmp_path, f"idp-interrupted-teardown-{lives}")
    bootstrap(operation)
    with pytest.raises(Stopped):
        teardown(mortal(operation, lives), "drop")
    if operation.workspace.local_state(operation.bootstrap, TEARDOWN_STATE) is not None:
        with pytest.raises(OperationError, match="a teardown is half way"):
            bootstrap(operation)
    teardown(operation, "drop")
    assert operation.remote_state(operation.bootstrap) is None
    assert operation.workspace.local_state(operation.bootstrap, TEARDOWN_STATE) is None


@pytest.mark.soak
def test_a_state_of_a_stack_that_the_output_lacks_stops_a_teardown(box: Box, tmp_path: Path) -> None:
    operation = bucket_only(box, tmp_path, "idp-strangers")
    bootstrap(operation)
    backend = {**operation.bootstrap.document["terraform"]["backend"]["s3"], "key": "idp-teams-gone"}
    stranger = {
        "terraform": {"backend": {"s3": backend}},
        "resource": {"terraform_data": {"nothing": {"input": "x"}}},
    }
    other = box.small(tmp_path / "other", {"idp-teams-gone": stranger})
    directory = other.init(other.stacks[0])
    apply_stack(other, directory)
    with pytest.raises(OperationError, match="idp-teams-gone"):
        teardown(operation, "drop")
    assert_bootstrapped(operation)
    other.engine.run(directory, "destroy", "-auto-approve", "-input=false")
    teardown(operation, "drop")

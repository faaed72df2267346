"""Destroy a deployment's stacks in reverse order, under its deletion policy. The JSON itself never weakens protection.

For each stack an override takes protection away and is applied to what is still there, then the stack is destroyed.
Bootstrap goes last: its state first moves back from the bucket that it makes. Run again, it goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from idp.apply import apply_stack
from idp.bootstrap import to_local
from idp.controllers import lasting
from idp.errors import OperationError
from idp.operation import QUIET, Operation
from idp.output import Stack
from idp.protection import Policy, Release, protected, release
from idp.states import refuse_strangers
from idp.walk import downwards
from idp.workspace import TEARDOWN_STATE

OVERRIDE = "teardown"
Gate = Callable[[Stack], None]


def teardown(operation: Operation, policy: Policy, gate: Gate | None = None) -> list[str]:
    """Destroy everything, the bootstrap stack last. Returns the addresses kept on purpose, as ``<stack>: <address>``.

    ``gate`` is asked before each stack that still holds something, and raises OperationError where it must not go yet.
    Raises OperationError under ``retain``, and where the bucket holds states of other stacks; nothing is changed then.
    """
    refuse_retained(operation.stacks, policy)
    suffix = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    kept: list[str] = []
    bootstrap = operation.bootstrap
    # This file is made only when every other stack is gone.
    if operation.workspace.local_state(bootstrap, TEARDOWN_STATE) is None:
        if operation.remote_state(bootstrap) is None:
            operation.engine.report(f"{bootstrap.name} has no state: nothing to destroy")
            return kept
        refuse_strangers(operation)
        kept += _destroy_above(operation, policy, suffix, gate)
        to_local(operation)
    released = release(bootstrap, policy, suffix)
    kept += _destroy(operation, bootstrap, released, local=True)
    operation.workspace.put_aside(bootstrap, TEARDOWN_STATE)
    return kept


def _destroy_above(operation: Operation, policy: Policy, suffix: str, gate: Gate | None) -> list[str]:
    """Destroy every stack but bootstrap, each after those that read it; controllers after what they clean up."""
    kept: list[str] = []

    def work(stack: Stack) -> None:
        kept.extend(_destroy(operation, stack, release(stack, policy, suffix), gate))

    above = [stack for stack in reversed(operation.stacks) if not stack.is_bootstrap]
    operation.each(above, lasting(downwards(above), above), work)
    return sorted(kept)


def teardown_stack(operation: Operation, name: str, policy: Policy) -> list[str]:
    """Destroy one stack, which no other may read. Returns the addresses kept on purpose.

    Raises OperationError for an unknown stack, and under ``retain`` where it holds data, before anything is changed.
    """
    (stack,) = operation.chosen([name])
    refuse_retained([stack], policy)
    # What holds no data is let go by the gentlest policy that lets go.
    released = release(stack, "snapshot" if policy == "retain" else policy, datetime.now(UTC).strftime("%Y%m%d-%H%M%S"))
    return _destroy(operation, stack, released)


def refuse_retained(stacks: list[Stack], policy: Policy) -> None:
    """Raise OperationError where the policy keeps what the stacks hold."""
    stateful = [stack.name for stack in stacks if protected(stack)]
    if policy == "retain" and stateful:
        raise OperationError(
            f"deletion policy retain keeps the stacks that hold data: {', '.join(stateful)}",
            remedy="nothing was changed; to destroy them, set deployment:deletionPolicy to snapshot or drop",
        )


def _destroy(
    operation: Operation, stack: Stack, released: Release, gate: Gate | None = None, *, local: bool = False
) -> list[str]:
    """``local``: by the state that a teardown took out of its bucket."""
    overrides = {OVERRIDE: released.override}
    with operation.step(stack, "destroy") as note:
        directory = (
            operation.init_local(stack, TEARDOWN_STATE, overrides) if local else operation.init(stack, overrides)
        )
        present = operation.addresses(directory)
        if not present:
            note["counts"] = "nothing left"
            return []
        if gate is not None:
            gate(stack)
        _let_go(operation, directory, [address for address in released.changed if address in present])
        kept = [address for address in released.kept if address in present]
        if kept:
            operation.engine.run(directory, "state", "rm", *kept)
        parallel = f"-parallelism={operation.engine.parallelism}"
        destroyed = operation.engine.run(directory, "destroy", *QUIET, "-json", "-auto-approve", parallel)
        note["counts"] = destroyed.progress.counts
        return [f"{stack.name}: {address}" for address in kept]


def _let_go(operation: Operation, directory: Path, addresses: list[str]) -> None:
    """Apply the override to what is there, and to nothing else: a teardown that goes on must not make things anew."""
    if addresses:
        apply_stack(operation, directory, *(f"-target={address}" for address in addresses))

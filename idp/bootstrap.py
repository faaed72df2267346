"""Make the remote state with a stack whose own state then moves into it (docs/adr/0002-bootstrap-and-state.md).

The working copy's state file decides where to go on: while it is there, the move to the bucket isn't known to be done.
"""

from __future__ import annotations

from idp.apply import apply_stack, refuse_half_torn_down
from idp.engine import lock_table_missing
from idp.errors import OperationError
from idp.operation import Operation
from idp.workspace import LOCAL_STATE, TEARDOWN_STATE, identities, local_backend


def bootstrap(operation: Operation) -> None:
    """Apply the bootstrap stack, with its state in its own bucket at the end. Run again, it goes on or just applies.

    Raises OperationError where the bucket can't be read for another reason than that it isn't there.
    """
    refuse_half_torn_down(operation)
    stack = operation.bootstrap
    local = operation.workspace.local_state(stack)
    remote = operation.remote_state(stack)
    if remote is not None and (local is None or identities(local) <= identities(remote)):
        if local is not None:
            operation.workspace.put_aside(stack)
        with operation.step(stack, "bootstrap") as note:
            note["counts"] = _apply(operation)
        return
    with operation.step(stack, "bootstrap") as note:
        note["counts"] = apply_stack(operation, operation.init_local(stack, LOCAL_STATE))
    to_bucket(operation)


def _apply(operation: Operation) -> str:
    """Apply on the bucket. Where the lock table is gone, a file beside the state is the lock until it is made again.

    Returns the counts.
    """
    stack = operation.bootstrap
    try:
        return apply_stack(operation, operation.init(stack))
    except OperationError as error:
        if not lock_table_missing(str(error)):
            raise
    operation.engine.report(f"{stack.name}: the lock table isn't there; it is made again")
    backend = {**stack.document["terraform"]["backend"]["s3"], "use_lockfile": True}
    backend.pop("dynamodb_table")
    return apply_stack(operation, operation.init(stack, {"lock": {"terraform": {"backend": {"s3": backend}}}}))


def to_bucket(operation: Operation) -> None:
    """Move the bootstrap state from the working copy into the bucket.

    Raises OperationError where the bucket's state isn't the local one afterwards; the local one is kept then.
    """
    stack = operation.bootstrap
    with operation.step(stack, "migrate") as note:
        operation.init_local(stack, LOCAL_STATE)
        operation.move_state(operation.workspace.prepare(stack))
        local, remote = operation.workspace.local_state(stack), operation.remote_state(stack)
        if local is None or remote is None or identities(local) != identities(remote):
            raise OperationError(
                f"{stack.name}: the state in the bucket isn't the one that was moved there",
                remedy=f"compare it with {operation.workspace.directory(stack) / LOCAL_STATE}, which is kept",
            )
        operation.workspace.put_aside(stack)
        note["counts"] = "the state is in its own bucket"


def to_local(operation: Operation) -> None:
    """Copy the bootstrap state from the bucket into the working copy, so that the bucket can go.

    Raises OperationError where the copy isn't the bucket's state.
    """
    stack = operation.bootstrap
    with operation.step(stack, "migrate") as note:
        remote = operation.remote_state(stack)
        override = {"local": local_backend(TEARDOWN_STATE)}
        operation.move_state(operation.workspace.prepare(stack, override))
        local = operation.workspace.local_state(stack, TEARDOWN_STATE)
        if remote is None or local is None or identities(local) != identities(remote):
            raise OperationError(
                f"{stack.name}: the copy of the state isn't what the bucket holds",
                remedy=f"remove {operation.workspace.directory(stack) / TEARDOWN_STATE} and run the same command again",
            )
        note["counts"] = "the state is out of its bucket"

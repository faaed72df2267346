"""Plan and apply stacks in order. Each apply is of a plan just made; a stack without changes is passed over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from idp.errors import OperationError
from idp.operation import QUIET, Operation
from idp.output import Stack
from idp.walk import unordered, upwards
from idp.workspace import RECOVERED, TEARDOWN_STATE

PLAN = "tfplan"
NO_CHANGES, CHANGES = 0, 2
# How both engines say that a stack which is read has no state yet.
NO_STATE = "Unable to find remote state"


def plan(operation: Operation, only: Sequence[str] | None = None, *, keep: Path | None = None) -> list[str]:
    """Plan every stack, or ``only`` these. Returns the names of those with changes, in order.

    One that reads a stack which was never applied has changes, but nobody can say yet which; so says its line.
    ``keep`` is a directory that gets the plan of each stack that holds resources, as JSON: ``<stack>.json``.
    """
    chosen = operation.chosen(only)
    _bootstrapped(operation)
    changed = set()

    def work(stack: Stack) -> None:
        with operation.step(stack, "plan") as note:
            directory = operation.init(stack)
            kept = keep / f"{stack.name}.json" if keep and any(stack.resources()) else None
            try:
                note["counts"] = _kept_plan(operation, directory, kept) if kept else _plan(operation, directory)
            except OperationError as error:
                if NO_STATE not in str(error):
                    raise
                note["counts"] = f"not yet: of {', '.join(sorted(stack.reads))}, one isn't applied"
            if note["counts"] != "no changes":
                changed.add(stack.name)

    operation.each(chosen, unordered(chosen), work)
    return [stack.name for stack in chosen if stack.name in changed]


def apply(operation: Operation, only: Sequence[str] | None = None) -> None:
    """Apply every stack, or ``only`` these, in order. Nothing new begins after a failure; run again, it goes on."""
    chosen = operation.chosen(only)
    _bootstrapped(operation)

    def work(stack: Stack) -> None:
        with operation.step(stack, "apply") as note:
            directory = operation.init(stack)
            note["counts"] = apply_stack(operation, directory)
            (directory / RECOVERED).unlink(missing_ok=True)

    operation.each(chosen, upwards(chosen), work)


def apply_stack(operation: Operation, directory: Path, *options: str) -> str:
    """Plan and apply an initialized working copy. Returns the counts."""
    counts = _plan(operation, directory, "-out", PLAN, *options)
    try:
        if counts == "no changes":
            return counts
        engine = operation.engine
        applied = engine.run(directory, "apply", *QUIET, "-json", f"-parallelism={engine.parallelism}", PLAN)
        return applied.progress.counts
    finally:
        (directory / PLAN).unlink(missing_ok=True)


def _plan(operation: Operation, directory: Path, *options: str) -> str:
    engine = operation.engine
    parallel = f"-parallelism={engine.parallelism}"
    arguments = ("plan", *QUIET, "-json", "-detailed-exitcode", parallel, *options)
    planned = engine.run(directory, *arguments, accept=(NO_CHANGES, CHANGES))
    return "no changes" if planned.code == NO_CHANGES else planned.progress.counts


def _kept_plan(operation: Operation, directory: Path, target: Path) -> str:
    """Plan, and write the plan's JSON to ``target``. Returns the counts."""
    try:
        counts = _plan(operation, directory, "-out", PLAN)
        target.touch(mode=0o600)
        target.write_text(operation.engine.run(directory, "show", "-json", PLAN).text, encoding="utf-8")
        return counts
    finally:
        (directory / PLAN).unlink(missing_ok=True)


def refuse_half_torn_down(operation: Operation) -> None:
    """Raise OperationError where a teardown has taken the bootstrap state out of its bucket and didn't end."""
    stack = operation.bootstrap
    if operation.workspace.local_state(stack, TEARDOWN_STATE) is not None:
        raise OperationError(
            f"{stack.name}: a teardown is half way",
            remedy="run `python -m idp destroy` again to its end; then bootstrap anew",
        )


def _bootstrapped(operation: Operation) -> None:
    refuse_half_torn_down(operation)
    stack = operation.bootstrap
    if operation.remote_state(stack) is None:
        raise OperationError(
            f"{stack.name} has no state in its bucket: nothing can be planned or applied yet",
            remedy=f"run `python -m idp bootstrap --deployment {stack.deployment}`",
        )

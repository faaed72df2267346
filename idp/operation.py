"""What every operation shares: the engine, the working copies, the stacks in order, and how a stack is initialized."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from idp.engine import Engine
from idp.errors import OperationError
from idp.log import LOG
from idp.output import Stack
from idp.providers import Lock, engine_of
from idp.tally import Tally
from idp.walk import Graph, Work, walk
from idp.workspace import ERRORED_STATE, Workspace, local_backend, with_resources

# How the engines word a backend bucket that isn't there: OpenTofu "S3 bucket does not exist", Terraform 'S3 bucket
# "..." does not exist'.
NO_BUCKET = "does not exist"
QUIET = ("-input=false", "-no-color")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """``stacks`` are one deployment's, in apply order; ``jobs`` of them run at once where their order allows.

    ``locks`` is where the locks of providers are; without it each `init` takes what the registry has.
    ``tally`` counts the steps and shows them.
    """

    engine: Engine
    workspace: Workspace
    stacks: list[Stack]
    jobs: int = 1
    locks: Path | None = None
    tally: Tally = field(default_factory=Tally, compare=False, repr=False)

    @property
    def bootstrap(self) -> Stack:
        """Raises OperationError where the output has no bootstrap stack."""
        for stack in self.stacks:
            if stack.is_bootstrap:
                return stack
        raise OperationError("the output has no bootstrap stack", remedy="run `make synth` on the whole deployment")

    def chosen(self, names: Sequence[str] | None) -> list[Stack]:
        """The stacks called ``names``, in apply order; all without names. Raises OperationError for unknown ones."""
        unknown = set(names or ()) - {stack.name for stack in self.stacks}
        if unknown:
            known = ", ".join(stack.name for stack in self.stacks)
            raise OperationError(f"no stack {', '.join(sorted(unknown))}", remedy=f"name one of: {known}")
        return [stack for stack in self.stacks if not names or stack.name in names]

    def init(
        self, stack: Stack, overrides: Mapping[str, Mapping[str, Any]] | None = None, *, store: bool = True
    ) -> Path:
        """Make the working copy and initialize it on the stack's own backend. Returns the working copy.

        A copy that is initialized with the same JSON and engine isn't again. A state that the engine could not store
        at the end of an earlier command is stored first: without it, all that it holds would be made again. Not where
        ``store`` is off: under the lock that is to be released, it can't be.
        """
        directory = self.workspace.prepare(stack, overrides)
        if not self.workspace.is_initialized(directory, self._engine_id):
            self._init(directory, "-reconfigure")
        if store:
            self._store(stack, directory)
        return directory

    def _store(self, stack: Stack, directory: Path) -> None:
        if not (directory / ERRORED_STATE).exists():
            return
        pushed = self.engine.attempt(directory, "state", "push", "-no-color", ERRORED_STATE)
        if pushed.code:
            problems = pushed.progress.problems
            known = self.engine.remedy(directory, problems) if "acquiring the state lock" in problems else None
            raise OperationError(
                f"{stack.name}: {directory / ERRORED_STATE}, left by an earlier command, isn't stored yet\n{problems}",
                remedy=known
                or "run the same command again once the bucket can be written; where its state is newer than the "
                'file, see "A state is lost or wrong" in docs/RESTORE.md',
            )
        self.workspace.put_aside(stack, ERRORED_STATE)
        self.engine.report(f"{stack.name}: the state that an earlier command couldn't store is in its bucket now")

    def init_local(self, stack: Stack, state: str, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Path:
        """Like ``init``, on the file ``state`` of the working copy."""
        return self.init(stack, {**(overrides or {}), "local": local_backend(state)})

    def move_state(self, directory: Path) -> None:
        """Let the engine copy the state from the backend of the last init to that of the prepared working copy."""
        self._init(directory, "-migrate-state", "-force-copy")

    def remote_state(self, stack: Stack) -> dict[str, Any] | None:
        """The stack's state in its bucket, where it holds resources; None also where the bucket isn't there yet.

        Raises OperationError on any other failure: without rights or network nobody knows whether there is a state.
        """
        directory = self.workspace.prepare(stack)
        self.workspace.mark_initialized(directory, None)
        started = self.engine.attempt(directory, "init", *QUIET, *self.lock(directory), "-reconfigure")
        if started.code:
            if "S3 bucket" in started.text and NO_BUCKET in started.text:
                return None
            raise OperationError(
                f"{stack.name}: can't read the remote state\n{started.progress.problems}",
                remedy="check credentials, account, region and rights on the state bucket; run the same command again",
            )
        self.workspace.mark_initialized(directory, self._engine_id)
        return with_resources(self.engine.run(directory, "state", "pull").text)

    @property
    def _engine_id(self) -> str:
        """The engine, and the lock: a copy that was initialized with another one is again."""
        locked = self._lock.digest if self._lock else ""
        return f"{self.engine.program} {locked}".strip()

    @property
    def _lock(self) -> Lock | None:
        return Lock(engine=engine_of(self.engine.program), directory=self.locks) if self.locks else None

    def lock(self, directory: Path) -> tuple[str, ...]:
        """Write the root's part of the lock into ``directory``. Returns what `init` is told; nothing without a lock."""
        return self._lock.place(directory) if self._lock else ()

    def _init(self, directory: Path, *options: str) -> None:
        self.workspace.mark_initialized(directory, None)
        self.engine.run(directory, "init", *QUIET, *self.lock(directory), *options)
        self.workspace.mark_initialized(directory, self._engine_id)

    def addresses(self, directory: Path) -> list[str]:
        """Addresses of the managed resources in the initialized state of ``directory``."""
        listed = self.engine.run(directory, "state", "list").text.split()
        return [address for address in listed if not address.startswith("data.")]

    def each(self, stacks: Sequence[Stack], graph: Graph, work: Work) -> None:
        """Run ``work`` on ``stacks`` in the order that ``graph`` gives. Raises what it raises, or Interrupted.

        At the end, and when it stops before, a line says how many stacks are done, which aren't, and where logs are.
        """
        with self.tally.counting([stack.name for stack in stacks]):
            try:
                walk(stacks, graph, work, engine=self.engine, jobs=self.jobs)
            finally:
                self.engine.report(f"{self.tally.summary}; logs: {self.workspace.root}/<stack>/{LOG}")

    @contextmanager
    def step(self, stack: Stack, action: str) -> Iterator[dict[str, str]]:
        """Report one line when the step has ended well: stack, action, seconds, count, and what the caller notes."""
        note: dict[str, str] = {}
        with self.tally.step(stack.name, action) as timed:
            yield note
        counted = f"{timed.count:<6}" if timed.count else ""
        line = f"{stack.name:<28} {action:<10} {timed.seconds:>5.0f} s  {counted} {note.get('counts', '')}"
        self.engine.report(line.rstrip())

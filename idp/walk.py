"""Do something with every stack, each after those that it depends on, several at once."""

from __future__ import annotations

import graphlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from idp.engine import Engine
from idp.errors import Interrupted, StateNotStored
from idp.output import Stack, predecessors

Work = Callable[[Stack], None]
Graph = Mapping[str, set[str]]


def upwards(stacks: Sequence[Stack]) -> Graph:
    """Each stack after those that it reads."""
    by_name = {stack.name: stack for stack in stacks}
    return {stack.name: predecessors(stack, by_name) for stack in stacks}


def downwards(stacks: Sequence[Stack]) -> Graph:
    """Each stack after those that read it."""
    up = upwards(stacks)
    return {name: {other for other, read in up.items() if name in read} for name in up}


def unordered(stacks: Sequence[Stack]) -> Graph:
    """All of them at any time."""
    return {stack.name: set() for stack in stacks}


def walk(stacks: Sequence[Stack], graph: Graph, work: Work, *, engine: Engine, jobs: int) -> None:
    """Run ``work`` on every stack as ``graph`` (name → names before it) says, at most ``jobs`` at once.

    After a failure nothing new begins; what runs is waited for, and the first failure is raised. After Ctrl-C the
    engine's running commands are interrupted and waited for, and Interrupted is raised.
    """
    _Walk(stacks, graph, work, engine).run(jobs)


class _Walk:
    def __init__(self, stacks: Sequence[Stack], graph: Graph, work: Work, engine: Engine) -> None:
        self.by_name = {stack.name: stack for stack in stacks}
        # Ties stand in the order of ``stacks``.
        self.rank = {stack.name: rank for rank, stack in enumerate(stacks)}
        self.sorter = graphlib.TopologicalSorter(graph)
        self.work, self.engine = work, engine
        self.ready: list[str] = []
        self.running: dict[Future[None], str] = {}
        self.failure: BaseException | None = None

    def run(self, jobs: int) -> None:
        self.sorter.prepare()
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            while True:
                try:
                    if not self._begin(pool, jobs):
                        break
                    done, _ = wait(self.running, return_when=FIRST_COMPLETED)
                    self._end(done)
                except KeyboardInterrupt:
                    self.engine.interrupt()
                    self.failure = self.failure or Interrupted(
                        "stopped by the user; states are kept", remedy="run the same command again; it goes on"
                    )
        if self.failure is not None:
            raise self.failure

    def _begin(self, pool: ThreadPoolExecutor, jobs: int) -> bool:
        """Start what may start. Whether anything runs then."""
        self.ready = sorted([*self.ready, *self.sorter.get_ready()], key=lambda name: self.rank[name])
        while self.ready and len(self.running) < jobs and self.failure is None:
            name = self.ready.pop(0)
            self.running[pool.submit(self.work, self.by_name[name])] = name
        return bool(self.running)

    def _end(self, done: set[Future[None]]) -> None:
        for future in done:
            name = self.running.pop(future)
            error = future.exception()
            if error is None:
                self.sorter.done(name)
            elif self.failure is None or isinstance(error, StateNotStored):
                self.failure = error

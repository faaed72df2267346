"""How many steps of an operation are done, which run, and for how long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from idp.words import some


class Screen(Protocol):
    """What shows running steps to who watches."""

    def begin(self, stack: str, action: str, count: str) -> None: ...

    def end(self, stack: str) -> None: ...


@dataclass(kw_only=True)
class Timed:
    """A step that ended well: ``count`` is such as ``3/26``, empty outside a count."""

    seconds: float = 0.0
    count: str = ""


@dataclass(kw_only=True, eq=False)
class Tally:
    """Steps that are counted together; ``screen`` shows those that run. Safe for several threads."""

    screen: Screen | None = None
    names: Sequence[str] = ()
    done: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    began: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def counting(self, names: Sequence[str]) -> Iterator[None]:
        """Count steps of the stacks ``names`` until the end of the block."""
        self.names, self.done, self.failed, self.began = list(names), [], [], time.monotonic()
        try:
            yield
        finally:
            self.names = ()

    @contextmanager
    def step(self, stack: str, action: str) -> Iterator[Timed]:
        """Time a step, and count it where it ends well."""
        timed, began = Timed(), time.monotonic()
        if self.screen is not None:
            self.screen.begin(stack, action, f"{len(self.done)}/{len(self.names)}" if self.names else "")
        try:
            yield timed
        except BaseException:
            self.failed.append(stack)
            raise
        finally:
            if self.screen is not None:
                self.screen.end(stack)
        timed.seconds = time.monotonic() - began
        with self._lock:
            if stack in self.names:
                self.done.append(stack)
                timed.count = f"{len(self.done)}/{len(self.names)}"

    @property
    def summary(self) -> str:
        """``26 of 26 stacks in 75 s``; where some aren't done, with their names."""
        text = f"{len(self.done)} of {len(self.names)} stacks in {time.monotonic() - self.began:.0f} s"
        waiting = [name for name in self.names if name not in {*self.done, *self.failed}]
        stopped = f"; stopped at {', '.join(self.failed)}" if self.failed else ""
        return text + stopped + (f"; not begun: {some(waiting, 3)}" if waiting else "")

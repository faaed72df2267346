"""Running steps on a terminal, by Rich: one line each, with its time and what it waits for; nothing stays of them."""

from __future__ import annotations

import threading

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from idp.events import Progress


class Live:
    """Shows what runs below the lines that are reported. It is on the terminal only while something runs."""

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            TextColumn("{task.fields[state]}", markup=False),
        )
        self._bars = Bars(*columns, console=console, transient=True)
        self._tasks: dict[str, TaskID] = {}
        self._lock = threading.Lock()

    def line(self, text: str) -> None:
        """Print ``text`` above what runs."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def begin(self, stack: str, action: str, count: str) -> None:
        with self._lock:
            if not self._tasks:
                self._bars.start()
            self._tasks[stack] = self._bars.add_task(f"{stack:<28} {action:<10} {count}", total=None, state="")

    def state(self, stack: str, progress: Progress) -> None:
        """Show how far the engine is with ``stack``."""
        with self._lock:
            if (task := self._tasks.get(stack)) is not None:
                state = progress.state if progress.done or progress.running else ""
                self._bars.update(task, state=state, refresh=True)

    def end(self, stack: str) -> None:
        with self._lock:
            self._bars.remove_task(self._tasks.pop(stack))
            if not self._tasks:
                self._bars.stop()

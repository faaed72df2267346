"""Run OpenTofu or Terraform on a directory, with progress and with an end that keeps state and lock right."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from idp.errors import Interrupted, OperationError, StateNotStored
from idp.events import Progress
from idp.log import LOG, Log, logging
from idp.workspace import ERRORED_STATE
from tools.build import tofu

HEARTBEAT_SECONDS = 20
# Cluster, database and node group one after another take about an hour on AWS.
TIMEOUT_SECONDS = 2 * 60 * 60
# What these print are values, of states and plans, marked sensitive or not: none of it is written to a log.
SILENT = (("state", "pull"), ("show",), ("output",))
# An end that isn't the engine's own.
_KILLED = "it was killed by signal"
# OpenTofu 1.12: "Resource instance cannot be destroyed"; it before, and Terraform: "Instance cannot be destroyed".
_GUARDED = "nstance cannot be destroyed"
# Variables that would make the engine use another workspace, data directory or arguments than the operation means.
FOREIGN = ("TF_WORKSPACE", "TF_DATA_DIR", "TF_CLI_ARGS", "TF_INPUT", "TF_REATTACH_PROVIDERS")


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A command that ran to its end: its exit code, what it printed, and what its events say."""

    code: int
    text: str
    progress: Progress


@dataclass(kw_only=True, eq=False)
class _Watch:
    """A running process, and what is known of it so far."""

    process: subprocess.Popen[str]
    what: str
    progress: Progress = field(default_factory=Progress)
    lines: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    beat: float = field(default_factory=time.monotonic)
    code: int | None = None

    def stop(self, why: str) -> None:
        """Send SIGINT, once: after a second one the engine ends without writing its state."""
        if not self.stopped and self.process.poll() is None:
            self.stopped.append(why)
            self.process.send_signal(signal.SIGINT)


@dataclass(frozen=True, kw_only=True)
class Engine:
    """``program`` is OpenTofu or Terraform; ``report`` takes progress lines; ``timeout`` is in seconds, per command.

    ``again``, ``unlock`` and ``bootstrap`` are what a person types to go on, to release a lock, to make what holds
    states and locks, and to find what a killed apply made. ``watcher`` gets the directory's
    name and what is known of the command at each of its lines; without one, ``report`` gets a line now and then.
    """

    program: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    report: Callable[[str], None] = print
    timeout: float = TIMEOUT_SECONDS
    parallelism: int = 10
    again: str = "the same command"
    unlock: str = "python -m idp unlock"
    bootstrap: str = "python -m idp bootstrap"
    recover: str = "python -m idp recover"
    watcher: Callable[[str, Progress], None] | None = field(default=None, compare=False, repr=False)
    _running: list[_Watch] = field(default_factory=list, compare=False, repr=False)

    def run(self, directory: Path, *arguments: str, accept: tuple[int, ...] = (0,)) -> Finished:
        """Run ``arguments`` in ``directory``. What is printed also goes to the file engine.log there, but for values.

        Raises OperationError where the exit code isn't in ``accept``, Interrupted after a timeout or Ctrl-C: the
        engine then got SIGINT once and was waited for, so its state is written and its lock released.
        """
        finished = self.attempt(directory, *arguments)
        if finished.code not in accept:
            problems = _ended(finished.code) + finished.progress.problems
            raise OperationError(
                f"{directory.name}: {self.program.name} {arguments[0]} failed\n{problems}",
                remedy=self.remedy(directory, problems),
            )
        return finished

    def interrupt(self) -> None:
        """Stop the commands that run now, as Ctrl-C would; whoever started them gets Interrupted."""
        for watch in tuple(self._running):
            watch.stop("by the user")

    def remedy(self, directory: Path, problems: str) -> str:
        """What to do where a command of ``directory`` ended with ``problems``."""
        if problems.startswith(_KILLED):
            return (
                f"release its lock by `{self.unlock} --stack {directory.name}`, look for what it made last by "
                f"`{self.recover} --stack {directory.name}`; then run `{self.again}` again"
            )
        if lock_table_missing(problems):
            return f"run `{self.bootstrap}`: it makes the lock table again; then `{self.again}`"
        if "Error acquiring the state lock" in problems:
            return (
                "wait for the other run. If there is none, because it was killed, look who holds the lock, and release "
                f"it, by `{self.unlock} --stack {directory.name}`; then run `{self.again}` again"
            )
        if "does not have the expected content" in problems:
            return (
                'see "A state is lost or wrong" in docs/RESTORE.md: the state was replaced past the engine; '
                f"then run `{self.again}` again"
            )
        if _GUARDED in problems:
            return (
                f"where its making was cut short, `{self.recover} --stack {directory.name}` keeps it as it is; where "
                f"the JSON means to replace it, take that back; then run `{self.again}` again"
            )
        if (directory / ERRORED_STATE).exists():
            return (
                f"{directory / ERRORED_STATE} holds what was made: keep it. Correct the cause, and run `{self.again}` "
                "again from here: it stores that state first"
            )
        return (
            f"all output of {directory.name} is in {directory / LOG}; correct the cause there and run `{self.again}` "
            "again: it goes on with this stack"
        )

    def _interrupted(self, what: str, directory: Path) -> Interrupted:
        if (directory / ERRORED_STATE).exists():
            return StateNotStored(f"{what}, and its state couldn't be stored", remedy=self.remedy(directory, ""))
        return Interrupted(
            f"{what}; its state is kept", remedy=f"run `{self.again}` again; it goes on where this one stopped"
        )

    def attempt(self, directory: Path, *arguments: str) -> Finished:
        """Like ``run``, but any exit code is an answer."""
        command = [str(self.program), *arguments]
        environment = {k: v for k, v in self.environment.items() if k not in FOREIGN}
        environment |= {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        # A session of its own: Ctrl-C reaches us only, and the engine gets one SIGINT. A second would make it give up
        # without writing state.
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self._follow(process, directory, arguments)

    def _follow(self, process: subprocess.Popen[str], directory: Path, arguments: tuple[str, ...]) -> Finished:
        watch = _Watch(process=process, what=f"{directory.name}: {self.program.name} {arguments[0]}")
        timer = threading.Timer(self.timeout, lambda: watch.stop(f"after {self.timeout:.0f} s"))
        timer.start()
        self._running.append(watch)
        try:
            with logging(directory, self.report) as log:
                log.write(f"\n$ {self.program.name} {' '.join(arguments)}\n")
                silent = any(arguments[: len(command)] == command for command in SILENT)
                while watch.code is None:
                    # Ctrl-C may come at any line: what is left is read afterwards.
                    try:
                        self._read(watch, None if silent else log, directory.name)
                    except KeyboardInterrupt:
                        watch.stop("by the user")
        finally:
            timer.cancel()
            self._running.remove(watch)
        if watch.stopped:
            raise self._interrupted(f"{watch.what} was stopped {watch.stopped[0]}", directory)
        return Finished(code=watch.code, text="".join(watch.lines), progress=watch.progress)

    def _read(self, watch: _Watch, log: Log | None, name: str) -> None:
        """Read the process's output to its end, and then its exit code."""
        assert watch.process.stdout is not None
        for line in watch.process.stdout:
            if log is not None:
                log.write(line)
            watch.lines.append(line)
            watch.progress.read(line)
            if self.watcher is not None:
                self.watcher(name, watch.progress)
            elif time.monotonic() - watch.beat > HEARTBEAT_SECONDS:
                watch.beat = time.monotonic()
                self._heartbeat(name, watch.progress)
        watch.code = watch.process.wait()

    def _heartbeat(self, name: str, progress: Progress) -> None:
        if progress.running:
            self.report(f"  {name}: {progress.state}")


def _ended(code: int) -> str:
    """What is said of an end that isn't the engine's own: a signal, as of the system that is out of memory."""
    return f"{_KILLED} {-code}\n" if code < 0 else ""


def lock_table_missing(problems: str) -> bool:
    """Whether the engine could not lock a state since the lock table isn't there."""
    return "Error acquiring the state lock" in problems and "ResourceNotFoundException" in problems


def find_engine(given: Path | None) -> Path:
    """``given``, else OpenTofu on PATH or in .tools, else Terraform on PATH. Raises OperationError without any."""
    if given is not None:
        return given.resolve()
    terraform = shutil.which("terraform")
    found = tofu() or (Path(terraform) if terraform else None)
    if found is None:
        raise OperationError("found neither tofu nor terraform", remedy="run `make tools`, or name one by --engine")
    return found


def terminate_as_interrupt() -> None:
    """Take SIGTERM, which a cancelled CI job sends, like Ctrl-C: the engine ends in order and releases its lock."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)

"""Run a program and measure it as a whole: seconds that pass, seconds of processor, and memory, by process."""

from __future__ import annotations

import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_SECONDS = 0.02


@dataclass(frozen=True, kw_only=True)
class Program:
    """A command that synthesizes, with the whole environment it runs in."""

    label: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    directory: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """``cpu_seconds`` are user and system time of the process and its children: other programs of a busy machine add
    less to them than to ``seconds``. ``peak_mib`` is the largest sum of resident memory that was seen at one time;
    ``own_mib`` and ``children_mib`` are the largest of the process itself (Python for us) and of those that it starts
    (Node)."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    own_mib: float
    children_mib: float


def measure(program: Program) -> Measurement:
    """Run ``program`` to its end. Raises RuntimeError with what it printed where it fails."""
    before = _cpu_seconds()
    started = time.monotonic()
    own, children, total = 0.0, 0.0, 0.0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            program.command, env=dict(program.environment), cwd=program.directory, stdout=said, stderr=said
        )
        while process.poll() is None:
            mine, theirs = resident_mib(process.pid)
            own, children, total = max(own, mine), max(children, theirs), max(total, mine + theirs)
            time.sleep(SAMPLE_SECONDS)
        seconds = time.monotonic() - started
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(program.command)} failed:\n{said.read().decode()}")
    cpu = _cpu_seconds() - before
    return Measurement(seconds=seconds, cpu_seconds=cpu, peak_mib=total, own_mib=own, children_mib=children)


def resident_mib(pid: int) -> tuple[float, float]:
    """Resident memory of ``pid``, and what its descendants have beside it, in MiB, from /proc; 0 where they are gone.

    Pages of files count once for all processes of one program, which share them: Node's are some 45 MiB, and the engine
    starts it twice.
    """
    held, files = dict[int, float](), dict[str, float]()
    pending, own = [pid], 0.0
    while pending:
        current = pending.pop()
        try:
            lines = dict(line.split(":", 1) for line in Path(f"/proc/{current}/status").read_text().splitlines())
            program = str(Path(f"/proc/{current}/exe").readlink())
            children = list(Path(f"/proc/{current}/task").glob("*/children"))
            pending.extend(int(child) for path in children for child in path.read_text().split())
        except OSError:
            continue
        of_files = _mib(lines, "RssFile")
        held[current] = _mib(lines, "RssAnon") + _mib(lines, "RssShmem")
        files[program] = max(files.get(program, 0.0), of_files)
        if current == pid:
            own = held[current] + of_files
    return own, sum(held.values()) + sum(files.values()) - own


def _mib(status: Mapping[str, str], key: str) -> float:
    """``RssAnon: 1024 kB`` as MiB; 0 of a process that has ended and has no memory any more."""
    return int(status[key].split()[0]) / 1024 if key in status else 0.0


def _cpu_seconds() -> float:
    """Of all children that have ended and were waited for, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

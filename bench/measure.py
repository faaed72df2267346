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
    """Resident memory of ``pid`` and the sum of its descendants', in MiB, from /proc; 0 where they are gone already."""
    sizes = dict[int, float]()
    pending = [pid]
    while pending:
        current = pending.pop()
        try:
            status = Path(f"/proc/{current}/status").read_text()
            children = list(Path(f"/proc/{current}/task").glob("*/children"))
            pending.extend(int(child) for path in children for child in path.read_text().split())
        except OSError:
            continue
        lines = [line for line in status.splitlines() if line.startswith("VmRSS:")]
        sizes[current] = sum(int(line.split()[1]) for line in lines) / 1024
    own = sizes.pop(pid, 0.0)
    return own, sum(sizes.values())


def _cpu_seconds() -> float:
    """Of all children that have ended and were waited for, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

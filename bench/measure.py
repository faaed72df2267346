"""Run a command and measure it as a whole: wall-clock seconds and peak memory of the process and its children."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.02


@dataclass(frozen=True)
class Measurement:
    seconds: float
    peak_mib: float


def measure(command: Sequence[str], *, environment: Mapping[str, str]) -> Measurement:
    """Run ``command`` to its end. Peak memory is the largest sum of resident memory over the process tree, sampled.

    Raises RuntimeError where the command fails.
    """
    started = time.monotonic()
    peak = 0.0
    with subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            peak = max(peak, _resident_mib(process.pid))
            time.sleep(SAMPLE_SECONDS)
        seconds = time.monotonic() - started
        if process.returncode:
            errors = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"{' '.join(command)} failed:\n{errors}")
    return Measurement(seconds, peak)


def _resident_mib(pid: int) -> float:
    """Resident memory of ``pid`` and its descendants in MiB, from /proc; 0 where they are gone already."""
    total = 0.0
    pending = [pid]
    while pending:
        current = pending.pop()
        try:
            status = Path(f"/proc/{current}/status").read_text()
            children = [p for p in Path(f"/proc/{current}/task").glob("*/children")]
            pending.extend(int(child) for path in children for child in path.read_text().split())
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1]) / 1024
    return total

"""How a synth grows with its teams, and what one changed team costs among many."""

from __future__ import annotations

import hashlib
import shutil
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import Measurement, measure
from bench.programs import ours, output, team_name, teams

SIZES = (10, 100, 1000)
# Runs of a size in each round. The smaller two differ by two seconds, of which a fifth must not be what other programs
# added: more runs find the quiet moments.
RUNS = {10: 3, 100: 3, 1000: 1}
# One in the middle.
CHANGED = SIZES[-1] // 2
CHANGED_STACK = f"idp-teams-{team_name(CHANGED)}"


@dataclass(frozen=True)
class Written:
    """A file of an output: when it was written last, in nanoseconds, and its bytes' hash."""

    when: int
    digest: str


def run(scratch: Path, rounds: int) -> dict[str, Any]:
    """Synthesize each size anew, the smallest first, as often as ``RUNS`` says in each of ``rounds``; then change one
    team of the largest, once a round, in turn with a synth of the smallest size.

    What is kept of several runs is the least: all else that a machine does only adds.
    """
    runs: dict[int, list[Measurement]] = {count: [] for count in SIZES}
    for _ in range(rounds):
        for count in (size for size in SIZES for _ in range(RUNS[size])):
            shutil.rmtree(output(scratch, count), ignore_errors=True)
            runs[count].append(measure(ours(scratch, teams(count))))
    sizes = [{"teams": count, **least(runs[count]), **held(output(scratch, count))} for count in SIZES]
    return {"rounds": rounds, "sizes": sizes, "team_ms": per_team(sizes), **_one_changed(scratch, rounds)}


def _one_changed(scratch: Path, rounds: int) -> dict[str, Any]:
    before = written(output(scratch, SIZES[-1]))
    small, one = [], []
    for number in range(rounds):
        small.append(measure(ours(scratch, teams(SIZES[0]))))
        changed = teams(SIZES[-1])
        changed[CHANGED] |= {"owner": f"changed-{number}@example.com"}
        one.append(measure(ours(scratch, changed, "--stack", CHANGED_STACK)))
    after = written(output(scratch, SIZES[-1]))
    return {
        "small": least(small),
        "one_changed": {**least(one), "rewritten": rewritten(before, after), "changed": changed_bytes(before, after)},
    }


def least(runs: Sequence[Measurement]) -> dict[str, float]:
    """The least of each figure, but the largest memory."""
    return {
        "seconds": min(each.seconds for each in runs),
        "cpu_seconds": min(each.cpu_seconds for each in runs),
        "peak_mib": max(each.peak_mib for each in runs),
        "own_mib": max(each.own_mib for each in runs),
        "children_mib": max(each.children_mib for each in runs),
    }


def held(out: Path) -> dict[str, float]:
    """What an output holds: its stacks, the mean bytes of their JSON, and the median of a team's."""
    files = {path.parent.name: path.stat().st_size for path in out.glob("stacks/*/cdk.tf.json")}
    of_teams = [size for name, size in files.items() if name.startswith("idp-teams-team-")]
    mean = sum(files.values()) / len(files)
    return {"stacks": len(files), "stack_bytes": mean, "team_stack_bytes": statistics.median(of_teams)}


def per_team(sizes: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    """Milliseconds that each team more costs, from size to size, of time that passes and of processor."""
    pairs = list(zip(sizes, sizes[1:], strict=False))
    return {
        key: [1000 * (more[key] - less[key]) / (more["teams"] - less["teams"]) for less, more in pairs]
        for key in ("seconds", "cpu_seconds")
    }


def written(out: Path) -> dict[str, Written]:
    """Path below ``out`` → what is written there."""
    return {
        str(path.relative_to(out)): Written(path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in out.rglob("*")
        if path.is_file()
    }


def rewritten(before: Mapping[str, Written], after: Mapping[str, Written]) -> list[str]:
    """Files of which either has another time, or that only one has."""
    return sorted(path for path in {*before, *after} if before.get(path) != after.get(path))


def changed_bytes(before: Mapping[str, Written], after: Mapping[str, Written]) -> list[str]:
    """Those of ``rewritten`` whose bytes are others."""
    digests = [{path: each.digest for path, each in side.items()} for side in (before, after)]
    return sorted(path for path in {*before, *after} if digests[0].get(path) != digests[1].get(path))

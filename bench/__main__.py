"""``python -m bench``: our production deployment with 10 teams against a stock one-VPC app, alternating in one run;
then with 10, 100 and 1,000 teams, and one changed team among the thousand.

Ratios are comparable from machine to machine, seconds aren't. Prints a table and writes JSON to ``.cache/bench.json``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import scale
from bench.measure import Measurement, measure
from bench.programs import ROOT, environment, ours, output, stock, teams

RESULT = ROOT / ".cache" / "bench.json"
TEAMS = 10
MANY_TEAMS = 110
BUDGET_RATIO = 0.15


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each program")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        result = run(Path(scratch), rounds)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        result["scale"] = scale.run(Path(scratch))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    show(result)
    scale.show(result["scale"])
    return 0


def run(scratch: Path, rounds: int) -> dict[str, Any]:
    """Alternate the programs ``rounds`` times and reduce the measurements to medians."""
    programs = {
        "stock": stock(scratch),
        "ours": ours(scratch, teams(TEAMS)),
        "ours_many_teams": ours(scratch, teams(MANY_TEAMS)),
    }
    variables = environment()
    measured: dict[str, list[Measurement]] = {name: [] for name in programs}
    for name, command in programs.items():
        measure(command, environment=variables)  # once unmeasured: bytecode and jsii's caches exist afterwards
        del name
    for _ in range(rounds):
        for name, command in programs.items():
            measured[name].append(measure(command, environment=variables))
    seconds = {name: statistics.median(m.seconds for m in runs) for name, runs in measured.items()}
    memory = {name: statistics.median(m.peak_mib for m in runs) for name, runs in measured.items()}
    return {
        "rounds": rounds,
        "teams": TEAMS,
        "stacks": len(list((output(scratch, TEAMS) / "stacks").iterdir())),
        "seconds": seconds,
        "peak_mib": memory,
        "ratio": seconds["ours"] / seconds["stock"],
        "team_ms": 1000 * (seconds["ours_many_teams"] - seconds["ours"]) / (MANY_TEAMS - TEAMS),
        "runs": {name: [m.seconds for m in runs] for name, runs in measured.items()},
    }


def show(result: dict[str, Any]) -> None:
    table = Table(title=f"Synth, median of {result['rounds']} alternating runs")
    for column in ("program", "seconds", "peak MiB"):
        table.add_column(column, justify="left" if column == "program" else "right")
    labels = {
        "stock": "stock CDKTF Python, one VPC",
        "ours": f"production, {result['stacks']} stacks, {TEAMS} teams",
        "ours_many_teams": f"production, {MANY_TEAMS} teams",
    }
    for name, label in labels.items():
        table.add_row(label, f"{result['seconds'][name]:.2f}", f"{result['peak_mib'][name]:.0f}")
    console = Console()
    console.print(table)
    console.print(f"ratio to stock: {result['ratio']:.3f} (budget {BUDGET_RATIO})")
    console.print(f"one more team: {result['team_ms']:.2f} ms")


if __name__ == "__main__":
    sys.exit(main())

"""``python -m bench``: our production deployment with 10 teams against a stock one-VPC app, alternating in one run.

Ratios are comparable from machine to machine, seconds aren't. Prints a table and writes JSON to ``.cache/bench.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.measure import Measurement, measure

ROOT = Path(__file__).resolve().parent.parent
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
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    show(result)
    return 0


def run(scratch: Path, rounds: int) -> dict[str, Any]:
    """Alternate the programs ``rounds`` times and reduce the measurements to medians."""
    programs = {
        "stock": [sys.executable, str(ROOT / "bench" / "stock.py"), str(scratch / "stock")],
        "ours": _ours(scratch, TEAMS),
        "ours_many_teams": _ours(scratch, MANY_TEAMS),
    }
    environment = {k: v for k, v in os.environ.items() if k not in ("NODE_OPTIONS", "CDKTF_OUTDIR")}
    environment["JSII_NODE"] = _node()
    measured: dict[str, list[Measurement]] = {name: [] for name in programs}
    for name, command in programs.items():
        measure(command, environment=environment)  # once unmeasured: bytecode and jsii's caches exist afterwards
        del name
    for _ in range(rounds):
        for name, command in programs.items():
            measured[name].append(measure(command, environment=environment))
    seconds = {name: statistics.median(m.seconds for m in runs) for name, runs in measured.items()}
    memory = {name: statistics.median(m.peak_mib for m in runs) for name, runs in measured.items()}
    return {
        "rounds": rounds,
        "teams": TEAMS,
        "stacks": len(list((scratch / f"ours-{TEAMS}" / "stacks").iterdir())),
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


def _ours(scratch: Path, teams: int) -> list[str]:
    """The command that synthesizes the shipped production deployment with ``teams`` teams."""
    document = json.loads((ROOT / "cdktf.json").read_text(encoding="utf-8"))
    document["context"].pop("deployments", None)
    document["context"]["deployment:teams"] = [
        {"name": f"team-{n:04d}", "quotas": {"cpu": "4", "memory": "8Gi"}, "members": ["octocat"]} for n in range(teams)
    ]
    # A thousand teams promise more than the shipped pools hold.
    document["context"]["deployment:quotaOvercommit"] = 1000
    config = scratch / f"teams-{teams}.json"
    config.write_text(json.dumps(document))
    return [sys.executable, str(ROOT / "main.py"), "--config", str(config), "--out", str(scratch / f"ours-{teams}")]


def _node() -> str:
    from tools.npm import node

    return str(node())


if __name__ == "__main__":
    sys.exit(main())

"""Ours and the peers, alternating in one run: seconds differ from machine to machine, their ratios hardly."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import blueprints
from bench.measure import Measurement, Program, measure
from bench.programs import ours, stock, teams
from bench.targets import Target, lines

TEAMS = 10


def programs(scratch: Path) -> dict[str, Program]:
    """Name → what is measured; they write below ``scratch``."""
    return {
        "ours": ours(scratch, teams(TEAMS)),
        "stock": stock(scratch),
        "blueprints": blueprints.by_command_line(scratch, TEAMS),
        "blueprints_node": blueprints.by_node(scratch, TEAMS),
    }


def run(measured: Mapping[str, Program], rounds: int) -> dict[str, Any]:
    """Run each program once unmeasured, since bytecode and caches exist afterwards, then all in turn, ``rounds`` times.

    The result holds a row for each program, of medians, and all the runs.
    """
    for program in measured.values():
        measure(program)
    runs: dict[str, list[Measurement]] = {name: [] for name in measured}
    for _ in range(rounds):
        for name, program in measured.items():
            runs[name].append(measure(program))
    return {
        "rounds": rounds,
        "programs": {name: {"label": measured[name].label, **_median(each)} for name, each in runs.items()},
        "runs": {name: [asdict(each) for each in every] for name, every in runs.items()},
    }


def _median(runs: Sequence[Measurement]) -> dict[str, float]:
    rows = [asdict(each) for each in runs]
    return {key: statistics.median(row[key] for row in rows) for key in rows[0]}


def targets(result: Mapping[str, Any]) -> list[Target]:
    """Ours against each peer: seconds, and seconds of processor, which a busy machine changes less."""
    return [
        Target(label=f"ours / {peer}, {said}", value=ratio(result, name, key), most=most)
        for name, peer, most in (("stock", "stock CDKTF Python", 0.15), ("blueprints", "Blueprints, cdk synth", 1.0))
        for key, said in (("seconds", "seconds"), ("cpu_seconds", "CPU seconds"))
    ]


def ratio(result: Mapping[str, Any], peer: str, key: str) -> float:
    """How much of the ``key`` of ``peer`` ours takes."""
    found = result["programs"]
    return float(found["ours"][key] / found[peer][key])


def show(result: Mapping[str, Any]) -> None:
    table = Table(title=f"One synth, median of {result['rounds']} alternating runs")
    table.add_column("program")
    for column in ("seconds", "CPU seconds", "peak MiB"):
        table.add_column(column, justify="right")
    for row in result["programs"].values():
        table.add_row(row["label"], f"{row['seconds']:.2f}", f"{row['cpu_seconds']:.2f}", f"{row['peak_mib']:.0f}")
    console = Console()
    console.print(table)
    console.print(lines(targets(result)))
    told = " and ".join(f"{ratio(result, 'blueprints_node', key):.2f}" for key in ("seconds", "cpu_seconds"))
    console.print(f"ours / Blueprints, Node alone, seconds and CPU seconds: {told} (no target)")

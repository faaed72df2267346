"""The report of ``bench.scale``: the curve, and what should hold of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.scale import CHANGED_STACK
from bench.targets import Target, lines

WIDTH = 50
COLUMNS = ("teams", "seconds", "CPU s", "MiB", "Python", "Node", "stacks", "KiB/stack", "KiB/team", "CPU ms/team more")


def targets(result: Mapping[str, Any]) -> list[Target]:
    """Time and memory of the largest size, the cost of a team from size to size, and one changed team."""
    largest, one, small = result["sizes"][-1], result["one_changed"], result["small"]
    flat = {key: _ratio(costs) for key, costs in result["team_ms"].items()}
    told = f"{largest['teams']} teams"
    passes, processor = "seconds", "CPU seconds"
    foreign = [path for path in one["rewritten"] if not path.startswith(f"stacks/{CHANGED_STACK}/")]
    return [
        Target(label=f"{told}, seconds", value=largest["seconds"], most=30),
        Target(label=f"{told}, memory in MB", value=largest["peak_mib"] * 1.048576, most=600),
        Target(label=f"a team's cost, last step / first, {passes}", value=flat["seconds"], least=0.8, most=1.2),
        Target(label=f"a team's cost, last step / first, {processor}", value=flat["cpu_seconds"], least=0.8, most=1.2),
        Target(label=f"one changed / small synth, {passes}", value=one["seconds"] / small["seconds"], most=1),
        Target(
            label=f"one changed / small synth, {processor}", value=one["cpu_seconds"] / small["cpu_seconds"], most=1
        ),
        Target(label="files of other stacks rewritten for one changed team", value=len(foreign), most=0),
    ]


def show(result: Mapping[str, Any]) -> None:
    """Print the curve, in figures and as bars, and the targets."""
    table = Table(title=f"Production by teams, least of {result['rounds']} rounds; memory of both, of Python, of Node")
    for column in COLUMNS:
        table.add_column(column, justify="right")
    for size, more in zip(result["sizes"], ("–", *map("{:.1f}".format, result["team_ms"]["cpu_seconds"])), strict=True):
        table.add_row(*_cells(size), more)
    console = Console()
    console.print(table)
    console.print("\n".join(bars(result["sizes"])), highlight=False)
    console.print(lines(targets(result)))
    one = result["one_changed"]
    console.print(f"one changed team by --stack: {one['seconds']:.1f} s, {one['cpu_seconds']:.1f} CPU s; rewritten:")
    console.print("\n".join(f"  {path}" for path in one["rewritten"]), highlight=False)


def bars(sizes: list[Mapping[str, float]]) -> list[str]:
    """Each size's CPU seconds as a bar; the longest is ``WIDTH`` wide."""
    most = max(size["cpu_seconds"] for size in sizes)
    return [f"{size['teams']:>5} teams {'█' * max(1, round(WIDTH * size['cpu_seconds'] / most))}" for size in sizes]


def _cells(size: Mapping[str, float]) -> list[str]:
    time = [f"{size[key]:.1f}" for key in ("seconds", "cpu_seconds")]
    memory = [f"{size[key]:.0f}" for key in ("peak_mib", "own_mib", "children_mib")]
    kib = [f"{size[key] / 1024:.1f}" for key in ("stack_bytes", "team_stack_bytes")]
    return [f"{size['teams']}", *time, *memory, f"{size['stacks']}", *kib]


def _ratio(costs: list[float]) -> float:
    """Of the last step to the first; 0, which is outside every target, where the first shows no cost at all."""
    return costs[-1] / costs[0] if costs[0] > 0 else 0.0

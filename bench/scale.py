"""How a synth grows with its teams, and what one changed team costs among many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.measure import Measurement, measure
from bench.programs import environment, ours, output, team_name, teams

SIZES = (10, 100, 1000)
# The changed team is one in the middle.
CHANGED = 500
BUDGET_SECONDS = 30
BUDGET_MIB = 600


@dataclass(frozen=True, kw_only=True)
class Size:
    """A synth with so many teams: seconds, MiB of the process tree, stacks and their JSON's bytes."""

    teams: int
    seconds: float
    peak_mib: float
    stacks: int
    bytes: int


def run(scratch: Path) -> dict[str, Any]:
    """Each size once, the smallest first; then one team of the largest is changed, and its stack alone synthesized."""
    variables = environment()
    sizes = [_size(scratch, count, variables) for count in SIZES]
    largest = output(scratch, SIZES[-1])
    before = _written(largest)
    changed = teams(SIZES[-1])
    changed[CHANGED] |= {"owner": "changed@example.com"}
    command = [*ours(scratch, changed), "--stack", f"idp-teams-{team_name(CHANGED)}"]
    one = measure(command, environment=variables)
    rewritten = [path for path, when in _written(largest).items() if before.get(path) != when]
    return {
        "sizes": [asdict(size) for size in sizes],
        "team_ms": _per_team(sizes),
        "one_changed": {"seconds": one.seconds, "peak_mib": one.peak_mib, "stacks_rewritten": _stacks(rewritten)},
    }


def show(result: Mapping[str, Any]) -> None:
    """Print the curve."""
    table = Table(title="Synth of the production deployment by teams, one run each")
    for column in ("teams", "seconds", "peak MiB", "stacks", "KiB a stack", "ms a team, since the row above"):
        table.add_column(column, justify="right")
    for size, more in zip(result["sizes"], ("–", *(f"{ms:.1f}" for ms in result["team_ms"])), strict=True):
        kib = size["bytes"] / size["stacks"] / 1024
        cells = (size["teams"], f"{size['seconds']:.1f}", f"{size['peak_mib']:.0f}", size["stacks"], f"{kib:.1f}", more)
        table.add_row(*(str(cell) for cell in cells))
    console = Console()
    console.print(table)
    console.print(f"budget of {SIZES[-1]} teams: {BUDGET_SECONDS} s, {BUDGET_MIB} MiB")
    one = result["one_changed"]
    small = result["sizes"][0]["seconds"]
    told = f"{one['seconds']:.1f} s, {one['seconds'] / small:.2f} of the synth with {SIZES[0]} teams"
    console.print(f"one of {SIZES[-1]} teams changed, by --stack: {told}; rewritten: {one['stacks_rewritten']}")


def _size(scratch: Path, count: int, variables: Mapping[str, str]) -> Size:
    measured: Measurement = measure(ours(scratch, teams(count)), environment=variables)
    files = list(output(scratch, count).glob("stacks/*/cdk.tf.json"))
    held = sum(path.stat().st_size for path in files)
    return Size(teams=count, seconds=measured.seconds, peak_mib=measured.peak_mib, stacks=len(files), bytes=held)


def _per_team(sizes: Sequence[Size]) -> list[float]:
    """Milliseconds that each team more costs, from size to size."""
    pairs = zip(sizes, sizes[1:], strict=False)
    return [1000 * (more.seconds - less.seconds) / (more.teams - less.teams) for less, more in pairs]


def _written(out: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}


def _stacks(paths: Sequence[Path]) -> list[str]:
    return sorted({path.parts[path.parts.index("stacks") + 1] for path in paths if "stacks" in path.parts})

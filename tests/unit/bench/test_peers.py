"""Tests of the comparison with the peers: order, medians, ratios, targets."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from bench import peers
from bench.measure import Program


def row(seconds: float, cpu: float) -> dict[str, Any]:
    return {"label": "", "seconds": seconds, "cpu_seconds": cpu, "peak_mib": 1.0}


def result(ours: tuple[float, float], stock: tuple[float, float], blueprints: tuple[float, float]) -> dict[str, Any]:
    named = {"ours": ours, "stock": stock, "blueprints": blueprints, "blueprints_node": blueprints}
    return {"rounds": 1, "programs": {name: row(*each) for name, each in named.items()}}


def test_programs_alternate_after_one_unmeasured_run_of_each(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = "import sys; open(sys.argv[1], 'a').write(sys.argv[2])"
    measured = {
        name: Program(
            label=f"the {name}",
            command=[sys.executable, "-S", "-c", code, str(log), name],
            environment={"PATH": os.environ["PATH"]},
        )
        for name in "ab"
    }
    found = peers.run(measured, 2)
    assert log.read_text() == "ab" + "abab"
    assert {name: len(runs) for name, runs in found["runs"].items()} == {"a": 2, "b": 2}
    assert found["programs"]["a"]["label"] == "the a"
    seconds = [run["seconds"] for run in found["runs"]["a"]]
    assert found["programs"]["a"]["seconds"] == sum(seconds) / 2


def test_targets_are_ratios_to_each_peer() -> None:
    found = peers.targets(result(ours=(1.5, 1.2), stock=(10, 10), blueprints=(3, 1)))
    assert [(round(each.value, 3), each.met) for each in found] == [
        (0.15, True),
        (0.12, True),
        (0.5, True),
        (1.2, False),
    ]


def test_the_four_programs_are_the_same_platform_with_as_many_teams(tmp_path: Path) -> None:
    found = peers.programs(tmp_path)
    assert list(found) == ["ours", "stock", "blueprints", "blueprints_node"]
    assert found["blueprints"].environment["TEAMS"] == found["blueprints_node"].environment["TEAMS"] == "10"
    assert found["ours"].label == "production, 10 teams"
    for program in found.values():
        assert not {"NODE_OPTIONS", "NODE_COMPILE_CACHE", "CDKTF_OUTDIR"} & set(program.environment)

"""Tests of the scale part: costs from size to size, what one changed team rewrites, the report."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from bench import curve, programs, scale


def size(teams: int, seconds: float, mib: float = 100) -> dict[str, float]:
    memory = {"peak_mib": mib, "own_mib": mib / 2, "children_mib": mib / 2}
    held = {"stacks": teams + 25, "stack_bytes": 2048.0, "team_stack_bytes": 1024.0}
    return {"teams": teams, "seconds": seconds, "cpu_seconds": 2 * seconds, **memory, **held}


def result(*sizes: dict[str, float], one: float = 1.0, rewritten: tuple[str, ...] = ()) -> dict[str, Any]:
    small = {"seconds": 2.0, "cpu_seconds": 4.0}
    changed = {"seconds": one, "cpu_seconds": 2 * one, "rewritten": list(rewritten), "changed": list(rewritten)}
    return {
        "rounds": 1,
        "sizes": list(sizes),
        "team_ms": scale.per_team(sizes),
        "small": small,
        "one_changed": changed,
    }


def met(found: dict[str, Any]) -> dict[str, bool]:
    return {target.label: target.met for target in curve.targets(found)}


FLAT = (size(10, 2), size(100, 3.8), size(1000, 21.8, mib=500))
OWN = f"stacks/{scale.CHANGED_STACK}/cdk.tf.json"


def test_a_team_costs_the_difference_from_size_to_size() -> None:
    assert [round(ms) for ms in scale.per_team(FLAT)["seconds"]] == [20, 20]
    assert [round(ms) for ms in scale.per_team(FLAT)["cpu_seconds"]] == [40, 40]


def test_all_targets_are_met_by_a_flat_curve_within_the_budgets() -> None:
    assert all(met(result(*FLAT, rewritten=(OWN,))).values())


def test_each_target_is_missed_by_what_it_is_about() -> None:
    bent = (size(10, 2), size(100, 3.8), size(1000, 40, mib=573))
    found = met(result(*bent, one=2.5, rewritten=(OWN, "manifest.json")))
    assert not any(found.values()), found


def test_a_curve_that_sinks_at_first_meets_no_target_of_flatness() -> None:
    found = met(result(size(10, 4), size(100, 3), size(1000, 20)))
    assert [label for label, is_met in found.items() if not is_met and "a team's cost" in label]


def test_the_least_of_several_runs_is_kept_but_the_largest_memory() -> None:
    runs = [
        scale.Measurement(seconds=seconds, cpu_seconds=cpu, peak_mib=mib, own_mib=mib, children_mib=0)
        for seconds, cpu, mib in ((3, 1, 10), (2, 2, 20))
    ]
    found = scale.least(runs)
    assert (found["seconds"], found["cpu_seconds"], found["peak_mib"]) == (2, 1, 20)


def test_what_is_rewritten_shows_by_time_and_what_changed_by_bytes(tmp_path: Path) -> None:
    for name in ("same", "touched", "changed", "gone"):
        (tmp_path / name).write_text(name)
        os.utime(tmp_path / name, ns=(1, 1))
    before = scale.written(tmp_path)
    os.utime(tmp_path / "touched", ns=(2, 2))
    (tmp_path / "changed").write_text("other")
    (tmp_path / "gone").unlink()
    (tmp_path / "new").write_text("new")
    after = scale.written(tmp_path)
    assert scale.rewritten(before, after) == ["changed", "gone", "new", "touched"]
    assert scale.changed_bytes(before, after) == ["changed", "gone", "new"]


def test_bytes_are_those_of_the_json_of_stacks(tmp_path: Path) -> None:
    for name, length in {"idp-account": 400, "idp-teams-team-0000": 100, "idp-teams-team-0001": 100}.items():
        (tmp_path / "stacks" / name).mkdir(parents=True)
        (tmp_path / "stacks" / name / "cdk.tf.json").write_text("x" * length)
        (tmp_path / "stacks" / name / "other").write_text("not counted")
    assert scale.held(tmp_path) == {"stacks": 3, "stack_bytes": 200.0, "team_stack_bytes": 100.0}


def test_bars_are_as_long_as_the_figures() -> None:
    assert [bar.count("█") for bar in curve.bars([size(10, 1), size(1000, 10)])] == [5, 50]


def test_the_deployment_has_so_many_teams_and_ours_is_told_where_to_write(tmp_path: Path) -> None:
    program = programs.ours(tmp_path, programs.teams(3), "--stack", "idp-teams-team-0001")
    said = dict(zip(program.command[2::2], program.command[3::2], strict=True))
    context = json.loads(Path(said["--config"]).read_text())["context"]
    assert [team["name"] for team in context["deployment:teams"]] == ["team-0000", "team-0001", "team-0002"]
    assert "deployments" not in context
    assert said["--out"] == str(programs.output(tmp_path, 3))
    assert said["--stack"] == "idp-teams-team-0001"

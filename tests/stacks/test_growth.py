"""A team costs as much work among many as among few: counted in calls of functions, which no busy machine changes.

Only Python's: what the engine's own process does is in `make bench`, by seconds.
"""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.programs import teams
from config.deployment import Deployment
from constructs_lib.synth import synthesize
from stacks.layers import build

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]

FEW, SOME, MANY = 5, 20, 80


def calls(deployment: Deployment, out: Path) -> int:
    """How many functions a whole synth with its guardrails calls."""
    profile = cProfile.Profile()
    profile.runcall(synthesize, [deployment], build, out)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def test_each_further_team_costs_the_same(deployment_with: Callable[..., Deployment], tmp_path: Path) -> None:
    def among(count: int, prefix: str) -> Deployment:
        """With teams of names that no earlier synth knew, and that no cache holds."""
        entries = [each | {"name": f"{prefix}-{number:03d}"} for number, each in enumerate(teams(count))]
        return deployment_with({"deployment:teams": entries, "deployment:quotaOvercommit": 1000})

    # The first imports and reads what all need.
    calls(among(FEW, "first"), tmp_path / "first")
    few, some, many = (calls(among(count, f"of-{count}"), tmp_path / str(count)) for count in (FEW, SOME, MANY))
    before, after = (some - few) / (SOME - FEW), (many - some) / (MANY - SOME)
    print(f"calls a team more: {before:.0f}, then {after:.0f}")
    assert after == pytest.approx(before, rel=0.01)

"""An exception whose last day is over is told, and stops nothing: the cluster has ended it by itself."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import main
from config.deployment import Deployment
from config.rules.policies import ended
from constructs_lib import synth

LAST = datetime.date(2027, 3, 31)
DAY = datetime.timedelta(days=1)
EXCEPTION = {
    "name": "old-agent",
    "policies": ["disallow-privileged"],
    "namespace": "team-platform",
    "workload": "agent",
    "owner": "platform",
    "expires": LAST.isoformat(),
    "reason": "until the agent is rewritten",
}


@pytest.fixture
def excepted(deployment_with: Callable[..., Deployment]) -> Deployment:
    return deployment_with({"deployment:policyExceptions": [EXCEPTION]})


def test_on_its_last_day_nothing_is_said(excepted: Deployment) -> None:
    assert ended([excepted], LAST) == []


def test_the_day_after_its_workload_and_a_remedy_are_named(excepted: Deployment) -> None:
    (warning,) = ended([excepted], LAST + DAY)
    assert warning.startswith("warning: idp: deployment:policyExceptions[0].expires (given: 2027-03-31): ")
    assert "refuses agent* in team-platform; remove the exception, or agree on a later day" in warning


def test_main_tells_it_by_its_day(
    excepted: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "load", lambda _path: (excepted,))
    monkeypatch.setattr(synth, "synthesize", lambda *_given: None)
    said = []
    for day in (LAST, LAST + DAY):
        monkeypatch.setattr(sys, "argv", ["main.py", "--out", str(tmp_path), "--today", day.isoformat()])
        assert main.main() == 0
        said.append("old-agent has ended" in capsys.readouterr().err)
    assert said == [False, True]

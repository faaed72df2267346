"""What a day says of a Kubernetes minor, and what goes with a minor."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import main
from config.deployment import Deployment
from config.support import unsupported, warnings
from config.versions import MINORS
from tests.synth import Synth

LAST = MINORS["1.34"].standard_until
DAY = datetime.timedelta(days=1)


def test_standard_support_gives_no_warning(deployment_with: Callable[..., Deployment]) -> None:
    assert warnings([deployment_with()], LAST) == []


def test_extended_support_is_told_with_its_price(deployment_with: Callable[..., Deployment]) -> None:
    (warning,) = warnings([deployment_with()], LAST + DAY)
    assert warning.startswith("warning: idp: Kubernetes 1.34 is in extended support since 2026-12-02, until 2027-12-02")
    assert "438 USD a month for the control plane, 365 more" in warning
    assert warning.endswith("set deployment:eks:version to 1.35")


def test_with_standard_support_only_aws_upgrades_and_nothing_costs_more(
    deployment_with: Callable[..., Deployment],
) -> None:
    (warning,) = warnings([deployment_with({"deployment:eks:supportType": "STANDARD"})], LAST + DAY)
    assert "AWS upgrades the cluster by itself" in warning
    assert "USD" not in warning


def test_the_end_of_extended_support_is_told(deployment_with: Callable[..., Deployment]) -> None:
    (warning,) = warnings([deployment_with()], MINORS["1.34"].extended_until + DAY)
    assert "support of Kubernetes 1.34 ended on 2027-12-02" in warning


def test_a_chart_is_refused_outside_of_its_range() -> None:
    assert list(unsupported("1.34", ["velero", "argocd"])) == []
    assert list(unsupported("1.35", ["velero", "argocd"])) == [("velero", "1.33 to 1.34")]


def test_main_warns_and_writes_the_same_whatever_the_day(
    tmp_path: Path, shipped: Synth, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["main.py", "--out", str(tmp_path / "out"), "--today", "2027-01-01"])
    assert main.main() == 0
    assert "warning: idp: Kubernetes 1.34 is in extended support" in capsys.readouterr().err
    assert tree(tmp_path / "out") == tree(shipped.directory)


def tree(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}

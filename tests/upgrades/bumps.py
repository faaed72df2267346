"""Newer versions than those of config/versions.py, for tests of what an upgrade changes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from config import versions


def newer(version: str) -> str:
    """The next patch of ``version``: ``v1.22.4-eksbuild.3`` → ``v1.22.5-eksbuild.3``."""
    found = re.match(r"^(v?\d+\.\d+\.)(\d+)(.*)$", version)
    assert found, version
    return f"{found.group(1)}{int(found.group(2)) + 1}{found.group(3)}"


def charts(patch: pytest.MonkeyPatch) -> None:
    """Every chart one patch newer."""
    for name, chart in list(versions.CHARTS.items()):
        patch.setitem(versions.CHARTS, name, replace(chart, version=newer(chart.version)))  # type: ignore[arg-type]


def addons(patch: pytest.MonkeyPatch) -> None:
    """Every add-on one patch newer, for each minor."""
    for name, rows in list(versions.ADDONS.items()):
        patch.setitem(versions.ADDONS, name, {minor: newer(each) for minor, each in rows.items()})  # type: ignore[arg-type]

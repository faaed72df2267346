"""The files of the way from a push to a rollout, copied so that a test may change them, and what is drawn of them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.mermaid import Chart, charts
from tools.delivery import diagrams
from tools.delivery.files import read
from tools.delivery_page import ROOT

_TREE = ("sensors", "workflow-templates", "golden-path")
_CHARTS = ("events", "idp-team", "build-daemon", "rollout-analysis", "platform-rules", "workflow-templates")
CI, CD = "workflow-templates/pipelines/ci.yaml", "workflow-templates/pipelines/cd.yaml"
PUSH, RELEASE = "sensors/push.yaml", "sensors/release.yaml"
PROMOTE = "workflow-templates/deploy/promote.yaml"
DELIVERIES = "charts/idp-team/templates/deliveries.yaml"
ROLLOUT = "golden-path/skeleton/deploy/base/rollout.yaml"


def copied(target: Path) -> Path:
    """The files below ``target``."""
    for name in (*_TREE, *(f"charts/{each}" for each in _CHARTS)):
        shutil.copytree(ROOT / name, target / name)
    return target


def change(tree: Path, file: str, pattern: str, new: str) -> None:
    """``pattern`` is a regular expression, of which each match is replaced."""
    text = (tree / file).read_text(encoding="utf-8")
    changed = re.sub(pattern, lambda found: found.expand(new), text)
    assert changed != text, f"{file} has no {pattern}"
    (tree / file).write_text(changed, encoding="utf-8")


def way(tree: Path, kind: str) -> Chart:
    (found,) = charts(diagrams.way(read(tree), kind))
    return found


def reached(chart: Chart, first: str) -> set[str]:
    """First lines of all that one comes to from the node ``first``; who comes into a group comes to all of it."""
    seen, left = set[str](), [chart.named(first)]
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += [target for source, target, _ in chart.edges if source == name]
            left += [inner for inner, group in chart.parents.items() if group == name]
    return {lines[0] for name, lines in (chart.nodes | chart.groups).items() if name in seen}

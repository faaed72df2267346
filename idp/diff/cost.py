"""What a change makes of the cost of each deployment, in one line."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from config.deployment import Deployment
from config.loader import load_unlocked
from constructs_lib.cost.bounds import NOTHING, Bounds
from constructs_lib.cost.estimate import estimate
from constructs_lib.cost.prices import UnpricedError
from idp.cost.said import cells
from idp.diff.model import DeploymentDiff, Diff


def priced(diff: Diff, before: Path, after: Path, today: datetime.date) -> Diff:
    """``diff`` with the line of each of its deployments, by the files that declare them. Raises ConfigError."""
    old, new = ({each.id: each for _, each in load_unlocked(path)} for path in (before, after))
    return replace(
        diff,
        deployments=tuple(
            replace(each, cost=_line(each, old.get(each.id), new.get(each.id), today)) for each in diff.deployments
        ),
    )


def _line(diff: DeploymentDiff, before: Deployment | None, after: Deployment | None, today: datetime.date) -> str:
    if before is None and after is None:
        return f"no file declares {diff.id}, so that its cost isn't known"
    try:
        change = _total(after, today) - _total(before, today)
    except UnpricedError as error:
        return f"cost isn't known: nodes of type {error.args[0]} have no price"
    least, expected, most = cells(change, signed=True)
    return f"cost a month, in USD: {expected} expected, {least} at least, {most} at most"


def _total(deployment: Deployment | None, today: datetime.date) -> Bounds:
    return estimate(deployment, today).total if deployment else NOTHING

"""``python -m idp cost``: what a deployment costs, from its file alone, before anything is applied."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from config.deployment import Deployment
from constructs_lib.cost.estimate import Estimate, delta, estimate
from constructs_lib.cost.prices import UnpricedError
from idp.cost.forms import as_json, markdown, terminal
from idp.errors import OperationError
from idp.options import (
    CONFIG,
    AsJson,
    AsMarkdown,
    Config,
    DeploymentId,
    Today,
    configured,
    day_of,
    refuse_two_forms,
)

Against = Annotated[Path | None, typer.Option("--against", help="Another cdktf.json: show what changes from it.")]


def cost(
    deployment: DeploymentId,
    config: Config = CONFIG,
    against: Against = None,
    today: Today = None,
    as_markdown: AsMarkdown = False,
    json: AsJson = False,
) -> None:
    """Print what a deployment costs a month at least, as expected and at most: by line, component and team.

    Nothing is asked of AWS. docs/COST.md says what is counted. Exit code 1: a node type has no price.
    """
    refuse_two_forms(as_markdown, json)
    day = day_of(today)
    found = _estimated(configured(config, deployment), day)
    change = delta(_estimated(configured(against, deployment), day), found) if against else None
    if json or as_markdown:
        form = as_json if json else markdown
        typer.echo(form(found, change), nl=False)
    else:
        terminal(Console(), found, change)


def _estimated(deployment: Deployment, day: datetime.date) -> Estimate:
    """Raises OperationError where a type has no price."""
    try:
        return estimate(deployment, day)
    except UnpricedError as error:
        raise OperationError(
            f"{deployment.id}: no price is known of nodes of type {error.args[0]}",
            remedy="add it with its source and day to NODES in constructs_lib/cost/prices.py",
        ) from None

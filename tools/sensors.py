"""Checks sensors/: python -m tools.sensors

Everything that a sensor names is there: event source, dependencies, fields that parameters go to, workflow templates
with their parameters, service accounts. Prints file, line and what is wrong, and ends with 1.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from config.teams import Team
from constructs_lib.addons.namespaces import NAMESPACES, PULL_REQUESTS
from constructs_lib.components.catalog.argo_workflows import PUBLISHER
from constructs_lib.helm.charts import CHARTS
from constructs_lib.workflows.accounts import ROLES
from constructs_lib.workflows.events import SENSORS, settings
from constructs_lib.workflows.settings import DEPLOYER, DOCS_SENSOR, SENSOR, STRANGER, STRANGER_SENSOR
from tools import workflow_files, workflow_templates
from tools.sensor_files import Known, load, problems, unused

DIRECTORY = workflow_files.ROOT / "sensors"
REPOSITORY = "example-org/shop"
# Stands for every team and every repository of it.
EXAMPLE = Team(name="alpha", size="small", members=("octocat",), sources=(REPOSITORY,), repositories=("shop",))
_SOURCE = re.compile(r"^kind: EventSource\nmetadata:\n  name: (\S+)$", re.MULTILINE)
_EVENT = re.compile(r"^  github:\n(?:    #.*\n)*    (\S+):$", re.MULTILINE)


def event_sources() -> frozenset[tuple[str, str]]:
    """Name and event of the event source of chart ``events``."""
    text = (CHARTS / "events" / "templates" / "source.yaml").read_text(encoding="utf-8")
    return frozenset((name, event) for name in _SOURCE.findall(text) for event in _EVENT.findall(text))


def known() -> Known:
    """What exists beside the files, for ``EXAMPLE``."""
    team, strangers = settings(EXAMPLE, REPOSITORY)["team.namespace"], PULL_REQUESTS.name
    pipelines = NAMESPACES["argo-workflows"].name
    return Known(
        sensors=frozenset(SENSORS),
        events=event_sources(),
        starters={team: SENSOR, strangers: STRANGER_SENSOR, pipelines: DOCS_SENSOR},
        letters=NAMESPACES["argo-events"].name,
        places={
            team: frozenset({*ROLES, DEPLOYER}),
            strangers: frozenset({STRANGER}),
            pipelines: frozenset({*ROLES, PUBLISHER}),
        },
        strangers=strangers,
    )


def check(directory: Path) -> list[str]:
    """What is wrong in ``directory``. Raises Unreadable."""
    given = settings(EXAMPLE, REPOSITORY)
    sensors = load(directory, given)
    templates = workflow_files.load(workflow_files.DIRECTORY, workflow_templates.shipped_settings())
    found = [str(each) for each in problems(sensors, templates, known())]
    found += [f"sensors/:1: no sensor {name}: write sensors/{name}.yaml" for name in SENSORS if name not in sensors]
    return found + [
        f"sensors/:1: nobody takes setting {name}: take it out of settings()"
        for name in unused(sensors, directory, given)
    ]


def main(directory: Path = DIRECTORY) -> int:
    return workflow_files.report(lambda: check(directory))


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))

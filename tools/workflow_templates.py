"""Checks workflow-templates/, and what charts and the golden path start of it: python -m tools.workflow_templates

Everything that a template names is there: templates, parameters, artifacts, service accounts, secrets, volumes. Prints
file, line and what is wrong, and ends with 1.
"""

from __future__ import annotations

import functools
import re
import sys
from pathlib import Path

from config.deployment import Deployment
from config.loader import load as load_deployments
from constructs_lib.addons.namespaces import PULL_REQUESTS
from constructs_lib.components.catalog.argo_workflows import PUBLISHER
from constructs_lib.naming import naming_of
from constructs_lib.workflows.accounts import ROLES
from constructs_lib.workflows.daemons import CLIENT_SECRET
from constructs_lib.workflows.settings import DEPLOYER, STRANGER, template_settings
from tools import workflow_starts
from tools.workflow_files import DIRECTORY, ROOT, Problem, load, report
from tools.workflow_places import places
from tools.workflow_rules import Known, problems

_ROW = re.compile(r"^\| `([a-z-]+)` \| username, password \|", re.MULTILINE)


@functools.cache
def shipped_settings() -> dict[str, str]:
    """The settings of the first shipped deployment: their names are the same in all."""
    deployment: Deployment = load_deployments(ROOT / "cdktf.json")[0]
    return template_settings(deployment, naming_of(deployment))


def known(settings: dict[str, str], readme: str) -> Known:
    """What exists beside the templates; ``readme`` has the table of Secrets that people make."""
    return Known(
        accounts={
            "argo": frozenset({*ROLES, PUBLISHER}),
            "team-*": frozenset({*ROLES, DEPLOYER}),
            PULL_REQUESTS.name: frozenset({STRANGER}),
        },
        entries=places(readme),
        secrets=frozenset({CLIENT_SECRET}),
        people_make=frozenset(_ROW.findall(readme)),
        images=frozenset(value for name, value in settings.items() if name.startswith("image.")),
    )


def check(directory: Path) -> list[Problem]:
    """What is wrong below ``directory``, and with what charts and the golden path beside it start.

    Raises Unreadable.
    """
    settings = shipped_settings()
    readme = (DIRECTORY / "README.md").read_text(encoding="utf-8")
    files = load(directory, settings)
    return [*problems(files, known(settings, readme)), *workflow_starts.problems(directory.parent, files)]


def main(directory: Path = DIRECTORY) -> int:
    return report(lambda: check(directory))


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))

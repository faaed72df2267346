"""Sensors of a deployment with two teams, as Helm renders them, and what they start."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import yaml

from config.loader import load_one
from constructs_lib.components.catalog.argo_events import ARGO_EVENTS
from constructs_lib.components.template import rendered
from constructs_lib.helm.charts import local_chart
from constructs_lib.naming import naming_of
from tests.argo_events import Object, started
from tests.teams import GITHUB_APP
from tools import build as tools

ALPHA = {
    "name": "alpha",
    "size": "small",
    "members": ["octocat"],
    "repositories": ["shop"],
    "sources": ["example-org/shop", "example-org/Web.App"],
    # Of the second one it has no image repository.
    "previews": ["example-org/shop", "example-org/Web.App"],
}
# It deploys from a repository of alpha's, too.
BETA = {"name": "beta", "size": "small", "members": ["octocat"], "sources": ["Example-Org/Shop"]}
CI_ALPHA = ("team-alpha", "ci", "argo-workflows-executor")
CI_BETA = ("team-beta", "ci", "argo-workflows-executor")
CHECK = ("pull-requests", "pull-request", "pull-request")
CD_ALPHA = ("team-alpha", "cd", "workflows-deployer")


def sensors_of(shipped_context: dict[str, Any], where: Path) -> list[Object]:
    """The sensors of the shipped deployment with both teams; ``where`` is a directory for the chart."""
    keys = {key: value for key, value in shipped_context.items() if key != "deployments"}
    deployment = load_one(keys | GITHUB_APP | {"deployment:teams": [ALPHA, BETA]}, source="test.json")
    for path, text in local_chart("events").files.items():
        (where / path).parent.mkdir(parents=True, exist_ok=True)
        (where / path).write_text(text, encoding="utf-8")
    command = [str(tools.program("helm")), "template", "events", str(where / "charts" / "events")]
    command += ["--namespace", "argo-events", "--kube-version", "1.34.0", "--values", "-"]
    values = rendered(ARGO_EVENTS, "events", deployment, naming_of(deployment))
    finished = subprocess.run(command, input=values, capture_output=True, text=True, check=True)
    return [each for each in yaml.safe_load_all(finished.stdout) if each and each["kind"] == "Sensor"]


def workflows(sensors: list[Object], event: Any) -> list[tuple[str, str, str]]:
    """Namespace, template and account of what ``event`` starts."""
    found = [made for sensor in sensors for made in started(sensor, event)]
    return sorted(
        (
            each["metadata"]["namespace"],
            each["spec"]["workflowTemplateRef"]["name"],
            each["spec"]["serviceAccountName"],
        )
        for each in found
    )


def of(sensors: list[Object], name: str) -> Object:
    (found,) = (each for each in sensors if each["metadata"]["name"] == name)
    return found


def arguments(workflow: Object) -> dict[str, str]:
    return {each["name"]: each["value"] for each in workflow["spec"]["arguments"]["parameters"]}

"""Chart ``policies`` by real Helm: what policies are made of the files."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.deployment import Deployment
from constructs_lib.helm.charts import local_chart
from constructs_lib.naming import naming_of
from constructs_lib.policies.values import policies_values
from tools import build as tools

pytestmark = pytest.mark.charts


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart as a stack directory holds it."""
    top = tmp_path_factory.mktemp("stack")
    for path, text in local_chart("policies").files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, encoding="utf-8")
    return top / "charts" / "policies"


@pytest.mark.parametrize("on", [True, False])
def test_rollouts_are_looked_at_where_there_are_any(
    chart: Path, shipped_context: dict[str, Any], deployment_with: Callable[..., Deployment], on: bool
) -> None:
    """Kyverno 1.19, policystatus, permissionsCheck: its reports controller may list Rollouts by the role
    that comes with them, and a policy that names what it may not list is never ready."""
    components = shipped_context["deployment:components"] | {"argo-rollouts": {"enabled": on}}
    deployment = deployment_with({"deployment:components": components})
    command = [str(tools.program("helm")), "template", "policies", str(chart), "--namespace=kyverno", "--values=-"]
    values = policies_values(deployment, naming_of(deployment))
    printed = subprocess.run(command, input=values, capture_output=True, text=True, check=True).stdout
    found = {each["metadata"]["name"]: each for each in yaml.safe_load_all(printed) if each}
    rules = found["require-pdb"]["spec"]["matchConstraints"]["resourceRules"]
    assert [each["resources"] for each in rules] == [["deployments", "statefulsets"], *([["rollouts"]] if on else [])]
    assert found["require-labels"]["spec"]["matchConstraints"]["resourceRules"][0]["resources"] == ["pods"]

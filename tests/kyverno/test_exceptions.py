"""Exceptions of chart ``policies``: who is left out, of what, and until when; by Helm and Kyverno's command line."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.policies import kinds
from constructs_lib.helm.charts import local_chart
from tests.kyverno import cli
from tests.kyverno.test_policies import NAMESPACES, directory, documents
from tools import build as tools

pytestmark = pytest.mark.kyverno

DAY = datetime.timedelta(days=1)
NONE = datetime.timedelta()


def today() -> datetime.date:
    """Of the clock that the exceptions ask, which is UTC."""
    return datetime.datetime.now(datetime.UTC).date()


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart as a stack directory holds it."""
    top = tmp_path_factory.mktemp("stack")
    for path, text in local_chart("policies").files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, encoding="utf-8")
    return top / "charts" / "policies"


def rendered(chart: Path, expires: datetime.date, **changes: str) -> list[dict[str, Any]]:
    """Policy disallow-privileged, and an exception to it for ``old-*`` in the namespace of team alpha."""
    exception = {
        "name": "old-agent",
        "policies": [{"kind": "ValidatingPolicy", "name": "disallow-privileged"}],
        "namespace": "team-alpha",
        "workload": "privileged",
        "owner": "alpha",
        "expires": expires.isoformat(),
        "reason": "until it is rewritten",
    } | changes
    actions = {name: "off" for name in kinds()} | {"disallow-privileged": "deny"}
    values = {
        "actions": [{"policy": policy, "action": action} for policy, action in actions.items()],
        "exceptions": [exception],
    }
    command = [str(tools.program("helm")), "template", "policies", str(chart), "--namespace=kyverno", "--values=-"]
    printed = subprocess.run(command, input=yaml.safe_dump(values), capture_output=True, text=True, check=True).stdout
    return [each for each in yaml.safe_load_all(printed) if each]


def refused(manifests: list[dict[str, Any]]) -> set[str]:
    resources = documents(directory("disallow-privileged") / "bad.yaml")
    verdicts = cli.apply(manifests, resources, namespaces=NAMESPACES)
    return {f"{each.kind}/{each.name}" for each in verdicts if each.result == "fail"}


def refused_with(chart: Path, ended: datetime.timedelta) -> set[str]:
    """With an exception whose last day was ``ended`` ago; asked again when midnight passes meanwhile."""
    while True:
        day = today()
        found = refused(rendered(chart, day - ended))
        if today() == day:
            return found


def test_without_an_exception_all_of_it_is_refused(chart: Path) -> None:
    policies = [each for each in rendered(chart, today()) if each["kind"] == "ValidatingPolicy"]
    assert {"Pod/privileged", "Deployment/privileged", "Pod/privileged-elsewhere"} <= refused(policies)


def test_an_exception_leaves_its_workload_out_until_its_last_day(chart: Path) -> None:
    left = refused_with(chart, NONE)
    assert not {"Pod/privileged", "Deployment/privileged"} & left
    # Another workload, and the same name in another namespace.
    assert {"Pod/with-capability", "Pod/privileged-elsewhere"} <= left


def test_after_its_last_day_it_counts_no_more(chart: Path) -> None:
    assert {"Pod/privileged", "Deployment/privileged"} <= refused_with(chart, DAY)


def test_the_exception_names_its_owner_and_its_last_day(chart: Path) -> None:
    last = today()
    (found,) = [each for each in rendered(chart, last) if each["kind"] == "PolicyException"]
    assert found["metadata"]["namespace"] == "kyverno"
    notes = found["metadata"]["annotations"]
    assert notes["platform/owner"] == "alpha"
    assert notes["platform/expires"] == last.isoformat()


def test_an_action_for_no_policy_and_a_policy_without_action_are_refused(chart: Path) -> None:
    values = {"actions": [{"policy": name, "action": "off"} for name in [*kinds()][1:]]}
    helm = [str(tools.program("helm")), "template", "policies", str(chart), "--values=-"]
    short = subprocess.run(helm, input=yaml.safe_dump(values), capture_output=True, text=True, check=False)
    assert f"no action for policy {[*kinds()][0]}" in short.stderr
    values["actions"] += [{"policy": [*kinds()][0], "action": "off"}, {"policy": "require-tea", "action": "off"}]
    long = subprocess.run(helm, input=yaml.safe_dump(values), capture_output=True, text=True, check=False)
    assert "an action for require-tea, which is no policy" in long.stderr

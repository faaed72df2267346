"""Alert rules as Helm renders them for a deployment, by the real promtool; what they ask for and what they point to."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from constructs_lib.telemetry.kept import everything as kept
from tests.kubernetes.releases import RenderError, release
from tests.promql import metrics_in
from tests.synth import Synth
from tools import programs

pytestmark = pytest.mark.charts

ROOT = Path(__file__).resolve().parent.parent.parent
STACK = "idp-platform-grafana-agent"
RUNBOOKS = ROOT / "docs" / "RUNBOOKS.md"
CASES: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("rule_cases.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def promtool() -> Path:
    found = programs.find("promtool")
    if found is None:
        pytest.skip("no promtool of Prometheus 3 on PATH, and none built: run `make tools`")
    return found


@pytest.fixture(scope="module")
def groups(everything: Synth) -> list[Mapping[str, Any]]:
    manifests = release(everything, STACK, "platform-rules").manifests("1.34")
    assert {each["kind"] for each in manifests} == {"PrometheusRule"}
    return [group for each in manifests for group in each["spec"]["groups"]]


@pytest.fixture(scope="module")
def rules(groups: list[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    found = {rule["alert"]: rule for group in groups for rule in group["rules"]}
    assert len(found) == sum(len(group["rules"]) for group in groups), "two alerts have one name"
    return found


@pytest.fixture(scope="module")
def rule_file(groups: list[Mapping[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rules") / "rules.yaml"
    path.write_text(yaml.safe_dump({"groups": groups}), encoding="utf-8")
    return path


def ran(promtool: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([promtool, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def alone(groups: list[Mapping[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a rule file for each group: hours of other groups' rules would be reckoned with each case."""
    directory = tmp_path_factory.mktemp("groups")
    for group in groups:
        text = yaml.safe_dump({"groups": [group]})
        for rule in group["rules"]:
            (directory / f"{rule['alert']}.yaml").write_text(text, encoding="utf-8")
    return directory


def firing(promtool: Path, rule_file: Path, alert: str, series: Any, at: str) -> bool:
    """Whether ``alert`` fires at ``at`` of these series. Raises AssertionError where promtool can't say."""
    expected = {"labels": "{}", "value": 1}
    query = {"expr": f'count(ALERTS{{alertname="{alert}", alertstate="firing"}}) > bool 0', "eval_time": at}
    test = {
        "rule_files": [str(rule_file)],
        "tests": [
            {"interval": "1m", "input_series": series, "promql_expr_test": [query | {"exp_samples": [expected]}]}
        ],
    }
    path = rule_file.with_name(f"{alert}.test.yaml")
    path.write_text(yaml.safe_dump(test), encoding="utf-8")
    finished = ran(promtool, "test", "rules", path)
    assert finished.returncode == 0 or "got:nil" in finished.stderr.replace(" ", ""), finished.stdout + finished.stderr
    return finished.returncode == 0


def test_promtool_takes_every_rule(promtool: Path, rule_file: Path) -> None:
    finished = ran(promtool, "check", "rules", "--lint=all", "--lint-fatal", rule_file)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_every_alert_has_a_case(rules: dict[str, Mapping[str, Any]]) -> None:
    assert rules.keys() == CASES.keys()


@pytest.mark.parametrize("alert", CASES)
def test_an_alert_fires_when_it_should(promtool: Path, alone: Path, alert: str) -> None:
    case, rule_file = CASES[alert], alone / f"{alert}.yaml"
    assert not firing(promtool, rule_file, alert, case["series"], case["quiet_at"]), "too early"
    assert firing(promtool, rule_file, alert, case["series"], case["fires_at"])
    assert not firing(promtool, rule_file, alert, case["quiet"], case["fires_at"]), "for nothing"


def test_alerts_use_metrics_that_are_kept(rules: dict[str, Mapping[str, Any]]) -> None:
    used = {(name, metric) for name, rule in rules.items() for metric in metrics_in(rule["expr"])}
    assert len(used) > len(rules) / 2
    assert {each for each in used if each[1] not in kept()} == set()


def test_every_runbook_is_written(rules: dict[str, Mapping[str, Any]]) -> None:
    lines = RUNBOOKS.read_text(encoding="utf-8").splitlines()
    # GitHub's anchor of a heading of one word is the word in small letters.
    anchors = {line.removeprefix("### ").lower() for line in lines if line.startswith("### ")}
    for name, rule in rules.items():
        page, _, anchor = rule["annotations"]["runbook_url"].partition("#")
        assert page.startswith("https://github.com/") and page.endswith("/docs/RUNBOOKS.md")
        assert anchor == name.lower() and anchor in anchors
    assert anchors == {name.lower() for name in rules}, "a runbook of no alert"


def test_every_alert_says_how_bad_it_is(rules: dict[str, Mapping[str, Any]]) -> None:
    for rule in rules.values():
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert rule["annotations"]["summary"] and rule["annotations"]["description"]
        assert "$platform" not in str(rule) and "$runbooks" not in str(rule)


def test_a_file_that_is_not_there_is_refused(everything: Synth) -> None:
    found = release(everything, STACK, "platform-rules")
    broken = type(found)(**{**vars(found), "values": {**found.values, "rules": ["clusters"]}})
    with pytest.raises(RenderError, match="there is no file rules/clusters.yaml"):
        broken.render("1.34")

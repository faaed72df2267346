"""How rollouts are judged: the analyses as Helm renders them, and their queries by the real promtool."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from constructs_lib.telemetry.kept import CADVISOR, KUBE_STATE_METRICS
from tests import rollout_analysis
from tests.charts.test_platform_rules import promtool, ran
from tests.kubernetes.releases import RenderError, release
from tests.promql import metrics_in
from tests.rollout_analysis import ARGUMENT, CHART, MINOR, STACK, Templates, minutes
from tests.synth import Synth

__all__ = ["promtool"]
pytestmark = pytest.mark.charts

CASES: Mapping[str, list[Mapping[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("analysis_cases.yaml").read_text(encoding="utf-8")
)
GIVEN = {"namespace": "team-alpha", "rollout": "alpha-web", "hash": "7d9", "authorization": "Basic eDp5"}


@pytest.fixture(scope="module")
def templates(everything: Synth) -> Templates:
    return rollout_analysis.templates(everything)


@pytest.fixture(scope="module")
def metrics(templates: Templates) -> dict[str, Mapping[str, Any]]:
    """Name → metric, with the arguments that a rollout gives and the defaults of the others."""
    found = {}
    for metric, spec in rollout_analysis.metrics(templates):
        assert metric["name"] not in found, "Argo Rollouts takes no two metrics of one name"
        defaults = {each["name"]: each["value"] for each in spec["args"] if "value" in each}
        found[metric["name"]] = rollout_analysis.filled(metric, GIVEN | defaults)
    return found


def query(metric: Mapping[str, Any]) -> str:
    found: str = metric["provider"]["prometheus"]["query"]
    return found


def test_queries_ask_for_what_is_kept_of_teams(metrics: dict[str, Mapping[str, Any]]) -> None:
    """Both sources say the namespace of what a series is about; component grafana-agent keeps teams' by it."""
    kept = {*KUBE_STATE_METRICS.names, *CADVISOR.names}
    for name, metric in metrics.items():
        used = metrics_in(query(metric))
        assert used and used <= kept, name


def test_promtool_takes_every_query(promtool: Path, metrics: dict[str, Mapping[str, Any]], tmp_path: Path) -> None:
    rules = [{"record": f"analysis:{name.replace('-', '_')}", "expr": query(each)} for name, each in metrics.items()]
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "analyses", "rules": rules}]}), encoding="utf-8")
    finished = ran(promtool, "check", "rules", "--lint=all", "--lint-fatal", path)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_every_metric_has_cases_for_each_verdict(metrics: dict[str, Mapping[str, Any]]) -> None:
    assert metrics.keys() == CASES.keys()
    for name, cases in CASES.items():
        assert {case["verdict"] for case in cases} == {"success", "failure", "inconclusive"}, name


def _cases() -> Iterator[Any]:
    for name, cases in CASES.items():
        yield from (pytest.param(name, case, id=f"{name}: {case['what']}") for case in cases)


@pytest.mark.parametrize(("name", "case"), list(_cases()))
def test_a_query_finds_what_it_should(
    promtool: Path, metrics: dict[str, Mapping[str, Any]], name: str, case: Mapping[str, Any], tmp_path: Path
) -> None:
    expected = [] if case["finds"] is None else [{"labels": "{}", "value": case["finds"]}]
    check = {"expr": query(metrics[name]), "eval_time": "5m", "exp_samples": expected}
    series = [_series(*each) for each in case["series"]]
    path = tmp_path / "test.yaml"
    tests = [{"interval": "1m", "input_series": series, "promql_expr_test": [check]}]
    path.write_text(yaml.safe_dump({"tests": tests}), encoding="utf-8")
    finished = ran(promtool, "test", "rules", path)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def _series(metric: str, labels: Mapping[str, str], value: float) -> dict[str, str]:
    common = {"cluster": "idp-platform", "namespace": "team-alpha", "container": "web"}
    text = ",".join(f'{key}="{each}"' for key, each in (common | dict(labels)).items())
    return {"series": f"{metric}{{{text}}}", "values": f"{value}x5"}


@pytest.mark.parametrize(("name", "case"), list(_cases()))
def test_what_is_found_is_judged(metrics: dict[str, Mapping[str, Any]], name: str, case: Mapping[str, Any]) -> None:
    assert verdict(metrics[name], [] if case["finds"] is None else [case["finds"]]) == case["verdict"]


def test_what_is_no_number_judges_nobody(metrics: dict[str, Mapping[str, Any]]) -> None:
    for metric in metrics.values():
        assert verdict(metric, [float("nan")]) == "inconclusive"


def verdict(metric: Mapping[str, Any], result: list[float]) -> str:
    """As Argo Rollouts judges a measurement with both conditions (its documentation, "Inconclusive Runs")."""
    if holds(metric["failureCondition"], result):
        return "failure"
    return "success" if holds(metric["successCondition"], result) else "inconclusive"


def holds(condition: str, result: list[float]) -> bool:
    """A condition of Expr that is one of Python, too, but for its "and"."""
    return bool(eval(condition.replace("&&", "and"), {"__builtins__": {}, "len": len}, {"result": result}))


def test_every_argument_is_declared(templates: Templates) -> None:
    for spec in templates.values():
        used = {name for metric in spec["metrics"] for name in ARGUMENT.findall(json.dumps(metric))}
        assert used == {each["name"] for each in spec["args"]}


def test_one_late_answer_is_waited_for_and_more_decide(templates: Templates) -> None:
    for metric, _ in rollout_analysis.metrics(templates):
        assert metric["inconclusiveLimit"] < metric["count"] - 1
        assert metric["failureLimit"] < metric["count"] - 1
        assert metric["consecutiveErrorLimit"] > 0
        # A measurement of a minute asks for series that come once in it.
        assert minutes(metric["interval"]) >= 1 and minutes(metric["initialDelay"]) >= 1
    assert not any("dryRun" in spec for spec in templates.values())


def test_asked_is_the_query_address_of_the_deployment(templates: Templates, shipped_context: dict[str, Any]) -> None:
    push = shipped_context["deployment:observability:grafanaCloud"]["metricsEndpoint"]
    for metric, _ in rollout_analysis.metrics(templates):
        prometheus = metric["provider"]["prometheus"]
        assert f"{prometheus['address']}/push" == push
        assert prometheus["headers"] == [{"key": "Authorization", "value": "{{args.authorization}}"}]
        assert "insecure" not in prometheus


def test_a_file_that_is_not_there_is_refused(everything: Synth) -> None:
    found = release(everything, STACK, CHART)
    broken = type(found)(**{**vars(found), "values": {**found.values, "analyses": ["luck"]}})
    with pytest.raises(RenderError, match="there is no file analyses/luck.yaml"):
        broken.render(MINOR)

"""platform-grafana-agent: who it is at Grafana Cloud, what it sends, from where, and who sends to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml

from config.deployment import Deployment
from constructs_lib.components.catalog.grafana_agent import CREDENTIALS, GRAFANA_AGENT
from constructs_lib.components.policies import policies
from constructs_lib.components.registry import enabled
from constructs_lib.components.template import rendered
from constructs_lib.naming import Naming
from constructs_lib.telemetry.kept import CADVISOR, KUBE_STATE_METRICS, KUBELET, NODE_EXPORTER
from tests.kubernetes.releases import release
from tests.synth import Synth

STACK = "idp-platform-grafana-agent"
NAMING = Naming(deployment="idp", organization="example-org", account="111122223333", region="us-west-2")
TRACES = "https://otlp.example.net/otlp"
Values = Mapping[str, Any]


@pytest.fixture(scope="module")
def chart(shipped: Synth) -> Values:
    return release(shipped, STACK, "grafana-agent").values


@pytest.fixture
def agent(
    deployment_with: Callable[..., Deployment], shipped_context: dict[str, Any]
) -> Callable[..., tuple[Values, dict[str, Any]]]:
    """Values and network policies of another deployment."""

    def build(
        *, traces: str | None = None, settings: Mapping[str, Any] | None = None, sizing: str = "ha"
    ) -> tuple[Values, dict[str, Any]]:
        cloud = shipped_context["deployment:observability:grafanaCloud"] | {"tracesEndpoint": traces}
        components = shipped_context["deployment:components"]
        components = components | {"grafana-agent": {"enabled": True} | dict(settings or {})}
        changes = {"deployment:observability:grafanaCloud": cloud, "deployment:components": components}
        deployment = deployment_with(changes | {"deployment:sizing": sizing})
        values = rendered(GRAFANA_AGENT, "grafana-agent", deployment, NAMING)
        found = policies(GRAFANA_AGENT, deployment, enabled(deployment))
        return yaml.safe_load(values), {each["name"]: each for each in found}

    return build


def test_credentials_come_from_the_secret_that_is_synced(shipped: Synth, chart: Values) -> None:
    base = release(shipped, STACK, "grafana-agent-base").values
    (synced,) = base["externalSecrets"]
    assert (synced["name"], synced["store"], synced["key"]) == (CREDENTIALS.name, "platform-api", "grafana-cloud")
    for destination in chart["destinations"].values():
        assert destination["secret"] == {"create": False, "name": CREDENTIALS.name}
        assert {destination["auth"]["usernameKey"], destination["auth"]["passwordKey"]} <= synced["keys"].keys()


def test_metrics_and_logs_go_to_the_addresses_of_the_deployment_file(
    chart: Values, shipped_context: dict[str, Any]
) -> None:
    cloud = shipped_context["deployment:observability:grafanaCloud"]
    assert chart["destinations"]["metrics"]["url"] == cloud["metricsEndpoint"]
    assert chart["destinations"]["logs"]["url"] == cloud["logsEndpoint"]


def test_everything_carries_the_clusters_name(chart: Values) -> None:
    assert chart["cluster"]["name"] == "idp-platform"


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (("clusterMetrics", "kubelet"), KUBELET),
        (("clusterMetrics", "cadvisor"), CADVISOR),
        (("clusterMetrics", "kube-state-metrics"), KUBE_STATE_METRICS),
        (("hostMetrics", "linuxHosts"), NODE_EXPORTER),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_only_what_the_lists_name_is_sent(chart: Values, path: tuple[str, str], source: Any) -> None:
    tuning = chart[path[0]][path[1]]["metricsTuning"]
    assert tuning == {"useDefaultAllowList": False, "includeMetrics": list(source.names)}


def test_rules_of_this_cluster_see_its_metrics_only(chart: Values) -> None:
    rules = chart["destinations"]["metrics"]["rules"]
    assert rules["enabled"] and rules["mimirNamespacePrefix"] == "idp-platform"
    assert 'name       = "cluster"' in rules["extraArguments"] and '"idp-platform"' in rules["extraArguments"]


def test_rules_go_to_the_address_of_the_component(agent: Callable[..., Any]) -> None:
    address = "https://ruler.example.net"
    values, _ = agent(settings={"cloudEndpoint": address})
    assert values["destinations"]["metrics"]["rules"]["address"] == address


def test_without_one_they_go_where_metrics_go(agent: Callable[..., Any]) -> None:
    values, _ = agent()
    assert values["destinations"]["metrics"]["rules"]["address"] == "https://prometheus-xxx.grafana.net"


def test_the_kind_of_rules_is_there_before_the_collector_and_rules_after_it(shipped: Synth) -> None:
    stack = shipped.stack(STACK)
    assert stack.resource("helm_release.grafana_agent")["depends_on"] == ["helm_release.rule_definitions"]
    assert stack.resource("helm_release.platform_rules")["depends_on"] == ["helm_release.grafana_agent"]


def test_rules_are_those_of_what_the_deployment_runs(shipped: Synth, everything: Synth) -> None:
    assert "velero" not in release(shipped, STACK, "platform-rules").values["rules"]
    assert "velero" in release(everything, STACK, "platform-rules").values["rules"]


def test_traces_are_taken_where_they_have_somewhere_to_go(agent: Callable[..., Any]) -> None:
    values, found = agent(traces=TRACES)
    assert values["destinations"]["traces"]["url"] == TRACES
    assert values["applicationObservability"]["enabled"] is True
    assert "alloy-receiver" in values["collectors"]
    (entrance,) = [
        rule
        for rule in found["grafana-agent-alloy-receiver"]["ingress"]
        if {port["port"] for port in rule["ports"]} == {4317, 4318}
    ]
    assert "team" in entrance["from"][0]["namespaceSelector"]["matchExpressions"][0]["values"]


def test_without_an_address_for_traces_nothing_takes_them(agent: Callable[..., Any]) -> None:
    values, found = agent()
    assert "traces" not in values["destinations"] and "applicationObservability" not in values
    assert "alloy-receiver" not in values["collectors"]
    assert "grafana-agent-alloy-receiver" not in found


def test_metrics_that_teams_send_are_not_passed_on(agent: Callable[..., Any]) -> None:
    values, _ = agent(traces=TRACES)
    assert values["applicationObservability"]["metrics"] == {"enabled": False}


def test_the_smallest_profile_reads_logs_through_the_api(agent: Callable[..., Any]) -> None:
    values, _ = agent(sizing="seed-cost")
    assert values["podLogsViaKubernetesApi"]["collector"] == "alloy-metrics"
    assert "podLogsViaLoki" not in values and "alloy-logs" not in values["collectors"]
    assert values["telemetryServices"]["node-exporter"] == {"deploy": False}


def test_what_teams_run_can_be_left_unmeasured(agent: Callable[..., Any]) -> None:
    values, _ = agent(settings={"teamMetrics": False})
    for source in ("cadvisor", "kube-state-metrics"):
        assert '"team-.+|preview-.+|staging|sandbox"' in values["clusterMetrics"][source]["extraMetricProcessingRules"]
    values, _ = agent()
    assert "extraMetricProcessingRules" not in values["clusterMetrics"]["cadvisor"]


def test_the_collector_reaches_what_it_scrapes(shipped: Synth) -> None:
    base = release(shipped, STACK, "grafana-agent-base").values
    egress = {each["name"]: each["egress"] for each in base["networkPolicies"]}["grafana-agent-alloy-metrics"]
    reached = {port["port"] for rule in egress for port in rule["ports"]}
    # Kubelet, exporter, kube-state-metrics, Kyverno, Argo CD, peers, Grafana Cloud.
    assert {10250, 9100, 8080, 8000, 8082, 12345, 443} <= reached


def test_collectors_run_where_the_platform_runs_and_log_readers_everywhere(chart: Values) -> None:
    collectors = chart["collectors"]
    assert collectors["alloy-metrics"]["controller"]["nodeSelector"] == {"platform/pool": "platform"}
    assert collectors["alloy-metrics"]["controller"]["replicas"] == 2
    assert collectors["alloy-logs"]["controller"]["tolerations"] == [{"operator": "Exists"}]
    for each in collectors.values():
        assert each["alloy"]["resources"]["limits"]["memory"]
        assert each["alloy"]["enableReporting"] is False


def test_images_that_can_be_cached_come_through_the_cache(chart: Values) -> None:
    cache = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
    assert chart["telemetryServices"]["node-exporter"]["image"]["registry"] == f"{cache}/quay"
    for each in chart["collectors"].values():
        assert each["configReloader"]["image"]["registry"] == f"{cache}/quay"
        # Docker Hub is cached with a credential only, which the shipped deployment lacks.
        assert each["image"]["registry"] == "docker.io"

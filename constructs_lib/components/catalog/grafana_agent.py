"""The telemetry agent: metrics, logs and traces to Grafana Cloud, and the platform's alert rules.

Grafana Agent ended in November 2025 (Grafana documentation, Agent); the seed's name stays, Alloy does the work.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from typing import Any

from config.components import GrafanaAgent
from config.deployment import Deployment
from constructs_lib.addons.namespaces import KUBE_SYSTEM, platform_namespaces
from constructs_lib.components.catalog.grafana_agent_pods import NAME, PODS, REMOVAL_LABELS, on_every_node, takes_traces
from constructs_lib.components.component import Component, Image, OwnChart, SyncedSecret
from constructs_lib.naming import Naming
from constructs_lib.telemetry import scrape
from constructs_lib.telemetry.kept import CADVISOR, KUBE_STATE_METRICS, KUBELET, NODE_EXPORTER
from constructs_lib.telemetry.rules import rules
from constructs_lib.telemetry.series import team_metrics

_ALLOY = "v1.18.1"
CREDENTIALS = SyncedSecret(
    name="grafana-cloud",
    path="api/grafana-cloud",
    keys={name: name for name in ("metrics-user", "logs-user", "traces-user", "token")},
)
# The chart's destinations, by what they take; blocks of Alloy refer to them by these names.
METRICS, LOGS, TRACES = "metrics", "logs", "traces"


def _context(deployment: Deployment, naming: Naming) -> Mapping[str, Any]:
    """``cloud``, addresses by what goes there; ``kept``, names of metrics by what exposes them; ``components``, the
    configuration that scrapes the other components; ``drop``, namespaces that aren't measured, as an expression."""
    # The registry holds this component: it can be asked only once it is made.
    from constructs_lib.components.registry import enabled

    cloud = deployment.grafana_cloud
    if cloud is None:
        raise ValueError("component grafana-agent has no deployment:observability:grafanaCloud")
    return {
        "cluster": naming.cluster,
        "cloud": {METRICS: cloud.metrics_endpoint, LOGS: cloud.logs_endpoint, TRACES: cloud.traces_endpoint},
        "ruler": _ruler(deployment, cloud.metrics_endpoint),
        "secret": CREDENTIALS.name,
        "collectors": _collectors(deployment),
        "on_every_node": on_every_node(deployment),
        "traces": takes_traces(deployment),
        "kept": {each.name: list(each.names) for each in (CADVISOR, KUBELET, KUBE_STATE_METRICS, NODE_EXPORTER)},
        "components": {"extraConfig": scrape.configuration(deployment, enabled(deployment), METRICS)},
        "drop": "" if team_metrics(deployment) else "team-.+|preview-.+|staging|sandbox",
        "removal_labels": dict(REMOVAL_LABELS),
        "rules": rules(deployment, enabled(deployment)),
        "runbooks": f"https://github.com/{deployment.platform.repository}/blob/main/docs/RUNBOOKS.md",
        "namespaces": [KUBE_SYSTEM, *(each.name for each in platform_namespaces(deployment))],
    }


def _collectors(deployment: Deployment) -> dict[str, list[str]]:
    """Alloy's parts that run, with the chart's presets that make of each what it is."""
    presets = {
        "alloy-metrics": ["clustered", "statefulset"],
        "alloy-singleton": ["singleton"],
        "alloy-receiver": ["deployment"],
        "alloy-logs": ["filesystem-log-reader", "daemonset"],
    }
    return {row.name: presets[row.name] for row in PODS if row.name in presets and row.when(deployment)}


def _ruler(deployment: Deployment, metrics_endpoint: str) -> str:
    """Where alert rules go: the host that metrics go to, unless told."""
    settings = deployment.components.named(NAME)
    if isinstance(settings, GrafanaAgent) and settings.cloud_endpoint:
        return settings.cloud_endpoint
    address = urllib.parse.urlsplit(metrics_endpoint)
    return f"{address.scheme}://{address.netloc}"


GRAFANA_AGENT = Component(
    name=NAME,
    purpose="Metrics, logs and traces to Grafana Cloud; alert rules",
    chart="k8s-monitoring",
    pods=PODS,
    images=(
        Image(name="alloy", upstream="docker.io/grafana/alloy", tag=_ALLOY),
        Image(name="config-reloader", upstream="quay.io/prometheus-operator/prometheus-config-reloader", tag="v0.91.0"),
        Image(name="alloy-operator", upstream="ghcr.io/grafana/alloy-operator", tag="1.11.1"),
        Image(name="kubectl", upstream="ghcr.io/grafana/helm-chart-toolbox-kubectl", tag="0.1.2"),
        Image(name="node-exporter", upstream="quay.io/prometheus/node-exporter", tag="v1.12.1"),
        Image(
            name="kube-state-metrics", upstream="registry.k8s.io/kube-state-metrics/kube-state-metrics", tag="v2.19.1"
        ),
    ),
    secrets=(CREDENTIALS,),
    # The definition first: Alloy watches for its objects from the start, and the rules are such objects.
    own_charts=(OwnChart(name="rule-definitions", order="before"), OwnChart(name="platform-rules")),
    context=_context,
    # The operator makes the collectors after its own start.
    timeout_seconds=900,
)

"""The metrics that are kept, by what exposes them: everything else is dropped before it is sent. Pure: no engine.

Grafana Cloud's free plan holds 10,000 active series. So each metric says of what it has series (``per``), and how
many; ``constructs_lib.telemetry.series`` multiplies. Alerts and dashboards may use only what is listed here (a test).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# What there is a series of. ``replica`` is a pod of the row that exposes the metric.
Unit = Literal[
    "node", "container", "deployment", "statefulset", "daemonset", "volume", "quota", "replica", "application",
    "rollout", "external secret", "certificate", "schedule", "workflow namespace",
]  # fmt: skip

# prometheus.scrape writes them for every target, whatever the target says (Alloy documentation, prometheus.scrape).
ABOUT_THE_TARGET = ("up", "scrape_samples_scraped")


@dataclass(frozen=True, kw_only=True)
class Metric:
    """``series`` for each ``per``. A fraction stands for series that only some of them have, mostly in trouble."""

    name: str
    per: Unit
    series: float = 1


@dataclass(frozen=True, kw_only=True)
class Source:
    """What exposes ``metrics``, once for each ``target``. ``source`` says where their names and labels are from."""

    name: str
    target: Unit
    metrics: tuple[Metric, ...]
    source: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(metric.name for metric in self.metrics)


def _each(per: Unit, *names: str, series: float = 1) -> tuple[Metric, ...]:
    return tuple(Metric(name=name, per=per, series=series) for name in names)


CADVISOR = Source(
    name="cadvisor",
    target="node",
    metrics=_each("container", "container_cpu_usage_seconds_total", "container_memory_working_set_bytes"),
    source="Kubernetes documentation, Node metrics data; cAdvisor, docs/storage/prometheus.md",
)

KUBELET = Source(
    name="kubelet",
    target="node",
    metrics=(
        *_each("node", "kubelet_running_pods"),
        *_each("volume", "kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"),
    ),
    source="Kubernetes documentation, Kubernetes Metrics Reference",
)

KUBE_STATE_METRICS = Source(
    name="kube-state-metrics",
    target="replica",
    metrics=(
        # Five conditions in three states; six resources.
        *_each("node", "kube_node_status_condition", series=15),
        *_each("node", "kube_node_status_allocatable", series=6),
        *_each("deployment", "kube_deployment_spec_replicas", "kube_deployment_status_replicas_available"),
        *_each("statefulset", "kube_statefulset_replicas", "kube_statefulset_status_replicas_ready"),
        *_each("daemonset", "kube_daemonset_status_desired_number_scheduled"),
        *_each("daemonset", "kube_daemonset_status_number_unavailable"),
        *_each("container", "kube_pod_container_status_restarts_total"),
        # CPU and memory requested, memory limited.
        *_each("container", "kube_pod_container_resource_requests", series=2),
        *_each("container", "kube_pod_container_resource_limits"),
        # Only of containers that wait, ended once, or found no node.
        *_each("container", "kube_pod_container_status_waiting_reason", series=0.1),
        *_each("container", "kube_pod_container_status_last_terminated_reason", series=0.2),
        *_each("container", "kube_pod_status_unschedulable", series=0.1),
        # Ten resources, hard and used.
        *_each("quota", "kube_resourcequota", series=20),
    ),
    source="kubernetes/kube-state-metrics, docs/metrics",
)

NODE_EXPORTER = Source(
    name="node-exporter",
    target="node",
    metrics=(
        # Eight modes of two processors; the volumes that Bottlerocket mounts.
        *_each("node", "node_cpu_seconds_total", series=16),
        *_each("node", "node_filesystem_avail_bytes", "node_filesystem_size_bytes", series=4),
        *_each("node", "node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes"),
        *_each("node", "node_nf_conntrack_entries", "node_nf_conntrack_entries_limit"),
        *_each("node", "node_vmstat_oom_kill"),
    ),
    source="prometheus/node_exporter, README, Collectors",
)

# The chart scrapes these four by itself.
OF_THE_CHART = (CADVISOR, KUBELET, KUBE_STATE_METRICS, NODE_EXPORTER)


def _component(name: str, source: str, *metrics: Metric) -> Source:
    return Source(name=name, target="replica", metrics=metrics, source=source)


_ALLOY = "Grafana Alloy documentation, prometheus.remote_write, Debug metrics"

# Component/row of the registry → what is kept of it. Of a row that isn't here: whether it answers.
COMPONENTS: Mapping[str, Source] = {
    "argo-events/event-source": _component(
        "argo-events/event-source",
        "Argo Events documentation, Metrics",
        *_each("replica", "argo_events_events_sent_total", "argo_events_events_sent_failed_total", series=5),
    ),
    "argo-events/queue-source": _component(
        "argo-events/queue-source",
        "Argo Events documentation, Metrics",
        *_each("replica", "argo_events_events_sent_total", "argo_events_events_sent_failed_total", series=5),
    ),
    "argo-events/sensor": _component(
        "argo-events/sensor",
        "Argo Events documentation, Metrics",
        *_each("replica", "argo_events_action_triggered_total", "argo_events_action_failed_total", series=5),
        *_each("replica", "argo_events_action_retries_failed_total", series=5),
    ),
    "argo-rollouts/controller": _component(
        "argo-rollouts/controller",
        "Argo Rollouts documentation, Controller Metrics",
        *_each("rollout", "rollout_info", "rollout_info_replicas_unavailable"),
    ),
    "argo-workflows/controller": _component(
        "argo-workflows/controller",
        "Argo Workflows documentation, Metrics",
        *_each("replica", "argo_workflows_gauge", series=6),
        *_each("replica", "argo_workflows_error_count", series=3),
        *_each("replica", "argo_workflows_queue_depth_gauge", series=8),
        # Five phases of each namespace.
        *_each("workflow namespace", "argo_workflows_total_count", series=5),
    ),
    "argocd/application-controller": _component(
        "argocd/application-controller",
        "Argo CD documentation, Metrics",
        # A count for each result that a sync has had.
        *_each("application", "argocd_app_info"),
        *_each("application", "argocd_app_sync_total", series=2),
    ),
    "cert-manager/controller": _component(
        "cert-manager/controller",
        "cert-manager documentation, Prometheus Metrics",
        *_each("certificate", "certmanager_certificate_expiration_timestamp_seconds"),
        *_each("certificate", "certmanager_certificate_ready_status", series=3),
    ),
    "external-dns/external-dns": _component(
        "external-dns/external-dns",
        "ExternalDNS documentation, Available Metrics",
        *_each("replica", "external_dns_controller_last_sync_timestamp_seconds"),
        *_each("replica", "external_dns_registry_errors_total", "external_dns_source_errors_total"),
    ),
    "external-secrets/controller": _component(
        "external-secrets/controller",
        "External Secrets documentation, Metrics",
        *_each("external secret", "externalsecret_status_condition", series=2),
        *_each("external secret", "externalsecret_sync_calls_total", "externalsecret_sync_calls_error"),
    ),
    "grafana-agent/alloy-metrics": _component(
        "grafana-agent/alloy-metrics",
        _ALLOY,
        *_each("replica", "prometheus_remote_write_wal_storage_active_series"),
        *_each("replica", "prometheus_remote_storage_samples_failed_total"),
    ),
    "reloader/reloader": _component(
        "reloader/reloader",
        "stakater/Reloader, docs, Prometheus metrics",
        *_each("replica", "reloader_reload_executed_total", series=2),
    ),
    "velero/server": _component(
        "velero/server",
        "vmware-tanzu/velero, pkg/metrics/metrics.go",
        *_each("schedule", "velero_backup_last_successful_timestamp", "velero_backup_failure_total"),
        *_each("schedule", "velero_backup_partial_failure_total"),
    ),
}


def kept(component: str, row: str) -> tuple[str, ...]:
    """Names of the metrics that are kept of a row of the registry, those about the target first."""
    source = COMPONENTS.get(f"{component}/{row}")
    return (*ABOUT_THE_TARGET, *(source.names if source else ()))


def everything() -> frozenset[str]:
    """The names of all metrics that are kept of anything."""
    sources = (*OF_THE_CHART, *COMPONENTS.values())
    return frozenset({*ABOUT_THE_TARGET, *(name for source in sources for name in source.names)})

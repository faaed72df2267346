"""How many active series a deployment sends to Grafana Cloud: allow-lists × pods × nodes. Pure: imports no engine.

An estimate. What runs is counted from the registry; series of each thing and what teams run are assumptions of
``constructs_lib.telemetry.kept`` and ``.scale``. Once it runs, the collector's own
``prometheus_remote_write_wal_storage_active_series`` says how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.components import GrafanaAgent
from config.deployment import Deployment
from constructs_lib.components.component import Component
from constructs_lib.components.pods import Pods
from constructs_lib.telemetry.kept import (
    ABOUT_THE_TARGET,
    COMPONENTS,
    KUBE_STATE_METRICS,
    NODE_EXPORTER,
    OF_THE_CHART,
    Source,
    Unit,
)
from constructs_lib.telemetry.scale import Scale, replicas, scale, whole

# Grafana Cloud, Pricing, "Free": active series of metrics.
FREE_PLAN = 10_000
AGENT = "grafana-agent"
# Metrics that have the namespace of what they are about, so that those of teams can be told apart.
_BY_NAMESPACE: frozenset[Unit] = frozenset({"container", "deployment", "statefulset", "daemonset", "quota", "volume"})


@dataclass(frozen=True, kw_only=True)
class Row:
    """``series`` of one metric: ``count`` times ``per``. ``exposes`` is ``component/row`` or a part of the cluster."""

    exposes: str
    metric: str
    per: Unit
    count: int
    series: int
    source: str


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """``rows`` by what exposes them; ``remedy`` says what to turn off where ``total`` is beyond the free plan."""

    rows: tuple[Row, ...]
    remedy: str

    @property
    def total(self) -> int:
        return sum(row.series for row in self.rows)

    @property
    def fits(self) -> bool:
        return self.total < FREE_PLAN


def team_metrics(deployment: Deployment) -> bool:
    """Whether what runs in teams' namespaces is measured."""
    settings = deployment.components.named(AGENT)
    return isinstance(settings, GrafanaAgent) and settings.team_metrics


def estimate(deployment: Deployment, components: Mapping[str, Component]) -> Estimate:
    """The series of ``deployment``, whose ``components`` are those that are on, by name. Nothing without the agent."""
    if AGENT not in components:
        return Estimate(rows=(), remedy="")
    things = scale(deployment, components)
    teams = team_metrics(deployment)
    rows = (*_of_the_cluster(deployment, components, things, teams), *_of_components(deployment, components, things))
    found = Estimate(rows=tuple(row for row in rows if row.series), remedy="")
    return found if found.fits else Estimate(rows=found.rows, remedy=_remedy(teams))


def _remedy(teams: bool) -> str:
    if teams:
        return "set deployment:components, grafana-agent, teamMetrics to false, or buy series beyond the free plan"
    return "switch components off that teams don't need, or buy series beyond the free plan"


def _of_the_cluster(
    deployment: Deployment, components: Mapping[str, Component], things: Scale, teams: bool
) -> Iterator[Row]:
    on = {row.name for row in components[AGENT].running(deployment)}
    for source in OF_THE_CHART:
        if source in (KUBE_STATE_METRICS, NODE_EXPORTER) and source.name not in on:
            continue
        targets = 1 if source is KUBE_STATE_METRICS else things.of("node", teams=False)
        yield from _target(source.name, source.target, targets)
        yield from _metrics(source, source.name, things, teams, targets)


def _of_components(deployment: Deployment, components: Mapping[str, Component], things: Scale) -> Iterator[Row]:
    for component, row in scraped(deployment, components):
        name = f"{component.name}/{row.name}"
        pods = replicas(row, deployment)
        yield from _target(name, "replica", pods)
        if source := COMPONENTS.get(name):
            yield from _metrics(source, name, things, True, pods)


def scraped(deployment: Deployment, components: Mapping[str, Component]) -> Iterator[tuple[Component, Pods]]:
    """The rows of ``components`` that expose metrics, but for those that the chart's own features scrape."""
    chart = {source.name for source in OF_THE_CHART}
    for component in components.values():
        for row in component.running(deployment):
            if row.metrics is not None and not (component.name == AGENT and row.name in chart):
                yield component, row


def _target(exposes: str, per: Unit, count: int) -> Iterator[Row]:
    source = "Grafana Alloy documentation, prometheus.scrape"
    for name in ABOUT_THE_TARGET:
        yield Row(exposes=exposes, metric=name, per=per, count=count, series=count, source=source)


def _metrics(source: Source, exposes: str, things: Scale, teams: bool, replicas: int) -> Iterator[Row]:
    for metric in source.metrics:
        wanted = teams or metric.per not in _BY_NAMESPACE
        count = replicas if metric.per == "replica" else things.of(metric.per, teams=wanted)
        series = whole(count * metric.series)
        yield Row(exposes=exposes, metric=metric.name, per=metric.per, count=count, series=series, source=source.source)

"""Argo Events: what happens in GitHub starts workflows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.deployment import Deployment
from constructs_lib.components.catalog.argo_events_queues import QUEUE_ACCOUNT, QUEUE_SOURCE, queues, received
from constructs_lib.components.component import Component, Host, Image, OwnChart, ServerCertificate, SyncedSecret
from constructs_lib.components.pods import Container, Pods, Sized, placed
from constructs_lib.components.traffic import API_SERVER, to
from constructs_lib.naming import Naming
from constructs_lib.workflows.events import SENSORS, SOURCE_ACCOUNT, sensor_accounts, sources

_CHART = "chart argo-events 2.4"
_ESTIMATE = f"{_CHART}: no requests of its own; estimate"
# Version of JetStream, as the bus asks for it and the chart's configuration offers it.
JETSTREAM = "2.10.10"
WEBHOOK_PORT = 12000
_CERTIFICATE = "github-events-tls"
# What the controller makes has labels that change with its version; this one is put on by our chart.
_PART = "platform/part"
_BUS = to("argo-events", "bus", 4222)


def _labels(part: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": f"argo-events-{part}", "app.kubernetes.io/instance": "argo-events"}


def _context(deployment: Deployment, naming: Naming) -> Mapping[str, Any]:
    """``bus``, ``source`` and ``sensors``: labels, place and requests of what the controller makes; ``sources``:
    repositories whose events start something; ``accounts``: of what the controller makes."""
    del naming
    rows = {each.name: placed(each, deployment) for each in ARGO_EVENTS.pods}
    bus, source, sensors = rows["bus"], rows["event-source"], rows["sensor"]
    return {
        "jetstream": JETSTREAM,
        "webhook_port": WEBHOOK_PORT,
        "certificate": _CERTIFICATE if deployment.transit.to_pods else "",
        "accounts": [{"name": SOURCE_ACCOUNT, "sensor": False}]
        + ([{"name": QUEUE_ACCOUNT, "sensor": False}] if received(deployment) else [])
        + [{"name": name, "sensor": True} for name in sensor_accounts()],
        "queues": queues(deployment),
        "sources": sources(deployment),
        "sensors": {
            "labels": dict(sensors.labels),
            "priorityClassName": sensors.priority,
            "resources": dict(sensors.resources),
            **sensors.placement,
        },
        "bus": {
            "version": JETSTREAM,
            "replicas": bus.replicas,
            "labels": dict(bus.labels),
            "priorityClassName": bus.priority,
            "resources": dict(bus.containers),
            **bus.placement,
        },
        "source": {
            "replicas": source.replicas,
            "labels": dict(source.labels),
            "priorityClassName": source.priority,
            "resources": dict(source.resources),
            **source.placement,
        },
    }


ARGO_EVENTS = Component(
    name="argo-events",
    purpose="Events that start workflows",
    chart="argo-events",
    pods=(
        Pods(
            name="controller",
            labels=_labels("controller-manager"),
            replicas=Sized(ha=2, seed_cost=1),
            containers={"controller-manager": Container(cpu=50, mib=128, limit_mib=256)},
            metrics=7777,
            egress=(API_SERVER,),
            source=_ESTIMATE,
        ),
        Pods(
            name="webhook",
            labels=_labels("events-webhook"),
            replicas=2,
            containers={"events-webhook": Container(cpu=20, mib=64, limit_mib=128)},
            webhooks=(443,),
            egress=(API_SERVER,),
            source=_ESTIMATE,
        ),
        Pods(
            name="bus",
            labels={_PART: "event-bus"},
            kind="StatefulSet",
            # JetStream keeps what it has while a majority is there.
            replicas=3,
            containers={
                "main": Container(cpu=100, mib=128, limit_mib=512),
                "reloader": Container(cpu=10, mib=16, limit_mib=32),
                "metrics": Container(cpu=10, mib=32, limit_mib=64),
            },
            metrics=7777,
            egress=(to("argo-events", "bus", 6222),),
            source="JetStream: estimate",
        ),
        Pods(
            name="event-source",
            labels={_PART: "event-source"},
            # GitHub sends an event once: with one pod it is lost when the node goes.
            replicas=Sized(ha=2, seed_cost=1),
            containers={"main": Container(cpu=20, mib=64, limit_mib=128)},
            metrics=7777,
            # What the internet reaches has no way to the Kubernetes API, and no token for it.
            egress=(_BUS,),
            source=_ESTIMATE,
        ),
        QUEUE_SOURCE,
        Pods(
            name="sensor",
            labels={_PART: "sensor"},
            # One of each: what it hasn't taken waits in the bus while it is away.
            replicas=len(SENSORS),
            containers={"main": Container(cpu=20, mib=64, limit_mib=128)},
            metrics=7777,
            egress=(API_SERVER, _BUS),
            source=_ESTIMATE,
            when=lambda deployment: bool(sources(deployment)),
        ),
    ),
    identities=("argo-events-sa",),
    images=(
        Image(name="argo-events", upstream="quay.io/argoproj/argo-events", tag="v1.9.10"),
        Image(name="nats", upstream="docker.io/library/nats", tag=JETSTREAM),
        Image(name="exporter", upstream="docker.io/natsio/prometheus-nats-exporter", tag="0.14.0"),
        Image(name="reloader", upstream="docker.io/natsio/nats-server-config-reloader", tag="0.14.0"),
    ),
    secrets=(SyncedSecret(name="github-webhook", path="api/argo-events", keys={"webhook-secret": "webhook-secret"}),),
    host=Host(
        pods="event-source",
        service="github-events",
        port=WEBHOOK_PORT,
        target_port=WEBHOOK_PORT,
        health_path="/health",
    ),
    certificates=(ServerCertificate(name=_CERTIFICATE, services=("github-events",), host=True),),
    own_charts=(OwnChart(name="events"),),
    context=_context,
)

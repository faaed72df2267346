"""Argo Events: where events of other deployments come in, as messages of queues."""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from constructs_lib.components.pods import Container, Pods, placed
from constructs_lib.components.traffic import POD_IDENTITY, aws, to
from constructs_lib.events.names import ways_in

QUEUE_ACCOUNT = "argo-events-queues"
ROW = "queue-source"


def received(deployment: Deployment) -> bool:
    return bool(deployment.events.receive)


QUEUE_SOURCE = Pods(
    name=ROW,
    labels={"platform/part": ROW},
    # One: what it hasn't taken waits in the queue while it is away.
    replicas=1,
    containers={"main": Container(cpu=10, mib=64, limit_mib=128)},
    metrics=7777,
    # It reads the queues, and nothing reaches it: apart from the source that the internet reaches.
    egress=(POD_IDENTITY, aws("sqs"), to("argo-events", "bus", 4222)),
    source="chart argo-events 2.4: no requests of its own; estimate",
    when=received,
)


def queues(deployment: Deployment) -> dict[str, Any]:
    """Values of chart ``events``: settings of the pods, and event → queue. Sensors call an event by its sender."""
    if not received(deployment):
        return {}
    row = placed(QUEUE_SOURCE, deployment)
    return {
        "region": deployment.platform.region,
        "replicas": row.replicas,
        "labels": dict(row.labels),
        "priorityClassName": row.priority,
        "resources": dict(row.resources),
        **row.placement,
        "serviceAccountName": QUEUE_ACCOUNT,
        "events": [{"name": sender, "queue": way.queue} for sender, way in ways_in(deployment).items()],
    }

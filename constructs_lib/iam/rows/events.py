"""The identity of what reads events of other deployments. Pure: imports no engine."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.components.catalog.argo_events_queues import QUEUE_ACCOUNT, received
from constructs_lib.events.names import ways_in
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.workloads import Workload
from constructs_lib.naming import Naming


def _statements(naming: Naming, deployment: Deployment) -> list[Statement]:
    ways = ways_in(deployment).values()
    return [
        Statement(
            sid="ReadEvents",
            actions=("sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"),
            resources=tuple(way.queue_arn for way in ways),
        ),
        # Through the service only, and by the keys' names: their ids are known to no policy.
        Statement(
            sid="EventsKeys",
            actions=("kms:Decrypt",),
            resources=(naming.arn("kms", "key/*"),),
            conditions=(
                when("StringEquals", "kms:ViaService", f"sqs.{naming.region}.amazonaws.com"),
                when("ForAnyValue:StringEquals", "kms:ResourceAliases", *(f"alias/{way.queue}" for way in ways)),
            ),
        ),
    ]


EVENTS: tuple[Workload, ...] = (
    Workload(
        name="argo-events-sa",
        bindings=(("argo-events", QUEUE_ACCOUNT),),
        components=("argo-events",),
        statements=_statements,
        when=received,
        source=(
            "Argo Events, event source SQS: it asks for the queue's address, receives and deletes; Amazon SQS "
            "Developer Guide, Key management (consumers need Decrypt)"
        ),
    ),
)

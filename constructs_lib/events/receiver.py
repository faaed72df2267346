"""The receiver's side: a queue for each sender, which alone puts messages into it."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

from constructs_lib.events import policies
from constructs_lib.events.alarms import Alarm, alarm, depth
from constructs_lib.events.names import DEAD_LETTERS, Way, queue_purpose
from constructs_lib.events.queue import events_queue, queue_reference
from constructs_lib.kms.key import customer_managed_key
from constructs_lib.stack import PlatformStack

# Whoever reads has been away for so long.
_UNREAD_SECONDS = 3600


def receiver(stack: PlatformStack, way: Way, *, topic: str) -> SqsQueue:
    """Queue ``<deployment>-events-from-<sender>`` with a key of its own, and one of messages that nobody can handle."""
    purpose = queue_purpose(way.sender)
    dead_purpose = f"{purpose}-{DEAD_LETTERS}"
    key = customer_managed_key(
        stack, purpose, description=f"Events that {way.sender} sends", grants=policies.queue_key(way)
    )
    # SQS itself moves messages there, which needs no policy: Amazon SQS Developer Guide, "Using dead-letter queues".
    dead, _ = events_queue(
        stack, dead_purpose, key_arn=key.arn, access=[policies.insecure_denied(queue_reference(dead_purpose))]
    )
    queue, _ = events_queue(
        stack,
        purpose,
        key_arn=key.arn,
        access=policies.queue_policy(way, queue_reference(purpose)),
        dead_letters=dead.arn,
    )
    alarm(stack, depth(dead_purpose, dead.name), topic=topic)
    unread = Alarm(
        purpose=f"{purpose}-unread",
        description=f"Nobody has read events of {way.sender} for an hour",
        namespace="AWS/SQS",
        metric="ApproximateAgeOfOldestMessage",
        dimensions={"QueueName": queue.name},
        statistic="Maximum",
        above=_UNREAD_SECONDS,
    )
    alarm(stack, unread, topic=topic)
    return queue

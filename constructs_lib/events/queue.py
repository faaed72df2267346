"""A queue of events, encrypted, with a policy of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy

from constructs_lib.iam.document import Statement
from constructs_lib.iam.policy import policy_document
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

# The longest time: Amazon SQS API reference, SetQueueAttributes.
RETENTION_SECONDS = 14 * 24 * 3600
# As often as a reader may fail on a message: then it is dead.
TRIES = 5


def queue_reference(purpose: str) -> str:
    """The ARN of queue ``purpose``, for its own policy."""
    return f"${{aws_sqs_queue.{address(purpose)}.arn}}"


def events_queue(
    stack: PlatformStack, purpose: str, *, key_arn: str, access: Sequence[Statement], dead_letters: str = ""
) -> tuple[SqsQueue, SqsQueuePolicy]:
    """Queue ``<deployment>-<purpose>`` under the key ``key_arn``; what nobody can handle goes to ``dead_letters``."""
    name, at = stack.naming.name(purpose), address(purpose)
    settings: dict[str, Any] = {}
    if dead_letters:
        settings["redrive_policy"] = f'{{"deadLetterTargetArn":"{dead_letters}","maxReceiveCount":{TRIES}}}'
    queue = stack.add(
        SqsQueue,
        at,
        name=name,
        message_retention_seconds=RETENTION_SECONDS,
        # As long as a sensor's source may take for one message.
        visibility_timeout_seconds=60,
        kms_master_key_id=key_arn,
        kms_data_key_reuse_period_seconds=3600,
        tags={"Name": name},
        **settings,
    )
    policy = stack.add(SqsQueuePolicy, at, queue_url=queue.url, policy=policy_document(stack, at, access))
    stack.serves(f"aws_sqs_queue.{at}", "3.5.1", "3.6.1")
    stack.serves(f"aws_sqs_queue_policy.{at}", "1.4.4", "4.2.1", "7.2.1")
    return queue, policy

"""The interruption queue: what EC2 and AWS Health announce about nodes reaches Karpenter before it happens."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy

from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.policy import policy_document
from constructs_lib.karpenter.events import EVENTS
from constructs_lib.karpenter.names import queue_name
from constructs_lib.stack import PlatformStack

NAME = "interruptions"
# A warning older than this is about a node that is gone (Spot gives two minutes).
_RETENTION_SECONDS = 300


def interruption_queue(stack: PlatformStack, *, key_arn: str) -> tuple[SqsQueue, SqsQueuePolicy]:
    """Queue ``<id>-karpenter`` under the key ``key_arn``, filled by one rule for each kind of event; and its policy."""
    name = queue_name(stack.naming)
    queue = stack.add(
        SqsQueue,
        NAME,
        name=name,
        message_retention_seconds=_RETENTION_SECONDS,
        kms_master_key_id=key_arn,
        # The longest time for which SQS may reuse a data key: fewer calls of KMS.
        kms_data_key_reuse_period_seconds=3600,
        tags={"Name": name},
    )
    policy = stack.add(SqsQueuePolicy, NAME, queue_url=queue.url, policy=policy_document(stack, NAME, _access(stack)))
    for event, (source, detail_type) in EVENTS.items():
        address = event.replace("-", "_")
        rule = stack.add(
            CloudwatchEventRule,
            address,
            name=stack.naming.name("karpenter", event),
            description=f"{detail_type}, for Karpenter",
            event_pattern=json.dumps({"source": [source], "detail-type": [detail_type]}, sort_keys=True),
        )
        stack.add(CloudwatchEventTarget, address, rule=rule.name, arn=queue.arn, depends_on=[policy])
    return queue, policy


def _access(stack: PlatformStack) -> list[Statement]:
    queue = f"${{aws_sqs_queue.{NAME}.arn}}"
    rules = stack.naming.arn("events", f"rule/{stack.naming.name('karpenter')}-*")
    return [
        Statement(
            sid="EventsOfOwnRules",
            actions=("sqs:SendMessage",),
            resources=(queue,),
            principals={"Service": ("events.amazonaws.com",)},
            conditions=(when("ArnLike", "aws:SourceArn", rules),),
        ),
        Statement(
            sid="DenyInsecureTransport",
            deny=True,
            actions=("sqs:*",),
            resources=(queue,),
            principals={"*": ("*",)},
            conditions=(when("Bool", "aws:SecureTransport", "false"),),
        ),
    ]

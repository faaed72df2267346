"""Alarms of the way that events take, and the topic that they go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy

from constructs_lib.account.names import topic_arn
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.policy import policy_document
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

_TOPIC = "events"
_MINUTES = 60


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Rings when ``metric`` of ``namespace``, over five minutes, is above ``above``. ``purpose`` names it."""

    purpose: str
    description: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    statistic: str = "Sum"
    above: int = 0


def depth(purpose: str, queue: str) -> Alarm:
    """Dead letters wait in ``queue``. Source: Amazon SQS Developer Guide, "Available CloudWatch metrics"."""
    return Alarm(
        purpose=purpose,
        description=f"Events couldn't be delivered or handled: they wait in {queue}",
        namespace="AWS/SQS",
        metric="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue},
        statistic="Maximum",
    )


def alarm(stack: PlatformStack, given: Alarm, *, topic: str) -> None:
    """Add ``given``, which tells the topic of ARN ``topic`` when it rings and when it stops."""
    stack.add(
        CloudwatchMetricAlarm,
        address(given.purpose),
        alarm_name=stack.naming.name(given.purpose),
        alarm_description=given.description,
        namespace=given.namespace,
        metric_name=given.metric,
        dimensions=dict(given.dimensions),
        statistic=given.statistic,
        period=5 * _MINUTES,
        evaluation_periods=1,
        comparison_operator="GreaterThanThreshold",
        threshold=given.above,
        # These metrics are only there when something happened.
        treat_missing_data="notBreaching",
        alarm_actions=[topic],
        ok_actions=[topic],
    )
    stack.serves(f"aws_cloudwatch_metric_alarm.{address(given.purpose)}", "10.7.2")


def alarm_topic(stack: PlatformStack, *, key_arn: str) -> str:
    """ARN of the account's topic of alarms; where it has none, one of this stack's own under the key ``key_arn``.

    Whoever is to hear of it subscribes to that by hand: addresses belong to the account's alarms.
    """
    if stack.deployment.account.alarms == "managed":
        return topic_arn(stack.naming)
    topic = stack.add(SnsTopic, _TOPIC, name=stack.naming.name(_TOPIC), kms_master_key_id=key_arn)
    stack.add(SnsTopicPolicy, _TOPIC, arn=topic.arn, policy=policy_document(stack, "events_topic", _access(stack)))
    return topic.arn


def _access(stack: PlatformStack) -> list[Statement]:
    """Source: Amazon SNS Developer Guide, "Example cases for Amazon SNS access control" (CloudWatch alarms)."""
    topic = f"${{aws_sns_topic.{_TOPIC}.arn}}"
    return [
        Statement(
            sid="OwnAlarms",
            actions=("sns:Publish",),
            resources=(topic,),
            principals={"Service": ("cloudwatch.amazonaws.com",)},
            conditions=(
                when("StringEquals", "aws:SourceAccount", stack.naming.account),
                when("ArnLike", "aws:SourceArn", stack.naming.arn("cloudwatch", f"alarm:{stack.naming.name('*')}")),
            ),
        ),
        Statement(
            sid="DenyInsecureTransport",
            deny=True,
            actions=("sns:Publish",),
            resources=(topic,),
            principals={"*": ("*",)},
            conditions=(when("Bool", "aws:SecureTransport", "false"),),
        ),
    ]

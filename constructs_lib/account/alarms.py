"""Alarms over the trail's log group, and rules over findings: both tell the topic."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_log_metric_filter import (
    CloudwatchLogMetricFilter,
    CloudwatchLogMetricFilterMetricTransformation,
)
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy

from constructs_lib.account.alarm_rules import ALARMS, REVIEW, AlarmRule
from constructs_lib.account.break_glass import break_glass_alarm, break_glass_rule
from constructs_lib.account.finding_rules import FindingRule, wanted
from constructs_lib.account.logs import MANAGED
from constructs_lib.account.topic import alarm_topic
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

_PERIOD_SECONDS = 300
# Amazon EventBridge API reference, PutRule: State.
_READS_TOO = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


def alarms(stack: PlatformStack, group: CloudwatchLogGroup | None) -> None:
    """An alarm for each row of both tables, and for the role for emergencies where there is one.

    ``group`` is the trail's log group, which config.rules asks for.
    """
    if stack.deployment.account.alarms != MANAGED or group is None:
        return
    topic, policy = alarm_topic(stack)
    users = stack.deployment.access.break_glass
    for rule in (*ALARMS, *([break_glass_alarm(stack.naming)] if users else [])):
        _alarm(stack, rule, group, topic)
    for finding in (*wanted(stack.deployment), *([break_glass_rule(stack.naming)] if users else [])):
        _finding(stack, finding, topic, policy)


def _alarm(stack: PlatformStack, rule: AlarmRule, group: CloudwatchLogGroup, topic: SnsTopic) -> None:
    name, full_name = address(rule.name), stack.naming.name(rule.name)
    namespace = f"{stack.naming.deployment}/audit"
    stack.add(
        CloudwatchLogMetricFilter,
        name,
        name=full_name,
        log_group_name=group.name,
        pattern=rule.pattern,
        metric_transformation=CloudwatchLogMetricFilterMetricTransformation(
            name=rule.name, namespace=namespace, value="1", default_value="0"
        ),
    )
    stack.add(
        CloudwatchMetricAlarm,
        name,
        alarm_name=full_name,
        alarm_description=f"{rule.says}. CIS AWS Foundations {rule.cis}; PCI DSS {', '.join(rule.requirements)}",
        namespace=namespace,
        metric_name=rule.name,
        statistic="Sum",
        period=_PERIOD_SECONDS,
        evaluation_periods=1,
        threshold=1,
        comparison_operator="GreaterThanOrEqualToThreshold",
        treat_missing_data="notBreaching",
        alarm_actions=[topic.arn],
    )
    stack.serves(f"aws_cloudwatch_metric_alarm.{name}", REVIEW, *rule.requirements)
    stack.serves(f"aws_cloudwatch_log_metric_filter.{name}", REVIEW, *rule.requirements)


def _finding(stack: PlatformStack, rule: FindingRule, topic: SnsTopic, policy: SnsTopicPolicy) -> None:
    name = address(rule.name)
    made = stack.add(
        CloudwatchEventRule,
        name,
        name=stack.naming.name("findings", rule.name),
        description=rule.says,
        event_pattern=json.dumps(rule.pattern, sort_keys=True),
        state=_READS_TOO if rule.reads else None,
    )
    stack.add(CloudwatchEventTarget, name, rule=made.name, arn=topic.arn, depends_on=[policy])
    stack.serves(f"aws_cloudwatch_event_rule.{name}", *rule.requirements)

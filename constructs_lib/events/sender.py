"""The sender's side: a bus, and for each kind of event that crosses a rule that lets through what is named."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_event_bus import CloudwatchEventBus, CloudwatchEventBusDeadLetterConfig
from cdktf_cdktf_provider_aws.cloudwatch_event_bus_policy import CloudwatchEventBusPolicy
from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
    CloudwatchEventTargetInputTransformer,
    CloudwatchEventTargetRetryPolicy,
)
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy

from config.compliance import Forward, ForwardedEvents
from constructs_lib.events import policies
from constructs_lib.events.alarms import Alarm, alarm, depth
from constructs_lib.events.crossing import paths, pattern, template
from constructs_lib.events.names import DEAD_LETTERS, Way, bus_name, role_purpose
from constructs_lib.events.queue import events_queue, queue_reference
from constructs_lib.iam.policy import policy_document
from constructs_lib.iam.role import role
from constructs_lib.kms.key import customer_managed_key
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

BUS = "events"
_DEAD = f"{BUS}-{DEAD_LETTERS}"
# What EventBridge does by itself: Amazon EventBridge User Guide, "Retrying event delivery".
_HOURS, _TRIES = 24, 185


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a rule needs: the bus, who sends, and where what can't be sent goes."""

    bus: CloudwatchEventBus
    role: IamRole
    dead_letters: SqsQueue
    admitted: SqsQueuePolicy


def sender(stack: PlatformStack, forward: Forward, way: Way, *, topic: str) -> CloudwatchEventBus:
    """Bus ``<deployment>-events``; events of ``forward`` go to the queue of ``way``, alarms to ``topic``."""
    name = bus_name(stack.deployment.id)
    key = customer_managed_key(
        stack,
        BUS,
        description="Bus of events that cross, and events that couldn't be delivered",
        grants=policies.bus_key(stack.naming, name),
    )
    # Whole events lie here, with the fields that don't cross: in this account, under this account's key.
    dead, admitted = events_queue(
        stack,
        _DEAD,
        key_arn=key.arn,
        access=policies.dead_letters_policy(stack.naming, name, queue_reference(_DEAD)),
    )
    made = Made(
        bus=_bus(stack, name, forward, key.arn, dead), role=_role(stack, way), dead_letters=dead, admitted=admitted
    )
    for events in forward.rules:
        _rule(stack, made, events, way, topic)
    alarm(stack, depth(_DEAD, dead.name), topic=topic)
    return made.bus


def _bus(stack: PlatformStack, name: str, forward: Forward, key_arn: str, dead: SqsQueue) -> CloudwatchEventBus:
    bus = stack.add(
        CloudwatchEventBus,
        BUS,
        name=name,
        description=f"Events of applications, of which some go to {forward.deployment}",
        kms_key_identifier=key_arn,
        # What can't be decrypted reaches no rule.
        dead_letter_config=CloudwatchEventBusDeadLetterConfig(arn=dead.arn),
    )
    sources = [events.source for events in forward.rules]
    arn = f"${{aws_cloudwatch_event_bus.{BUS}.arn}}"
    access = policies.bus_policy(stack.naming, arn, sources)
    stack.add(
        CloudwatchEventBusPolicy, BUS, event_bus_name=bus.name, policy=policy_document(stack, "events_bus", access)
    )
    stack.serves(f"aws_cloudwatch_event_bus.{BUS}", "3.5.1", "3.6.1")
    stack.serves(f"aws_cloudwatch_event_bus_policy.{BUS}", "1.4.4", "7.2.1")
    return bus


def _role(stack: PlatformStack, way: Way) -> IamRole:
    purpose = role_purpose(way.receiver)
    made = role(
        stack,
        purpose,
        description=f"Rules of the bus, which send events to {way.receiver}",
        trust=[policies.sender_trust(stack.naming, bus_name(way.sender))],
        statements=policies.sender_rights(way),
    )
    stack.serves(f"aws_iam_role.{address(purpose)}", "7.2.1", "7.2.5")
    return made


def _rule(stack: PlatformStack, made: Made, events: ForwardedEvents, way: Way, topic: str) -> None:
    """What the transformer doesn't name stays: there is no path by which it could come into the message."""
    purpose = f"{role_purpose(way.receiver)}-{events.name}"
    at = address(purpose)
    rule = stack.add(
        CloudwatchEventRule,
        at,
        name=stack.naming.name(purpose),
        event_bus_name=made.bus.name,
        description=f"{', '.join(events.detail_types)} of {events.source}, for {way.receiver}",
        event_pattern=pattern(events),
    )
    stack.add(
        CloudwatchEventTarget,
        at,
        rule=rule.name,
        event_bus_name=made.bus.name,
        target_id=way.receiver,
        arn=way.queue_arn,
        role_arn=made.role.arn,
        input_transformer=CloudwatchEventTargetInputTransformer(
            input_paths=paths(events), input_template=template(events)
        ),
        dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=made.dead_letters.arn),
        retry_policy=CloudwatchEventTargetRetryPolicy(
            maximum_event_age_in_seconds=_HOURS * 3600, maximum_retry_attempts=_TRIES
        ),
        depends_on=[made.admitted],
    )
    stack.serves(f"aws_cloudwatch_event_target.{at}", "1.4.4", "3.2.1", "3.3.1", "3.5.1")
    # A rule of a custom bus has both dimensions: Amazon EventBridge User Guide, "Monitoring Amazon EventBridge".
    alarm(
        stack,
        Alarm(
            purpose=purpose,
            description=f"Events can't be sent to {way.receiver}",
            namespace="AWS/Events",
            metric="FailedInvocations",
            dimensions={"EventBusName": made.bus.name, "RuleName": rule.name},
        ),
        topic=topic,
    )

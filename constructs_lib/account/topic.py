"""The topic that tells people: alarms and findings publish to it, under a key of its own."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription

from constructs_lib.account import grants
from constructs_lib.account.names import TOPIC, topic_arn
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.policy import policy_document
from constructs_lib.kms.key import customer_managed_key
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

_SIGNS = {"@": "_at_", ".": "_", "-": "_dash_", "+": "_plus_", "_": "__"}


def alarm_topic(stack: PlatformStack) -> tuple[SnsTopic, SnsTopicPolicy]:
    """Topic ``<id>-alarms`` and its policy, with a subscription for each address of ``audit.alarm_emails``."""
    key = customer_managed_key(
        stack,
        grants.ALARMS_KEY,
        description="Messages of alarms and findings",
        grants=grants.statements(stack.deployment, grants.ALARMS_KEY),
    )
    topic = stack.add(SnsTopic, TOPIC, name=stack.naming.name(TOPIC), kms_master_key_id=key.arn)
    policy = stack.add(
        SnsTopicPolicy, TOPIC, arn=topic.arn, policy=policy_document(stack, "alarms_topic", _access(stack))
    )
    for email in sorted(set(stack.deployment.audit.alarm_emails)):
        stack.add(SnsTopicSubscription, _address(email), topic_arn=topic.arn, protocol="email", endpoint=email)
    stack.serves(f"aws_sns_topic.{TOPIC}", "10.4.1.1", "10.7.2", "12.10.5")
    return topic, policy


def _address(email: str) -> str:
    """``mail_security_at_example_com``: two addresses have two, so that one may go without the other."""
    letters = (_SIGNS.get(letter, letter) for letter in email.lower())
    return address("mail", "".join(letter if letter.isalnum() or letter[0] == "_" else "_x_" for letter in letters))


def _access(stack: PlatformStack) -> list[Statement]:
    """Alarms of this deployment publish, and EventBridge.

    Without a condition for EventBridge: it sends SNS none of the keys that one could ask for, and nothing would arrive
    (Amazon EventBridge User Guide, "Using resource-based policies", Amazon SNS permissions, note).
    """
    account = stack.deployment.platform.account
    arn = topic_arn(stack.naming)
    alarms = stack.naming.arn("cloudwatch", f"alarm:{stack.naming.deployment}-*")
    publish = ("sns:Publish",)
    return [
        Statement(
            sid="Alarms",
            actions=publish,
            resources=(arn,),
            principals={"Service": ("cloudwatch.amazonaws.com",)},
            conditions=(
                when("StringEquals", "aws:SourceAccount", account),
                when("ArnLike", "aws:SourceArn", alarms),
            ),
        ),
        Statement(sid="Findings", actions=publish, resources=(arn,), principals={"Service": ("events.amazonaws.com",)}),
        Statement(
            sid="DenyInsecureTransport",
            deny=True,
            actions=publish,
            resources=(arn,),
            principals={"*": ("*",)},
            conditions=(when("Bool", "aws:SecureTransport", "false"),),
        ),
    ]

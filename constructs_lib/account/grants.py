"""Grants on the account's own keys, which come before the others: rows as in ``constructs_lib.kms.table``. Pure."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.account.names import MALWARE_SCANS, findings_log_group, topic_arn, trail_arn, trail_log_group
from constructs_lib.iam.document import Condition, Statement, when
from constructs_lib.kms.table import USE, Grant
from constructs_lib.naming import Naming, naming_of

AUDIT_KEY, ALARMS_KEY = "audit", "alarms"
_TRAIL = "AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail"
_LOGS = "CloudWatch Logs User Guide, Encrypt log data in CloudWatch Logs using AWS KMS, step 2"
_TOPIC = "Amazon SNS Developer Guide, Enable compatibility between event sources and encrypted topics"


def statements(deployment: Deployment, key: str) -> tuple[Statement, ...]:
    """What the key policy of ``key`` adds to the account's administration."""
    return tuple(grant.statement() for grant in grants(deployment) if grant.key == key)


def grants(deployment: Deployment) -> tuple[Grant, ...]:
    """All rows of ``deployment``, by key: none for a service that isn't managed here."""
    naming, account = naming_of(deployment), deployment.account
    return (
        *(_trail(naming) if account.cloudtrail == "managed" else ()),
        *(_findings(naming) if account.guardduty == "managed" else ()),
        *(_recorder(naming) if account.config_recorder == "managed" else ()),
        *_topic(naming),
    )


def _trail(naming: Naming) -> tuple[Grant, ...]:
    this_trail = (when("StringEquals", "aws:SourceArn", trail_arn(naming)),)
    group = naming.arn("logs", f"log-group:{trail_log_group(naming)}")
    return (
        Grant(
            key=AUDIT_KEY,
            sid="ThisTrail",
            principal="cloudtrail.amazonaws.com",
            # Decrypt, since the bucket has a key of its own (S3 Bucket Key) made by this one.
            actions=("kms:GenerateDataKey*", "kms:Decrypt", "kms:DescribeKey"),
            conditions=this_trail,
            source=_TRAIL,
        ),
        Grant(
            key=AUDIT_KEY,
            sid="TrailLogGroup",
            principal=f"logs.{naming.region}.amazonaws.com",
            actions=USE,
            conditions=(when("ArnEquals", "kms:EncryptionContext:aws:logs:arn", group),),
            source=_LOGS,
        ),
    )


def _findings(naming: Naming) -> tuple[Grant, ...]:
    groups = (findings_log_group(naming), MALWARE_SCANS)
    arns = tuple(naming.arn("logs", f"log-group:{group}") for group in groups)
    return (
        Grant(
            key=AUDIT_KEY,
            sid="FindingsLogGroups",
            principal=f"logs.{naming.region}.amazonaws.com",
            actions=USE,
            conditions=(when("ArnEquals", "kms:EncryptionContext:aws:logs:arn", *arns),),
            source=_LOGS,
        ),
    )


def _recorder(naming: Naming) -> tuple[Grant, ...]:
    return (
        Grant(
            key=AUDIT_KEY,
            sid="RecordedHistory",
            principal="config.amazonaws.com",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            conditions=(when("StringEquals", "aws:SourceAccount", naming.account),),
            source="AWS Config Developer Guide, Permissions for the KMS key (service-linked role)",
        ),
    )


def _topic(naming: Naming) -> tuple[Grant, ...]:
    """Who publishes to the topic. SNS tells KMS the topic; EventBridge tells SNS no source (``constructs_lib.account.
    topic``), so that none can be asked for here."""
    own = (when("StringEquals", "aws:SourceAccount", naming.account),)
    publishers: tuple[tuple[str, str, tuple[Condition, ...]], ...] = (
        ("Alarms", "cloudwatch", own),
        ("Findings", "events", ()),
    )
    return tuple(
        Grant(
            key=ALARMS_KEY,
            sid=f"{sid}ToTopic",
            principal=f"{service}.amazonaws.com",
            actions=("kms:Decrypt", "kms:GenerateDataKey*"),
            conditions=(*further, when("StringEquals", "kms:EncryptionContext:aws:sns:topicArn", topic_arn(naming))),
            source=_TOPIC,
        )
        for sid, service, further in publishers
    )

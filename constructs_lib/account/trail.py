"""CloudTrail: one trail of every region's calls, and of who touched objects in the deployment's buckets."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudtrail import (
    Cloudtrail,
    CloudtrailAdvancedEventSelector,
    CloudtrailAdvancedEventSelectorFieldSelector,
    CloudtrailInsightSelector,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy

from constructs_lib.account.logs import MANAGED, trail_bucket
from constructs_lib.account.names import TRAIL, WRITTEN_BY_DELIVERY, trail_arn, trail_log_group
from constructs_lib.checkov import short_retention
from constructs_lib.evidence.retention import kept
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.policy import policy_document
from constructs_lib.stack import PlatformStack

_INSIGHTS = ("ApiCallRateInsight", "ApiErrorRateInsight")
Selector = CloudtrailAdvancedEventSelector
Field = CloudtrailAdvancedEventSelectorFieldSelector


def trail(stack: PlatformStack, key: KmsKey | None, access: S3BucketPolicy | None) -> CloudwatchLogGroup | None:
    """Trail ``<id>-trail`` with its bucket, or into the log archive's; its log group, None where it isn't ours."""
    deployment = stack.deployment
    if deployment.account.cloudtrail != MANAGED or key is None:
        return None
    archive = deployment.audit.log_archive
    policy: S3BucketPolicy | None = None
    bucket, bucket_key = (archive.bucket, archive.key) if archive else ("", key.arn)
    if archive is None and access is not None:
        made, policy = trail_bucket(stack, key, access)
        bucket = made.id
    group = _log_group(stack, key)
    role, delivers = _delivery(stack)
    stack.add(
        Cloudtrail,
        TRAIL,
        name=stack.naming.name(TRAIL),
        s3_bucket_name=bucket,
        kms_key_id=bucket_key,
        is_multi_region_trail=True,
        include_global_service_events=True,
        enable_log_file_validation=True,
        enable_logging=True,
        cloud_watch_logs_group_arn=f"{group.arn}:*",
        cloud_watch_logs_role_arn=role.arn,
        advanced_event_selector=_events(stack),
        insight_selector=[CloudtrailInsightSelector(insight_type=kind) for kind in _INSIGHTS]
        if deployment.account.cloudtrail_insights
        else None,
        depends_on=[delivers, *([policy] if policy else [])],
    )
    stack.serves(f"aws_cloudtrail.{TRAIL}", *_REQUIREMENTS)
    stack.waive(
        f"aws_cloudtrail.{TRAIL}",
        CKV_AWS_252="Nobody acts on a notice that a file was delivered; alarms read the trail's log group.",
    )
    return group


_REQUIREMENTS = (
    "10.2.1",
    "10.2.1.1",
    "10.2.1.2",
    "10.2.1.3",
    "10.2.1.4",
    "10.2.1.5",
    "10.2.1.6",
    "10.2.1.7",
    "10.2.2",
    "10.3.3",
    "10.3.4",
)


def _events(stack: PlatformStack) -> list[Selector]:
    """Management events, and what is done with objects of the deployment's buckets.

    AWS's deliveries put objects every few minutes: their puts are left out, or the trail would log itself. Who reads or
    deletes what they wrote is in it (requirement 10.2.1.3).
    """
    delivered = [f"{stack.naming.bucket_arn(purpose)}/" for purpose in WRITTEN_BY_DELIVERY]
    objects = [_equals("eventCategory", "Data"), _equals("resources.type", "AWS::S3::Object")]
    own = Field(
        field="resources.ARN", starts_with=[f"arn:aws:s3:::{stack.naming.deployment}-"], not_starts_with=delivered
    )
    read = Field(field="resources.ARN", starts_with=delivered)
    return [
        Selector(name="Management events", field_selector=[_equals("eventCategory", "Management")]),
        Selector(name="Objects of own buckets", field_selector=[*objects, own]),
        Selector(
            name="Access to logs",
            field_selector=[*objects, read, Field(field="eventName", not_equals=["PutObject"])],
        ),
    ]


def _equals(field: str, value: str) -> Field:
    return Field(field=field, equal_to=[value])


def _log_group(stack: PlatformStack, key: KmsKey) -> CloudwatchLogGroup:
    days = stack.deployment.audit.retention_days
    group = stack.add(
        CloudwatchLogGroup,
        TRAIL,
        name=trail_log_group(stack.naming),
        retention_in_days=days,
        kms_key_id=key.arn,
    )
    stack.waive(f"aws_cloudwatch_log_group.{TRAIL}", **short_retention(days))
    stack.serves(f"aws_cloudwatch_log_group.{TRAIL}", "10.3.3", "10.4.1.1", *kept(days))
    return group


def _delivery(stack: PlatformStack) -> tuple[IamRole, IamRolePolicy]:
    """The role that CloudTrail writes to the log group with, and what it may.

    Source: AWS CloudTrail User Guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring".
    """
    platform = stack.deployment.platform
    trust = Statement(
        sid="ThisTrail",
        actions=("sts:AssumeRole",),
        principals={"Service": ("cloudtrail.amazonaws.com",)},
        conditions=(
            when("StringEquals", "aws:SourceAccount", platform.account),
            when("ArnEquals", "aws:SourceArn", trail_arn(stack.naming)),
        ),
    )
    role = stack.add(
        IamRole,
        TRAIL,
        name=stack.naming.name(TRAIL),
        description="CloudTrail writes to the trail's log group",
        assume_role_policy=policy_document(stack, "trail_trust", [trust]),
    )
    stream = f"log-group:{trail_log_group(stack.naming)}:log-stream:{platform.account}_CloudTrail_{platform.region}*"
    write = Statement(
        sid="WriteStreams",
        actions=("logs:CreateLogStream", "logs:PutLogEvents"),
        resources=(stack.naming.arn("logs", stream),),
    )
    policy = stack.add(
        IamRolePolicy,
        TRAIL,
        name="deliver",
        role=role.name,
        policy=policy_document(stack, "trail_delivery", [write]),
    )
    return role, policy

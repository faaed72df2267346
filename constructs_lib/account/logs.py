"""Where the audit's files go: its key, the trail's bucket, the recorder's, and who accessed them."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.kms_key import KmsKey
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy

from constructs_lib.account import grants
from constructs_lib.account.names import ACCESS, AUDIT, HISTORY, keeps_own_logs, lock_mode, trail_arn
from constructs_lib.evidence.retention import kept
from constructs_lib.iam.document import Condition, Statement, when
from constructs_lib.kms.key import customer_managed_key
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack
from constructs_lib.storage.bucket import secure_bucket
from constructs_lib.storage.lifecycle import LifecycleRule
from constructs_lib.storage.log_bucket import log_bucket

MANAGED = "managed"
# How long a version is kept once its time is up, so that a wrong lifecycle shows before it took anything away.
_GRACE_DAYS = 30


def audit_key(stack: PlatformStack) -> KmsKey | None:
    """The key of trail, recorder and the log of findings; None where this stack has none of them."""
    account = stack.deployment.account
    if MANAGED not in (account.cloudtrail, account.config_recorder, account.guardduty):
        return None
    key = customer_managed_key(
        stack,
        grants.AUDIT_KEY,
        description="Audit logs: trail, log groups, history of configuration",
        grants=grants.statements(stack.deployment, grants.AUDIT_KEY),
    )
    stack.serves("aws_kms_key.audit", "10.3.1", "10.3.2", "3.6.1", "3.7.4")
    return key


def access_log(stack: PlatformStack) -> S3BucketPolicy | None:
    """The policy of the bucket that logs who accessed the others; None where there are no others."""
    if not keeps_own_logs(stack.deployment) and stack.deployment.account.config_recorder != MANAGED:
        return None
    logs = log_bucket(stack, ACCESS, writes=("s3",), expire_days=stack.deployment.audit.retention_days)
    stack.serves(f"aws_s3_bucket.{address(ACCESS)}", "10.2.1.3")
    return logs.policy


def trail_bucket(stack: PlatformStack, key: KmsKey, access: S3BucketPolicy) -> tuple[S3Bucket, S3BucketPolicy]:
    """Bucket ``<id>-audit``: what the trail wrote can't be changed or deleted until its time is up."""
    this_trail = (when("StringEquals", "aws:SourceArn", trail_arn(stack.naming)),)
    days = stack.deployment.audit.retention_days
    made = secure_bucket(
        stack,
        AUDIT,
        key_arn=key.arn,
        lifecycle=[LifecycleRule(id="expire", expire_days=days, noncurrent_days=_GRACE_DAYS)],
        log_target=access,
        # AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail".
        statements=_delivery(stack, AUDIT, "cloudtrail", "Trail", "*", this_trail),
        object_lock_days=days,
        object_lock_mode=lock_mode(stack.deployment),
    )
    stack.serves("aws_s3_bucket.audit", "10.3.3")
    stack.serves("aws_s3_bucket_object_lock_configuration.audit", "10.3.2", *kept(days))
    stack.serves("aws_s3_bucket_lifecycle_configuration.audit", *kept(days))
    stack.serves("aws_s3_bucket_policy.audit", "10.3.1", "10.3.2")
    stack.serves("aws_s3_bucket_public_access_block.audit", "10.3.1", "1.4.4")
    stack.serves("aws_s3_bucket_logging.audit", "10.2.1.3")
    return made


def history_bucket(stack: PlatformStack, key: KmsKey, access: S3BucketPolicy) -> tuple[S3Bucket, S3BucketPolicy]:
    """Bucket ``<id>-config``: how resources were configured, and when that changed.

    Without object lock: AWS Config can't deliver to a bucket that has it (AWS CloudFormation User Guide,
    AWS::Config::DeliveryChannel).
    """
    account = (when("StringEquals", "aws:SourceAccount", stack.deployment.platform.account),)
    made = secure_bucket(
        stack,
        HISTORY,
        key_arn=key.arn,
        lifecycle=[
            LifecycleRule(id="expire", expire_days=stack.deployment.audit.retention_days, noncurrent_days=_GRACE_DAYS)
        ],
        log_target=access,
        # AWS Config Developer Guide, "Permissions for the Amazon S3 bucket" (service-linked role).
        statements=_delivery(stack, HISTORY, "config", "Recorder", "Config/*", account),
    )
    stack.serves("aws_s3_bucket.config", "11.5.2")
    return made


def _delivery(
    stack: PlatformStack, purpose: str, service: str, who: str, below: str, source: tuple[Condition, ...]
) -> list[Statement]:
    """``service`` looks at the bucket, and writes below this account's prefix."""
    arn = stack.naming.bucket_arn(purpose)
    principal = {"Service": (f"{service}.amazonaws.com",)}
    looks = ("s3:GetBucketAcl", "s3:ListBucket") if service == "config" else ("s3:GetBucketAcl",)
    return [
        Statement(sid=f"{who}Looks", actions=looks, resources=(arn,), principals=principal, conditions=source),
        Statement(
            sid=f"{who}Writes",
            actions=("s3:PutObject",),
            resources=(f"{arn}/AWSLogs/{stack.deployment.platform.account}/{below}",),
            principals=principal,
            conditions=(*source, when("StringEquals", "s3:x-amz-acl", "bucket-owner-full-control")),
        ),
    ]

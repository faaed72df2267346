"""A private S3 bucket with all that guardrail RES-1 asks for: each setting is a resource of its own, as S3 has it."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
    S3BucketLifecycleConfigurationRuleTransition,
)
from cdktf_cdktf_provider_aws.s3_bucket_logging import S3BucketLoggingA
from cdktf_cdktf_provider_aws.s3_bucket_object_lock_configuration import (
    S3BucketObjectLockConfigurationA,
    S3BucketObjectLockConfigurationRuleA,
    S3BucketObjectLockConfigurationRuleDefaultRetentionA,
)
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import S3BucketVersioningA, S3BucketVersioningVersioningConfiguration

from constructs_lib.engine import TerraformResourceLifecycle
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.policy import policy_document
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack
from constructs_lib.storage.lifecycle import LifecycleRule
from constructs_lib.storage.modes import LockMode

_ONE_REGION = "The deployment and its data live in one region; a copy elsewhere is no part of it."
_NO_READER = "Nothing acts on new objects: a notification would have no reader."


def secure_bucket(
    stack: PlatformStack,
    purpose: str,
    *,
    key_arn: str | None,
    lifecycle: Sequence[LifecycleRule],
    versioned: bool = True,
    log_target: S3BucketPolicy | None = None,
    statements: Sequence[Statement] = (),
    object_lock_days: int = 0,
    object_lock_mode: LockMode = "GOVERNANCE",
) -> tuple[S3Bucket, S3BucketPolicy]:
    """Bucket ``<deployment>-<purpose>`` and its policy; the address is ``purpose`` with underscores.

    ``key_arn`` None means SSE-S3, for buckets that AWS's log delivery writes (guardrails, LOG_DELIVERY_BUCKETS).
    ``log_target`` is the policy of the bucket that receives access logs: logging needs that policy first.
    ``object_lock_days`` above 0 turns object lock on, in ``object_lock_mode``; S3 allows that at creation only.
    """
    name = address(purpose)
    bucket = stack.add(
        S3Bucket,
        name,
        bucket=stack.naming.bucket(purpose),
        object_lock_enabled=True if object_lock_days else None,
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
    )
    stack.waive(f"aws_s3_bucket.{name}", CKV_AWS_144=_ONE_REGION, CKV2_AWS_62=_NO_READER)
    stack.serves(f"aws_s3_bucket_public_access_block.{name}", "1.4.4")
    stack.serves(f"aws_s3_bucket_policy.{name}", "4.2.1")
    _private(stack, name, bucket)
    _encrypted(stack, name, bucket, key_arn)
    versioning = [_versioned(stack, name, bucket)] if versioned else []
    _expiring(stack, name, bucket, lifecycle)
    if object_lock_days:
        _locked(stack, name, bucket, object_lock_days, object_lock_mode, versioning)
    if log_target is not None:
        stack.serves(f"aws_s3_bucket_logging.{name}", "10.2.1", "10.2.2")
        stack.add(
            S3BucketLoggingA, name, bucket=bucket.id, target_bucket=log_target.bucket, target_prefix=f"s3/{purpose}/"
        )
    return bucket, _policy(stack, name, bucket, statements)


def _versioned(stack: PlatformStack, name: str, bucket: S3Bucket) -> S3BucketVersioningA:
    return stack.add(
        S3BucketVersioningA,
        name,
        bucket=bucket.id,
        versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
    )


def _private(stack: PlatformStack, name: str, bucket: S3Bucket) -> None:
    stack.add(
        S3BucketPublicAccessBlock,
        name,
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    stack.add(
        S3BucketOwnershipControls,
        name,
        bucket=bucket.id,
        rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
    )


def _encrypted(stack: PlatformStack, name: str, bucket: S3Bucket, key_arn: str | None) -> None:
    default = S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
        sse_algorithm="aws:kms" if key_arn else "AES256", kms_master_key_id=key_arn
    )
    # A bucket key makes one KMS request serve many objects; it exists for KMS encryption only.
    rule = S3BucketServerSideEncryptionConfigurationRuleA(
        apply_server_side_encryption_by_default=default, bucket_key_enabled=True if key_arn else None
    )
    stack.add(S3BucketServerSideEncryptionConfigurationA, name, bucket=bucket.id, rule=[rule])


def _expiring(stack: PlatformStack, name: str, bucket: S3Bucket, rules: Sequence[LifecycleRule]) -> None:
    stack.add(S3BucketLifecycleConfiguration, name, bucket=bucket.id, rule=[_lifecycle_rule(rule) for rule in rules])


def _lifecycle_rule(rule: LifecycleRule) -> S3BucketLifecycleConfigurationRule:
    return S3BucketLifecycleConfigurationRule(
        id=rule.id,
        status="Enabled",
        filter=[S3BucketLifecycleConfigurationRuleFilter(prefix=rule.prefix)],
        expiration=[S3BucketLifecycleConfigurationRuleExpiration(days=rule.expire_days)] if rule.expire_days else None,
        noncurrent_version_expiration=[
            S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(noncurrent_days=rule.noncurrent_days)
        ]
        if rule.noncurrent_days
        else None,
        abort_incomplete_multipart_upload=[
            S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(days_after_initiation=rule.abort_days)
        ]
        if rule.abort_days
        else None,
        transition=[
            S3BucketLifecycleConfigurationRuleTransition(days=0, storage_class="INTELLIGENT_TIERING"),
        ]
        if rule.intelligent_tiering
        else None,
    )


def _locked(
    stack: PlatformStack,
    name: str,
    bucket: S3Bucket,
    days: int,
    mode: LockMode,
    versioning: Sequence[S3BucketVersioningA],
) -> None:
    """S3 takes a lock's configuration away, as it takes one on, while the bucket is versioned only."""
    retention = S3BucketObjectLockConfigurationRuleDefaultRetentionA(mode=mode, days=days)
    stack.add(
        S3BucketObjectLockConfigurationA,
        name,
        bucket=bucket.id,
        rule=S3BucketObjectLockConfigurationRuleA(default_retention=retention),
        depends_on=versioning,
    )


def _policy(stack: PlatformStack, name: str, bucket: S3Bucket, statements: Sequence[Statement]) -> S3BucketPolicy:
    tls_only = Statement(
        sid="DenyInsecureTransport",
        deny=True,
        actions=("s3:*",),
        resources=(bucket.arn, f"{bucket.arn}/*"),
        principals={"*": ("*",)},
        conditions=(when("Bool", "aws:SecureTransport", "false"),),
    )
    document = policy_document(stack, f"{name}_bucket", [tls_only, *statements])
    return stack.add(S3BucketPolicy, name, bucket=bucket.id, policy=document)

"""The platform's buckets: artifacts, TechDocs, backups, and the bucket that their access logs go to."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket

from constructs_lib.stack import PlatformStack
from constructs_lib.storage.bucket import secure_bucket
from constructs_lib.storage.lifecycle import LifecycleRule
from constructs_lib.storage.log_bucket import log_bucket

# A year of access logs. PCI DSS v4.0.1 10.5.1 asks for twelve months.
ACCESS_LOG_DAYS = 365
# How long a replaced or deleted version can be brought back.
UNDELETE_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Buckets:
    artifacts: S3Bucket
    techdocs: S3Bucket
    backups: S3Bucket
    access_logs: S3Bucket


def platform_buckets(stack: PlatformStack, *, key_arn: str) -> Buckets:
    """The buckets ``<deployment>-artifacts|techdocs|backups|access-logs``; ``key_arn`` encrypts the first three."""
    storage = stack.deployment.storage
    # SSE-S3: neither S3 log delivery nor load balancers can write under a CMK. Prefixes: s3/ and alb/.
    logs = log_bucket(stack, "access-logs", writes=("s3", "alb"), expire_days=ACCESS_LOG_DAYS)
    artifacts, _ = secure_bucket(
        stack,
        "artifacts",
        key_arn=key_arn,
        lifecycle=[
            LifecycleRule(
                id="expire",
                expire_days=storage.artifact_expiry_days,
                # Workflows re-create what they lost: a replaced artifact isn't worth another 30 days.
                noncurrent_days=1,
                intelligent_tiering=True,
            )
        ],
        log_target=logs.policy,
    )
    techdocs, _ = secure_bucket(
        stack,
        "techdocs",
        key_arn=key_arn,
        lifecycle=[LifecycleRule(id="old-versions", noncurrent_days=UNDELETE_DAYS)],
        log_target=logs.policy,
    )
    backups, _ = secure_bucket(
        stack,
        "backups",
        key_arn=key_arn,
        # Velero deletes what is past its own time to live; here only what it deleted goes.
        lifecycle=[
            LifecycleRule(id="old-versions", noncurrent_days=max(UNDELETE_DAYS, storage.backup_object_lock_days))
        ],
        log_target=logs.policy,
        object_lock_days=storage.backup_object_lock_days,
    )
    for name in ("artifacts", "techdocs", "backups"):
        stack.serves(f"aws_s3_bucket_server_side_encryption_configuration.{name}", "3.5.1")
    if storage.backup_object_lock_days:
        stack.serves("aws_s3_bucket_object_lock_configuration.backups", "12.10.1")
    return Buckets(artifacts=artifacts, techdocs=techdocs, backups=backups, access_logs=logs.bucket)

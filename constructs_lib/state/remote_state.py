"""Remote state: a key, a versioned bucket with an access log, and a lock table."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
)
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket

from constructs_lib.engine import TerraformResourceLifecycle
from constructs_lib.iam.document import Statement, when
from constructs_lib.kms.key import customer_managed_key
from constructs_lib.stack import PlatformStack
from constructs_lib.storage.bucket import secure_bucket
from constructs_lib.storage.lifecycle import LifecycleRule
from constructs_lib.storage.log_bucket import log_bucket

# Old versions are the way back from a corrupted state; a quarter covers what is noticed late.
OLD_VERSION_DAYS = 90
ACCESS_LOG_DAYS = 365

_ALGORITHM = "s3:x-amz-server-side-encryption"
_KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id"


@dataclass(frozen=True, kw_only=True)
class RemoteState:
    key: KmsKey
    bucket: S3Bucket
    table: DynamodbTable


def remote_state(stack: PlatformStack) -> RemoteState:
    """The state's key, bucket and lock table, by the names that every backend block of the deployment computes."""
    key = customer_managed_key(stack, "tfstate", description="Terraform state and its locks")
    logs = log_bucket(stack, "tfstate-logs", writes=("s3",), expire_days=ACCESS_LOG_DAYS)
    bucket, _ = secure_bucket(
        stack,
        "tfstate",
        key_arn=key.arn,
        lifecycle=[LifecycleRule(id="old-versions", noncurrent_days=OLD_VERSION_DAYS)],
        log_target=logs.policy,
        statements=_only_our_key(stack, key),
    )
    for kind in ("kms_key", "s3_bucket", "s3_bucket_policy", "s3_bucket_versioning"):
        stack.serves(f"aws_{kind}.tfstate", "1.2.8")
    # Its own, in an account of its own: no other environment has this state.
    stack.serves("aws_s3_bucket.tfstate", "6.5.3")
    return RemoteState(key=key, bucket=bucket, table=_lock_table(stack, key))


def _only_our_key(stack: PlatformStack, key: KmsKey) -> list[Statement]:
    """Deny writes that ask for other encryption. A put that asks for nothing gets the bucket's default, which is right.

    The Null tests are needed: negated operators also match where the header is absent, and S3 lock files are put
    without it (IAM User Guide, "Condition operators: StringNotEquals, Null").
    """
    objects = f"arn:aws:s3:::{stack.naming.state_bucket}/*"
    anybody = {"*": ("*",)}
    return [
        Statement(
            sid="DenyOtherAlgorithm",
            deny=True,
            actions=("s3:PutObject",),
            resources=(objects,),
            principals=anybody,
            conditions=(when("Null", _ALGORITHM, "false"), when("StringNotEquals", _ALGORITHM, "aws:kms")),
        ),
        Statement(
            sid="DenyOtherKey",
            deny=True,
            actions=("s3:PutObject",),
            resources=(objects,),
            principals=anybody,
            # Backends name the key by its alias, people may name it by its ARN: both are this key.
            conditions=(
                when("Null", _KEY, "false"),
                when("StringNotEquals", _KEY, key.arn, stack.naming.state_key_arn),
            ),
        ),
    ]


def _lock_table(stack: PlatformStack, key: KmsKey) -> DynamodbTable:
    """The lock table; its hash key's name is fixed (OpenTofu documentation, backend s3, "DynamoDB State Locking")."""
    return stack.add(
        DynamodbTable,
        "tfstate_lock",
        name=stack.naming.lock_table,
        billing_mode="PAY_PER_REQUEST",
        hash_key="LockID",
        attribute=[DynamodbTableAttribute(name="LockID", type="S")],
        point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
        server_side_encryption=DynamodbTableServerSideEncryption(enabled=True, kms_key_arn=key.arn),
        deletion_protection_enabled=True,
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
    )

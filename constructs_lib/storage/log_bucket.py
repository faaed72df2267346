"""Buckets that AWS's own log delivery writes. They are encrypted by SSE-S3: log delivery can't use a CMK."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy

from constructs_lib.evidence.retention import kept
from constructs_lib.iam.document import Condition, Statement, when
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack
from constructs_lib.storage.bucket import secure_bucket
from constructs_lib.storage.lifecycle import LifecycleRule

# Writer → (service principal, sid). Sources: Amazon S3 User Guide, "Enabling Amazon S3 server access logging";
# Elastic Load Balancing User Guide, "Enable access logs for your Application Load Balancer".
_WRITERS = {
    "s3": ("logging.s3.amazonaws.com", "AllowServerAccessLogs"),
    "alb": ("logdelivery.elasticloadbalancing.amazonaws.com", "AllowLoadBalancerLogs"),
}


@dataclass(frozen=True, kw_only=True)
class LogBucket:
    bucket: S3Bucket
    policy: S3BucketPolicy


def log_bucket(stack: PlatformStack, purpose: str, *, writes: Sequence[str], expire_days: int) -> LogBucket:
    """Bucket ``<deployment>-<purpose>`` for the writers ``s3`` and ``alb``, each under a prefix of its own name."""
    arn = stack.naming.bucket_arn(purpose)
    bucket, policy = secure_bucket(
        stack,
        purpose,
        key_arn=None,
        versioned=False,
        lifecycle=[LifecycleRule(id="expire", expire_days=expire_days)],
        statements=[_delivery(stack, writer, arn) for writer in writes],
    )
    stack.serves(f"aws_s3_bucket.{address(purpose)}", "10.3.3")
    stack.serves(f"aws_s3_bucket_policy.{address(purpose)}", "10.3.1")
    stack.serves(f"aws_s3_bucket_lifecycle_configuration.{address(purpose)}", *kept(expire_days))
    stack.waive(
        f"aws_s3_bucket.{address(purpose)}",
        CKV_AWS_18="It receives the access logs: logging its own accesses here would never end.",
        CKV_AWS_21="Log delivery writes each object once and under a new name; objects go by age alone.",
        CKV_AWS_145="AWS's log delivery can't write under a customer managed key; SSE-S3 encrypts.",
    )
    return LogBucket(bucket=bucket, policy=policy)


def _delivery(stack: PlatformStack, writer: str, arn: str) -> Statement:
    principal, sid = _WRITERS[writer]
    return Statement(
        sid=sid,
        actions=("s3:PutObject",),
        resources=(f"{arn}/{writer}/*",),
        principals={"Service": (principal,)},
        conditions=_from_this_account(stack, writer),
    )


def _from_this_account(stack: PlatformStack, writer: str) -> tuple[Condition, ...]:
    account = stack.deployment.platform.account
    if writer == "alb":
        # Load balancers of this account, in any region: ELB documents the source ARN, not the source account.
        return (when("ArnLike", "aws:SourceArn", f"arn:aws:elasticloadbalancing:*:{account}:loadbalancer/*"),)
    return (when("StringEquals", "aws:SourceAccount", account),)

"""Guardrails on single resource types: buckets, keys, log groups, security group rules."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.guardrails.rule import Document, resources

Found = Iterator[tuple[str, str, str]]

# Buckets that AWS's own log delivery writes: it can't encrypt with a customer managed key.
# Source: Amazon S3 User Guide, "Enabling Amazon S3 server access logging" (permissions for log delivery), and Elastic
# Load Balancing, "Enable access logs for your Application Load Balancer" (only SSE-S3 is supported).
LOG_DELIVERY_BUCKETS = {
    "access_logs": "written by S3 server access logging and by load balancers",
    "audit_logs": "written by S3 server access logging of the audit's buckets",
    "tfstate_logs": "written by S3 server access logging of the state bucket",
}
_COMPANIONS = {
    "aws_s3_bucket_public_access_block": "a public access block",
    "aws_s3_bucket_server_side_encryption_configuration": "an encryption configuration",
    "aws_s3_bucket_ownership_controls": "ownership controls",
    "aws_s3_bucket_policy": "a bucket policy",
    "aws_s3_bucket_lifecycle_configuration": "a lifecycle",
}
_BLOCKS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def buckets(stacks: Mapping[str, Document]) -> Found:
    """Every bucket: private, encrypted by a CMK, owner enforced, TLS only, expiring, versioned (1.4.4, 3.5.1)."""
    for stack, document in stacks.items():
        for name in document.get("resource", {}).get("aws_s3_bucket", {}):
            address = f"aws_s3_bucket.{name}"
            for message in _bucket(document, name):
                yield stack, address, message


def _bucket(document: Document, name: str) -> Iterator[str]:
    of = {kind: _of_bucket(document, kind, name) for kind in _COMPANIONS}
    for kind, what in _COMPANIONS.items():
        if of[kind] is None:
            yield f"needs {what}"
    block = of["aws_s3_bucket_public_access_block"] or {}
    if not all(block.get(setting) is True for setting in _BLOCKS):
        yield "must block all public access"
    if "DenyInsecureTransport" not in json.dumps(_policy(document, of["aws_s3_bucket_policy"])):
        yield "its policy must deny requests without TLS (statement DenyInsecureTransport)"
    by_key = '"aws:kms"' in json.dumps(of["aws_s3_bucket_server_side_encryption_configuration"])
    if by_key == (name in LOG_DELIVERY_BUCKETS):
        yield "must be encrypted by a CMK, unless AWS's log delivery writes it (LOG_DELIVERY_BUCKETS)"
    if _of_bucket(document, "aws_s3_bucket_versioning", name) is None and name not in LOG_DELIVERY_BUCKETS:
        yield "must be versioned"


def _of_bucket(document: Document, kind: str, name: str) -> Mapping[str, Any] | None:
    for arguments in document.get("resource", {}).get(kind, {}).values():
        if f"aws_s3_bucket.{name}." in arguments.get("bucket", ""):
            found: Mapping[str, Any] = arguments
            return found
    return None


def _policy(document: Document, bucket_policy: Mapping[str, Any] | None) -> Any:
    reference = (bucket_policy or {}).get("policy", "")
    for name, policy in document.get("data", {}).get("aws_iam_policy_document", {}).items():
        if f"aws_iam_policy_document.{name}.json" in reference:
            return policy
    return None


def keys(stacks: Mapping[str, Document]) -> Found:
    """Every KMS key that can rotate does, has a policy and waits before deletion (3.7.4, 3.7.5, 3.7.7)."""
    for stack, document in stacks.items():
        for name, key in document.get("resource", {}).get("aws_kms_key", {}).items():
            # KMS rotates symmetric keys only (AWS KMS Developer Guide, "Rotating AWS KMS keys").
            if key.get("key_usage") != "SIGN_VERIFY" and key.get("enable_key_rotation") is not True:
                yield stack, f"aws_kms_key.{name}", "must rotate"
            if not key.get("policy"):
                yield stack, f"aws_kms_key.{name}", "needs a key policy"
            if key.get("deletion_window_in_days", 0) < 7:
                yield stack, f"aws_kms_key.{name}", "needs a deletion window"


def log_groups(stacks: Mapping[str, Document]) -> Found:
    """Every log group expires and is encrypted by a CMK (10.3.1)."""
    for stack, document in stacks.items():
        for name, group in document.get("resource", {}).get("aws_cloudwatch_log_group", {}).items():
            for argument in ("retention_in_days", "kms_key_id"):
                if not group.get(argument):
                    yield stack, f"aws_cloudwatch_log_group.{name}", f"needs {argument}"


def security_group_rules(stacks: Mapping[str, Document]) -> Found:
    """Every rule is a resource with a description; none lets the internet in (1.2.5, 1.3.1)."""
    for stack, document in stacks.items():
        for kind, name, arguments in resources(document):
            address = f"{kind}.{name}"
            if kind in ("aws_security_group", "aws_default_security_group") and (
                arguments.get("ingress") or arguments.get("egress")
            ):
                yield stack, address, "no inline rules; add aws_vpc_security_group_*_rule"
            if kind.startswith("aws_vpc_security_group_"):
                if not arguments.get("description"):
                    yield stack, address, "needs a description"
                world = {arguments.get("cidr_ipv4"), arguments.get("cidr_ipv6")} & {"0.0.0.0/0", "::/0"}
                if world and kind == "aws_vpc_security_group_ingress_rule":
                    yield stack, address, "must not let the whole internet in"

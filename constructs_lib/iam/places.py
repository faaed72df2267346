"""Statements that several rows of the access tables share: secrets, images, objects. Pure: imports no engine."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.iam.document import Statement, when
from constructs_lib.kms.table import SIGNING
from constructs_lib.naming import Naming
from constructs_lib.registry.table import repository_arn

# Secrets Manager User Guide, "Permissions policy examples" (read), and External Secrets documentation, AWS Secrets
# Manager provider, "IAM Policy".
READ_SECRET = ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")
# Amazon ECR User Guide, "Private repository policy examples" (pull, push). Layers are looked up in both.
PULL_IMAGE = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
PUSH_IMAGE = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
# What teams' namespaces receive of the platform's secrets.
ANALYSIS_PATHS = "analysis/*"
# The namespace of the pod that the session belongs to: Amazon EKS User Guide, "Grant Pods access to AWS resources based
# on tags" (session tags that EKS Pod Identity adds).
NAMESPACE = "${aws:PrincipalTag/kubernetes-namespace}"
NAMESPACE_TAG = "aws:PrincipalTag/kubernetes-namespace"


def secret_arn(naming: Naming, path: str) -> str:
    """ARN of the secrets ``/<id>/<path>``, a pattern (``backstage/*``)."""
    return naming.arn("secretsmanager", f"secret:/{naming.deployment}/{path}")


def read_secrets(naming: Naming, *paths: str, sid: str = "ReadSecrets") -> Statement:
    """Read the values of ``paths`` (``backstage/*``). The key of the secrets follows (constructs_lib.kms.table)."""
    return Statement(sid=sid, actions=READ_SECRET, resources=tuple(secret_arn(naming, path) for path in paths))


def login() -> Statement:
    """The registry's login, which knows no resource (Service Authorization Reference, Amazon ECR)."""
    return Statement(sid="RegistryLogin", actions=("ecr:GetAuthorizationToken",), resources=("*",))


def pull(naming: Naming, deployment: Deployment, *patterns: str) -> Statement:
    """Pull images from the repositories ``patterns`` of the registry that the deployment uses."""
    resources = tuple(repository_arn(naming, deployment, pattern) for pattern in patterns)
    return Statement(sid="PullImages", actions=PULL_IMAGE, resources=resources)


def list_bucket(naming: Naming, bucket: str, *prefixes: str) -> Statement:
    """List ``bucket``, below ``prefixes`` only where there are any."""
    return Statement(
        sid="ListBucket",
        actions=("s3:ListBucket",),
        resources=(naming.bucket_arn(bucket),),
        conditions=(when("StringLike", "s3:prefix", *prefixes),) if prefixes else (),
    )


def objects(naming: Naming, bucket: str, actions: tuple[str, ...], prefix: str = "") -> Statement:
    """``actions`` on the objects of ``bucket`` below ``prefix``. The bucket's key follows (``kms.table``)."""
    return Statement(sid="Objects", actions=actions, resources=(f"{naming.bucket_arn(bucket)}/{prefix}*",))


def bucket_region(naming: Naming, bucket: str) -> Statement:
    """What S3 clients ask first, to find the bucket's region."""
    return Statement(sid="BucketRegion", actions=("s3:GetBucketLocation",), resources=(naming.bucket_arn(bucket),))


def with_signing_key(naming: Naming, *actions: str) -> Statement:
    """``actions`` with the key that signs images: GetPublicKey to check, Sign to sign, DescribeKey with both
    (cosign documentation, "KMS integrations", AWS)."""
    return Statement(
        sid="SigningKey",
        actions=actions,
        resources=(naming.arn("kms", "key/*"),),
        conditions=(when("ForAnyValue:StringEquals", "kms:ResourceAliases", f"alias/{naming.name(SIGNING)}"),),
    )

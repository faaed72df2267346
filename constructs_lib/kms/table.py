"""The table of key grants: which principal may do what with which key, under which condition, and why. Pure.

The account's administrators get every key from ``customer_managed_key``; these rows add what IAM policies can't give.

A key policy can't name a role that doesn't exist yet (KMS refuses it as an invalid principal), and service-linked
roles exist only after the service was first used. Such roles are named by ``aws:PrincipalArn`` on the principal ``*``,
bounded by ``kms:CallerAccount``. Naming the account's root instead would only delegate to IAM, and nobody can add a
policy to a service-linked role.
"""

from __future__ import annotations

import dataclasses

from constructs_lib.iam.document import Condition, Statement, when
from constructs_lib.naming import Naming

PURPOSES = {
    "data": "Database, buckets, registry, queues and topics",
    "secrets": "Secrets Manager, the database's master secret included",
    "logs": "CloudWatch log groups",
    "eks": "Kubernetes secrets in etcd",
    "ebs": "Volumes of nodes and pods",
}
# Signs what the pipelines push; nothing is encrypted with it.
SIGNING = "image-signing"

USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")
_FOR_AWS_RESOURCE = when("Bool", "kms:GrantIsForAWSResource", "true")
_DATABASE_AND_REGISTRY = (
    "Aurora User Guide, AWS KMS key management; Amazon ECR User Guide, Encryption at rest (policies of the key)"
)
_MASTER_SECRET = "Aurora User Guide, Password management with Aurora and Secrets Manager (permissions required)"
_ETCD = "Amazon EKS User Guide, Encrypt Kubernetes secrets with KMS (permissions of who makes the cluster)"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Grant:
    """One row. ``principal`` is a service principal, or ``*`` narrowed by conditions; ``source`` says where AWS
    documents the need."""

    key: str
    sid: str
    principal: str
    actions: tuple[str, ...]
    conditions: tuple[Condition, ...]
    source: str

    def statement(self) -> Statement:
        kind = "Service" if self.principal.endswith(".amazonaws.com") else "AWS"
        return Statement(
            sid=self.sid,
            actions=self.actions,
            resources=("*",),
            principals={kind: (self.principal,)},
            conditions=self.conditions,
        )


def grants(naming: Naming) -> tuple[Grant, ...]:
    """All rows for one account and region, by key."""
    return (*_data(naming), *_secrets(naming), *_logs(naming), *_eks(naming), *_ebs(naming))


def statements(naming: Naming, key: str) -> tuple[Statement, ...]:
    """What the key policy of ``key`` adds. Raises KeyError where there is no such key."""
    if key not in PURPOSES:
        raise KeyError(f"no key {key!r}; keys are {', '.join(PURPOSES)}")
    return tuple(grant.statement() for grant in grants(naming) if grant.key == key)


def _through(naming: Naming, key: str, services: tuple[str, ...], actions: tuple[str, ...], source: str) -> Grant:
    """Whoever may use ``services`` may use the key through them, and in no other way.

    This is how the keys that AWS manages work: permission on the object decides, and the key follows.
    """
    return Grant(
        key=key,
        sid="Through" + "".join(service.capitalize() for service in services),
        principal="*",
        actions=actions,
        conditions=(
            when("StringEquals", "kms:CallerAccount", naming.account),
            when(
                "StringEquals",
                "kms:ViaService",
                *(f"{service}.{naming.region}.amazonaws.com" for service in services),
            ),
        ),
        source=source,
    )


def _grants_through(naming: Naming, key: str, services: tuple[str, ...], source: str) -> Grant:
    """``services`` may make KMS grants for resources of their own: they use the key when nobody is asking."""
    through = _through(naming, key, services, ("kms:CreateGrant",), source)
    return dataclasses.replace(through, sid=f"Grants{through.sid}", conditions=(*through.conditions, _FOR_AWS_RESOURCE))


def _service(naming: Naming, key: str, service: str, sid: str, source: str) -> Grant:
    """A service that acts by itself, for resources of this account only."""
    return Grant(
        key=key,
        sid=sid,
        principal=f"{service}.amazonaws.com",
        actions=("kms:Decrypt", "kms:GenerateDataKey*"),
        conditions=(when("StringEquals", "aws:SourceAccount", naming.account),),
        source=source,
    )


def _data(naming: Naming) -> tuple[Grant, ...]:
    return (
        _through(
            naming,
            "data",
            ("s3", "sqs", "sns"),
            ("kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"),
            "Amazon S3 User Guide, Using server-side encryption with AWS KMS keys (permissions); "
            "Amazon SQS Developer Guide, Key management; Amazon SNS Developer Guide, Managing encryption keys",
        ),
        _through(naming, "data", ("rds", "ecr"), USE, _DATABASE_AND_REGISTRY),
        _grants_through(naming, "data", ("rds", "ecr"), _DATABASE_AND_REGISTRY),
        _service(
            naming,
            "data",
            "events",
            "EventBridgeToQueues",
            "EventBridge User Guide, Amazon SQS permissions (encrypted)",
        ),
        _service(
            naming,
            "data",
            "sns",
            "TopicsToQueues",
            "Amazon SNS Developer Guide, Encrypted topics with encrypted queues",
        ),
        _service(
            naming,
            "data",
            "sqs",
            "QueuesForServices",
            "Amazon SQS Developer Guide, Key management (service permissions)",
        ),
        _service(
            naming, "data", "cloudwatch", "AlarmsToTopics", "CloudWatch User Guide, Alarm actions to an encrypted topic"
        ),
    )


def _secrets(naming: Naming) -> tuple[Grant, ...]:
    return (
        _through(
            naming,
            "secrets",
            ("secretsmanager",),
            USE,
            "Secrets Manager User Guide, Secret encryption and decryption (key policy of aws/secretsmanager)",
        ),
        _through(naming, "secrets", ("rds",), ("kms:DescribeKey",), _MASTER_SECRET),
        _grants_through(naming, "secrets", ("rds", "secretsmanager"), _MASTER_SECRET),
    )


def _logs(naming: Naming) -> tuple[Grant, ...]:
    return (
        Grant(
            key="logs",
            sid="LogGroups",
            principal=f"logs.{naming.region}.amazonaws.com",
            actions=USE,
            conditions=(when("ArnLike", "kms:EncryptionContext:aws:logs:arn", naming.arn("logs", "log-group:*")),),
            source="CloudWatch Logs User Guide, Encrypt log data in CloudWatch Logs using AWS KMS, step 2",
        ),
    )


def _eks(naming: Naming) -> tuple[Grant, ...]:
    return (
        _through(naming, "eks", ("eks",), ("kms:DescribeKey",), _ETCD),
        _grants_through(naming, "eks", ("eks",), _ETCD),
    )


def _ebs(naming: Naming) -> tuple[Grant, ...]:
    roles = tuple(
        f"arn:aws:iam::{naming.account}:role/aws-service-role/{path}"
        for path in (
            "autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*",
            "spot.amazonaws.com/AWSServiceRoleForEC2Spot",
            "ec2fleet.amazonaws.com/AWSServiceRoleForEC2Fleet",
        )
    )
    linked = (
        when("StringEquals", "kms:CallerAccount", naming.account),
        when("ArnLike", "aws:PrincipalArn", *roles),
    )
    source = (
        "EC2 Auto Scaling User Guide, Required AWS KMS key policy for use with encrypted volumes; EC2 User Guide, "
        "Service-linked role for Spot Instance requests and for EC2 Fleet (customer managed keys)"
    )
    # Karpenter (Pod Identity) and the EBS CSI driver reach the key through EC2 only: Karpenter documentation,
    # Troubleshooting, "Node terminates before ready on failed encrypted EBS volume".
    volumes = "Amazon EBS User Guide, Requirements for EBS encryption (permissions); Karpenter, Troubleshooting"
    return (
        Grant(key="ebs", sid="ServiceLinkedRoles", principal="*", actions=USE, conditions=linked, source=source),
        Grant(
            key="ebs",
            sid="ServiceLinkedRolesGrants",
            principal="*",
            actions=("kms:CreateGrant",),
            conditions=(*linked, _FOR_AWS_RESOURCE),
            source=source,
        ),
        _through(naming, "ebs", ("ec2",), USE, volumes),
        _grants_through(naming, "ebs", ("ec2",), volumes),
    )

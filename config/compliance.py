"""Keys of what a compliance standard asks beyond the rest, and the complete models behind them."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from config.cost import CostKeys
from config.types import AccountId, Allowed, Email, Flag, Model, Ownership, Region, RetentionDays, Slug

# What may leave the VPC: all that a NAT gateway carries, what Network Firewall lets through, or nothing.
Egress = Literal["open", "firewall", "none"]
Tenancy = Literal["default", "dedicated"]
# Linux kernel lockdown (Bottlerocket documentation, "Settings Reference", settings.kernel.lockdown).
Lockdown = Literal["none", "integrity", "confidentiality"]
Issuer = Literal["letsencrypt", "cluster"]
ImageSource = Literal["caches", "copies"]
Standard = Literal["none", "pci-dss"]
Days = Annotated[int, Field(strict=True, ge=1, le=3650)]
# RFC 1123, section 2.1; "*." in front stands for every name below.
_NAME = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
BucketName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"), Allowed("the name of an S3 bucket")
]
KeyArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws:kms:[a-z0-9-]{1,30}:[0-9]{12}:key/[a-f0-9-]{1,64}$"),
    Allowed("the ARN of a KMS key"),
]
# Amazon EventBridge API reference, PutEventsRequestEntry: Source and DetailType; no prefix of AWS's own.
EventSource = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{1,127}$"), Allowed("a source, such as payments.settlement")
]
DetailType = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9 ._-]{0,63}$"),
    Allowed("a detail type, such as SettlementDone"),
]
FieldName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][A-Za-z0-9]{0,62}$"),
    Allowed("a field of an event's detail, such as orderId"),
]


def _cidr_or_name(value: str) -> str:
    """``value``, where it is either. One type and not a union: a wrong value is then one problem and not two."""
    try:
        return str(ipaddress.IPv4Network(value))
    except ValueError:
        if not _NAME.fullmatch(value):
            raise ValueError("neither a CIDR nor a domain name") from None
        return value


_ADMITTED = "a CIDR such as 203.0.113.0/24, or a domain name such as payments.example.com or *.example.com"
AllowedEgress = Annotated[str, StringConstraints(max_length=253), AfterValidator(_cidr_or_name), Allowed(_ADMITTED)]


class LogArchive(Model):
    """Where the trail is written to in place of a bucket of this account's own."""

    account: AccountId = Field(description="Account that owns the bucket.")
    bucket: BucketName = Field(description="Name of the bucket, whose policy admits CloudTrail of this account.")
    key: KeyArn = Field(description="Key of the bucket, whose policy admits CloudTrail of this account.")


class ForwardedEvents(Model):
    """Events of this deployment that another deployment's queue gets, with the fields named and no others."""

    name: Slug = Field(description="Name of the rule.")
    source: EventSource = Field(description="Source of the events.")
    # So many that the longest event pattern fits in 2,048 characters (Amazon EventBridge User Guide, quotas).
    detail_types: tuple[DetailType, ...] = Field(
        alias="detailTypes", min_length=1, max_length=10, description="Their detail types."
    )
    fields: tuple[FieldName, ...] = Field(
        min_length=1,
        max_length=12,
        description="Fields of detail that cross, each a text, number or flag that every such event has; all others "
        "stay, whatever the event holds.",
    )


class Forward(Model):
    """Where events go: the queue that deployment ``deployment`` of another account makes for them.

    Queue, key and roles have computed names (constructs_lib.events.names): nothing that AWS makes up crosses.
    """

    deployment: Slug = Field(description="Id of the deployment that receives.")
    account: AccountId = Field(description="Its account.")
    rules: tuple[ForwardedEvents, ...] = Field(min_length=1, description="What crosses.")


class Receive(Model):
    """Whose events come into a queue of this deployment."""

    deployment: Slug = Field(description="Id of the deployment that sends.")
    account: AccountId = Field(description="Its account.")


class ComplianceKeys(CostKeys):
    """What a compliance standard asks. None: the environment's template decides."""

    vpc_egress: Egress | None = Field(
        default=None,
        alias="deployment:vpc:egress",
        description="What may leave the VPC: whatever NAT carries, what Network Firewall admits, or nothing.",
    )
    allowed_egress: tuple[AllowedEgress, ...] | None = Field(
        default=None,
        alias="deployment:networkPolicies:allowedEgress",
        description="Public CIDRs and domain names that workloads may reach through the firewall, at port 443.",
    )
    vpc_tenancy: Tenancy | None = Field(
        default=None, alias="deployment:vpc:tenancy", description="Whether instances run on hardware of their own."
    )
    account_cloudtrail: Ownership | None = Field(
        default=None, alias="deployment:account:cloudtrail", description="The trail of all regions' API calls."
    )
    account_cloudtrail_insights: Flag | None = Field(
        default=None,
        alias="deployment:account:cloudtrailInsights",
        description="Whether it looks for unusual rates.",
    )
    account_config_recorder: Ownership | None = Field(
        default=None,
        alias="deployment:account:configRecorder",
        description="AWS Config's recorder and conformance pack.",
    )
    account_guardduty: Ownership | None = Field(
        default=None, alias="deployment:account:guardduty", description="GuardDuty's detector, with runtime monitoring."
    )
    account_security_hub: Ownership | None = Field(
        default=None, alias="deployment:account:securityHub", description="Security Hub with its PCI DSS standard."
    )
    account_inspector: Ownership | None = Field(
        default=None, alias="deployment:account:inspector", description="Inspector's scans of instances and images."
    )
    account_access_analyzer: Ownership | None = Field(
        default=None, alias="deployment:account:accessAnalyzer", description="IAM Access Analyzer of the account."
    )
    account_macie: Ownership | None = Field(
        default=None, alias="deployment:account:macie", description="Macie, which looks for card numbers in buckets."
    )
    account_alarms: Ownership | None = Field(
        default=None, alias="deployment:account:alarms", description="Alarms on the events that CIS and PCI DSS name."
    )
    audit_retention_days: RetentionDays | None = Field(
        default=None, alias="deployment:audit:retentionDays", description="Days that audit logs are kept."
    )
    aurora_log_retention_days: RetentionDays | None = Field(
        default=None, alias="deployment:aurora:logRetentionDays", description="Days that the database's log is kept."
    )
    audit_alarm_emails: tuple[Email, ...] | None = Field(
        default=None, alias="deployment:audit:alarmEmails", description="Who gets alarms; each confirms by mail."
    )
    audit_log_archive: LogArchive | None = Field(
        default=None, alias="deployment:audit:logArchive", description="Bucket of a log-archive account for the trail."
    )
    backup_vault: Flag | None = Field(
        default=None, alias="deployment:backup:vault", description="Whether AWS Backup keeps copies in a locked vault."
    )
    backup_retention_days: Days | None = Field(
        default=None, alias="deployment:backup:retentionDays", description="Days that the vault keeps a copy, at least."
    )
    backup_copy_region: Region | None = Field(
        default=None,
        alias="deployment:backup:copyRegion",
        description="Region that copies also go to; none without it.",
    )
    nodes_lockdown: Lockdown | None = Field(
        default=None, alias="deployment:nodes:lockdown", description="Kernel lockdown of all nodes."
    )
    nodes_fips: Flag | None = Field(
        default=None, alias="deployment:nodes:fips", description="Whether nodes run Bottlerocket's FIPS variant."
    )
    transit_to_pods: Flag | None = Field(
        default=None,
        alias="deployment:transit:toPods",
        description="Whether load balancers speak TLS to pods, by certificates of the cluster's own authority.",
    )
    certificate_issuer: Issuer | None = Field(
        default=None,
        alias="deployment:transit:issuer",
        description="Who signs certificates asked for in the cluster: Let's Encrypt, or the cluster's own authority.",
    )
    events_forward: Forward | None = Field(
        default=None, alias="deployment:events:forward", description="Events that go to another account's deployment."
    )
    events_receive: tuple[Receive, ...] = Field(
        default=(), alias="deployment:events:receive", description="Deployments whose events come to this one."
    )
    shared_images: ImageSource | None = Field(
        default=None,
        alias="deployment:shared:images",
        description="Where images come from: ECR's pull-through caches, or copies made beforehand.",
    )


class Audit(Model):
    """``retention_days`` of audit logs; ``log_archive`` in place of a bucket of this account's own."""

    retention_days: RetentionDays
    alarm_emails: tuple[Email, ...]
    log_archive: LogArchive | None


class Backup(Model):
    """AWS Backup: whether there is a locked vault, days that it keeps a copy, and a second region."""

    vault: bool
    retention_days: int
    copy_region: Region | None


class NodeHardening(Model):
    lockdown: Lockdown
    fips: bool


class Transit(Model):
    """Encryption between load balancer and pods, and who signs certificates in the cluster."""

    to_pods: bool
    issuer: Issuer


class Events(Model):
    forward: Forward | None
    receive: tuple[Receive, ...]

    @property
    def cross(self) -> bool:
        """Whether any events leave the account or come into it."""
        return self.forward is not None or bool(self.receive)

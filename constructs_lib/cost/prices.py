"""Prices in one region, in USD, without tax, with the day on which each was read. Pure: imports no engine."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from config.support import EXTENDED_PRICE, STANDARD_PRICE

# Hours of a month, as AWS's own calculator counts them.
HOURS = 730
# The region of all prices here. In others AWS takes up to half as much again (EC2) or the same (WAF).
REGION = "us-west-2"


class UnpricedError(KeyError):
    """A type of node that has no price here, or several of which none has; ``args`` holds them."""


@dataclass(frozen=True, kw_only=True)
class Price:
    """``usd`` for one ``unit``. ``source`` is where it was read, on the day ``read``; None: an estimate."""

    usd: float
    unit: str
    read: datetime.date | None
    source: str


_LIST = datetime.date(2026, 10, 1)
_BUILT_IN = "Karpenter's built-in price list for us-east-1, which us-west-2 equals for the types that were compared"
_BUILT_IN_DAY = datetime.date(2026, 2, 9)


def _node(usd: float) -> Price:
    return Price(usd=usd, unit="hour", read=_BUILT_IN_DAY, source=_BUILT_IN)


def _listed(usd: float) -> Price:
    source = "price lists for us-east-1 in public repositories, which agree; not read from AWS"
    return Price(usd=usd, unit="hour", read=None, source=source)


# On-demand Linux instances, by type.
NODES: Mapping[str, Price] = {
    "t3a.medium": _node(0.0376),
    "t3a.large": _node(0.0752),
    "m6a.large": _node(0.0864),
    "m6a.xlarge": _node(0.1728),
    "t3a.xlarge": _listed(0.1504),
    "t4g.small": _listed(0.0168),
}


def _unread(usd: float, unit: str, source: str) -> Price:
    return Price(usd=usd, unit=unit, read=None, source=source)


_GUARDDUTY = datetime.date(2026, 10, 7)
_SECURITY: Mapping[str, Price] = {
    "trail event, analysed": Price(
        usd=4.0, unit="million", read=_GUARDDUTY, source="Amazon GuardDuty pricing, examples: CloudTrail"
    ),
    "network GiB, analysed": Price(
        usd=1.0, unit="GiB", read=_GUARDDUTY, source="Amazon GuardDuty pricing, examples: flow and DNS logs"
    ),
    "audit event, analysed": Price(
        usd=1.6, unit="million", read=_GUARDDUTY, source="Amazon GuardDuty pricing, examples: EKS audit logs"
    ),
    "core, watched": _unread(1.5, "vCPU and month", "Amazon GuardDuty pricing, runtime monitoring"),
    # The first copy of management events is free.
    "data event": _unread(1.0, "million", "AWS CloudTrail pricing, data events of a trail"),
    "configuration item": _unread(0.003, "item", "AWS Config pricing, continuous recording"),
    "configuration evaluation": _unread(0.001, "evaluation", "AWS Config pricing, rules and conformance packs"),
    "hub check": _unread(0.001, "check", "AWS Security Hub pricing, checks"),
    "instance, scanned": _unread(1.2528, "instance and month", "Amazon Inspector pricing, as quoted for eu-west-1"),
    "image, scanned": _unread(0.09, "image", "Amazon Inspector pricing, as quoted for eu-west-1"),
    "image, scanned again": _unread(0.01, "rescan", "Amazon Inspector pricing, as quoted for eu-west-1"),
    "backup GiB": _unread(0.05, "GiB and month", "AWS Backup pricing, EBS snapshots, the dearer of what is kept"),
}

SERVICES: Mapping[str, Price] = {
    "load balancer": Price(usd=0.0225, unit="hour", read=_LIST, source="Elastic Load Balancing pricing, ALB"),
    "load balancer capacity unit": Price(
        usd=0.008, unit="hour", read=_LIST, source="Elastic Load Balancing pricing, LCU"
    ),
    "NAT gateway": Price(usd=0.045, unit="hour", read=_LIST, source="Amazon VPC pricing, NAT gateway"),
    "endpoint": Price(
        usd=0.01, unit="hour and zone", read=datetime.date(2026, 10, 6), source="AWS PrivateLink pricing, interface"
    ),
    "firewall endpoint": Price(usd=0.395, unit="hour and zone", read=None, source="AWS Network Firewall pricing"),
    "key": Price(usd=1.0, unit="month", read=None, source="AWS KMS pricing, keys"),
    "public address": Price(usd=0.005, unit="hour", read=_LIST, source="Amazon VPC pricing, public IPv4"),
    "Aurora capacity unit": Price(
        usd=0.12, unit="hour", read=_LIST, source="Amazon Aurora pricing, Serverless v2, Standard"
    ),
    "secret": Price(
        usd=0.40, unit="month", read=datetime.date(2026, 10, 6), source="AWS Secrets Manager pricing, secrets"
    ),
    "reading of a secret": Price(
        usd=0.05 / 10_000, unit="call", read=datetime.date(2026, 9, 20), source="AWS Secrets Manager pricing, API calls"
    ),
    "use of a key": Price(usd=0.03 / 10_000, unit="call", read=None, source="AWS KMS pricing, requests"),
    "stored GiB": Price(usd=0.023, unit="GiB and month", read=None, source="Amazon S3 pricing, Standard"),
    "volume GiB": Price(usd=0.08, unit="GiB and month", read=_LIST, source="Amazon EBS pricing, gp3"),
    "control plane": Price(
        usd=STANDARD_PRICE, unit="hour", read=datetime.date(2026, 10, 6), source="Amazon EKS pricing, standard support"
    ),
    "control plane, extended": Price(
        usd=EXTENDED_PRICE, unit="hour", read=datetime.date(2026, 10, 6), source="Amazon EKS pricing, extended support"
    ),
    "NAT GiB": Price(usd=0.045, unit="GiB", read=_LIST, source="Amazon VPC pricing, NAT gateway"),
    "endpoint GiB": Price(
        usd=0.01, unit="GiB", read=datetime.date(2026, 10, 6), source="AWS PrivateLink pricing, interface"
    ),
    "firewall GiB": _unread(0.065, "GiB", "AWS Network Firewall pricing, traffic"),
    "database GiB": _unread(0.10, "GiB and month", "Amazon Aurora pricing, storage"),
    "log GiB": _unread(0.50, "GiB", "Amazon CloudWatch pricing, logs collected"),
    "kept log GiB": _unread(0.03, "GiB and month", "Amazon CloudWatch pricing, logs stored"),
    "web ACL": _unread(5.0, "month", "AWS WAF pricing, web ACL"),
    "web ACL rule": _unread(1.0, "month", "AWS WAF pricing, rule or rule group"),
    "web request": _unread(0.60, "million", "AWS WAF pricing, requests"),
    **_SECURITY,
}

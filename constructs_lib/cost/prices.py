"""Prices in us-west-2, in USD, without tax, with the day on which each was read. Pure: imports no engine."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

# Hours of a month, as AWS's own calculator counts them.
HOURS = 730


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


# On-demand Linux instances, by type.
NODES: Mapping[str, Price] = {
    "t3a.medium": _node(0.0376),
    "t3a.large": _node(0.0752),
    "m6a.large": _node(0.0864),
    "m6a.xlarge": _node(0.1728),
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
}

"""What AWS, Kubernetes and Argo CD allow, as a table: each row with its source and the day on which it was read. Pure.

``constructs_lib.quotas`` counts what a deployment needs of each row and tells before synth where that is too much;
``idp doctor`` asks the account for the values that it has. docs/QUOTAS.md is generated from the rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field

from config.quota_sources import READ, SOURCES, Document
from config.types import Allowed

KEY = "deployment:serviceQuotas"
# What a deployment file may say that the account has; the rows of these keys are adjustable.
RaisedQuota = Literal[
    "application-load-balancers",
    "database-clusters",
    "database-instances",
    "ecr-repositories",
    "eks-clusters",
    "elastic-ips",
    "event-rules",
    "iam-instance-profiles",
    "iam-policies",
    "iam-policies-per-role",
    "iam-roles",
    "iam-trust-policy-size",
    "interface-endpoints",
    "internet-gateways",
    "kms-keys",
    "load-balancer-rules",
    "nat-gateways-per-zone",
    "network-acl-rules",
    "on-demand-vcpu",
    "route-tables",
    "s3-buckets",
    "security-group-rules",
    "security-groups",
    "spot-vcpu",
    "subnets",
    "target-groups",
    "vpcs",
]
QuotaValue = Annotated[
    int, Field(strict=True, ge=1, le=10_000_000), Allowed("a whole number from 1, as Service Quotas shows it")
]
RaisedQuotas = Mapping[RaisedQuota, QuotaValue]
# Who shares it: all deployments of an account, those of one region of it, or nobody.
Scope = Literal["account", "region", "deployment"]
# fixed: nobody raises it. adjustable: Service Quotas does. guideline: beyond it, nobody has tested it.
Kind = Literal["fixed", "adjustable", "guideline"]


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One row. ``limit`` counts ``unit``; None: AWS sets it for each account, and only the account says it.

    ``code`` is Service Quotas' own, ``<service>/<quota>``, None where it has none; ``ceiling`` the most that AWS grants
    without a talk, where it says so. ``estimate``: what is counted depends on what teams run, too. ``lever`` is the
    setting of the deployment file that makes the need smaller, or where more is had, ``cause`` the key that makes it
    grow. From the share ``warn_at`` on synth warns: a size that no team makes larger needs no warning before its end.
    """

    key: str
    name: str
    unit: str
    scope: Scope
    kind: Kind
    limit: int | None
    document: Document
    section: str
    code: str | None = None
    ceiling: int | None = None
    estimate: bool = False
    lever: str = ""
    cause: str = "deployment:teams"
    warn_at: float = 0.8
    read: datetime.date = READ

    @property
    def source(self) -> str:
        return f"{SOURCES[self.document].title}, {self.section}"


def by_key() -> Mapping[str, Quota]:
    """Every row by its key."""
    from config.quota_rows import ROWS

    return {row.key: row for row in ROWS}


def raisable() -> tuple[str, ...]:
    """Keys that ``deployment:serviceQuotas`` may have."""
    return get_args(RaisedQuota)


def declared(raised: RaisedQuotas, key: str) -> int | None:
    """What ``raised`` says of the row ``key``; None where it says nothing."""
    return next((value for name, value in raised.items() if name == key), None)

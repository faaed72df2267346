"""The documents that the table of quotas was read in. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# Stored copies of the documents were read on this day; `idp doctor` asks AWS itself.
READ = datetime.date(2026, 11, 27)

Document = Literal[
    "argocd",
    "cost",
    "eks",
    "eks-practices",
    "elb",
    "etcd",
    "eventbridge",
    "general",
    "iam",
    "kubernetes-thresholds",
    "logs",
    "pod-identity",
    "vpc",
]


@dataclass(frozen=True, kw_only=True)
class Source:
    """``quoted``: the page itself wasn't to be had; public repositories that quote it were compared, and agree."""

    title: str
    url: str
    quoted: bool = False


_AWS = "https://docs.aws.amazon.com"
SOURCES: Mapping[Document, Source] = {
    "argocd": Source(
        title="Argo CD documentation, High Availability",
        url="https://argo-cd.readthedocs.io/en/stable/operator-manual/high_availability/",
    ),
    "cost": Source(
        title="AWS Budgets API Reference", url=f"{_AWS}/aws-cost-management/latest/APIReference/", quoted=True
    ),
    "eks": Source(
        title="AWS General Reference, Amazon EKS endpoints and quotas", url=f"{_AWS}/general/latest/gr/eks.html"
    ),
    "eks-practices": Source(
        title="Amazon EKS Best Practices Guide, Known Limits and Service Quotas",
        url=f"{_AWS}/eks/latest/best-practices/known_limits_and_service_quotas.html",
    ),
    "elb": Source(
        title="Elastic Load Balancing, Quotas for your Application Load Balancers",
        url=f"{_AWS}/elasticloadbalancing/latest/application/load-balancer-limits.html",
    ),
    "etcd": Source(title="etcd documentation, System limits", url="https://etcd.io/docs/latest/dev-guide/limit/"),
    "eventbridge": Source(
        title="Amazon EventBridge User Guide, Amazon EventBridge quotas",
        url=f"{_AWS}/eventbridge/latest/userguide/eb-quota.html",
    ),
    "general": Source(
        title="AWS General Reference, Service endpoints and quotas",
        url=f"{_AWS}/general/latest/gr/aws-service-information.html",
        quoted=True,
    ),
    "iam": Source(
        title="IAM User Guide, IAM and AWS STS quotas",
        url=f"{_AWS}/IAM/latest/UserGuide/reference_iam-quotas.html",
        quoted=True,
    ),
    "kubernetes-thresholds": Source(
        title="Kubernetes SIG Scalability, Kubernetes Scalability thresholds",
        url="https://github.com/kubernetes/community/blob/main/sig-scalability/configs-and-limits/thresholds.md",
    ),
    "logs": Source(
        title="Amazon CloudWatch Logs API Reference",
        url=f"{_AWS}/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
    ),
    "pod-identity": Source(
        title="Amazon EKS User Guide, Learn how EKS Pod Identity grants pods access to AWS services",
        url=f"{_AWS}/eks/latest/userguide/pod-identities.html",
    ),
    "vpc": Source(
        title="Amazon VPC User Guide, Amazon VPC quotas",
        url=f"{_AWS}/vpc/latest/userguide/amazon-vpc-limits.html",
        quoted=True,
    ),
}

"""Rules of what leaves the VPC: what can't work without a way out is refused where there is none."""

from __future__ import annotations

from collections.abc import Iterator

from config.deployment import Deployment
from config.egress import needs
from config.rules.finding import Finding

_EGRESS = "deployment:vpc:egress"


def nothing_leaves(deployment: Deployment) -> Iterator[Finding]:
    """What is on needs no way out where there is none."""
    if deployment.vpc.egress != "none":
        return
    found: dict[str, list[str]] = {}
    remedies = {}
    for need in needs(deployment):
        found.setdefault(need.key, []).append(need.purpose)
        remedies[need.key] = need.remedy
    for key, purposes in found.items():
        yield Finding(
            key=key,
            value=None,
            message=f"can't work where {_EGRESS} is none: it needs {'; '.join(purposes)}",
            remedy=remedies[key],
        )


def endpoints(deployment: Deployment) -> Iterator[Finding]:
    """AWS's own services are reached by private endpoints where only listed names leave: no list names them."""
    vpc = deployment.vpc
    # Without NAT, config.rules.network says the same.
    if vpc.egress != "open" and vpc.nat_gateways != "none" and vpc.endpoints != "full":
        yield Finding(
            key="deployment:vpc:endpoints",
            value=vpc.endpoints,
            message=f"must be full where {_EGRESS} is {vpc.egress}: the firewall admits no AWS service by its name",
            remedy=f"remove the key or write full, or set {_EGRESS} to open",
        )


def images(deployment: Deployment) -> Iterator[Finding]:
    """A first pull through a cache leaves the VPC (Amazon ECR User Guide, "VPC endpoints", considerations)."""
    if deployment.vpc.egress != "open" and deployment.shared.images != "copies":
        yield Finding(
            key="deployment:shared:images",
            value=deployment.shared.images,
            message=f"must be copies where {_EGRESS} is {deployment.vpc.egress}: a first pull through a cache leaves "
            "the VPC by a NAT gateway",
            remedy=f"write copies, or set {_EGRESS} to open",
        )


DEPLOYMENT_RULES = (nothing_leaves, endpoints, images)

"""Rules of encryption between load balancers and pods."""

from __future__ import annotations

from collections.abc import Iterator

from config.deployment import Deployment
from config.rules.finding import Finding

# Who signs certificates, and who restarts pods that read theirs at start.
NEEDED = {"cert-manager": "makes the certificates of pods", "reloader": "restarts pods whose certificate is new"}


def to_pods(deployment: Deployment) -> Iterator[Finding]:
    """Pods have certificates of names that only the cluster knows."""
    if not deployment.transit.to_pods:
        return
    if deployment.transit.issuer != "cluster":
        yield Finding(
            key="deployment:transit:issuer",
            value=deployment.transit.issuer,
            message="must be cluster where deployment:transit:toPods is true: nobody else signs names of the cluster",
            remedy="write cluster, or set deployment:transit:toPods to false",
        )
    for name, why in NEEDED.items():
        if name not in deployment.components.enabled():
            yield Finding(
                key=f"deployment:components.{name}",
                value=None,
                message=f"must be enabled where deployment:transit:toPods is true: it {why}",
                remedy=f"switch {name} on, or set deployment:transit:toPods to false",
            )


DEPLOYMENT_RULES = (to_pods,)

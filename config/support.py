"""Which Kubernetes minors and charts go together, and what a minor costs on a given day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from config.deployment import Deployment
from config.versions import CHARTS, COMPONENT_CHARTS, MINORS

# Amazon EKS pricing (read 2026-10-06), USD per cluster and hour; 730 hours are a month.
STANDARD_PRICE, EXTENDED_PRICE = 0.10, 0.60
HOURS = 730
# Charts that every cluster has.
ALWAYS = ("karpenter-crd", "karpenter", "aws-load-balancer-controller")


def unsupported(minor: str, components: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(component or chart, range of minors) of what isn't made for ``minor``."""
    for component in (*ALWAYS, *components):
        chart = CHARTS[COMPONENT_CHARTS.get(component, component)]
        if not _number(chart.oldest) <= _number(minor) <= _number(chart.newest):
            yield component, f"{chart.oldest} to {chart.newest}"


def warnings(deployments: Sequence[Deployment], today: datetime.date) -> list[str]:
    """What ``today`` says of each deployment's Kubernetes minor, with the price where there is one."""
    return [
        f"warning: {deployment.id}: {text}"
        for deployment in deployments
        for text in _warnings(deployment.eks.version, deployment.eks.support_type, today)
    ]


def _warnings(minor: str, support_type: str, today: datetime.date) -> Iterator[str]:
    support = MINORS[minor]
    if today > support.extended_until:
        yield f"support of Kubernetes {minor} ended on {support.extended_until}: AWS upgrades the cluster by itself"
    elif today > support.standard_until and support_type == "STANDARD":
        yield (
            f"standard support of Kubernetes {minor} ended on {support.standard_until}: AWS upgrades the cluster by "
            "itself (deployment:eks:supportType is STANDARD)"
        )
    elif today > support.standard_until:
        month, more = EXTENDED_PRICE * HOURS, (EXTENDED_PRICE - STANDARD_PRICE) * HOURS
        yield (
            f"Kubernetes {minor} is in extended support since {support.standard_until}, until "
            f"{support.extended_until}: {month:.0f} USD a month for the control plane, {more:.0f} more than standard "
            f"support; set deployment:eks:version to {_next(today)}"
        )


def _next(today: datetime.date) -> str:
    """The newest minor that is in standard support, else the newest one."""
    supported = [minor for minor, support in MINORS.items() if today <= support.standard_until]
    return max(supported or MINORS, key=_number)


def _number(minor: str) -> tuple[int, ...]:
    return tuple(int(part) for part in minor.split("."))

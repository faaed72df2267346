"""The load balancers of a deployment, as data: one for each exposure that a component asks for. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from config.components import Exposure
from config.deployment import Deployment

# A label that chart cluster-base puts on the platform's namespaces, and on no other.
PLATFORM_NAMESPACES = {"platform/scope": "platform"}


@dataclass(frozen=True, kw_only=True)
class Balancer:
    """``name`` is the ingress class; ``group`` is what the controller makes one load balancer of."""

    exposure: Exposure
    name: str
    group: str
    scheme: str
    inbound_cidrs: tuple[str, ...]


def class_name(exposure: Exposure) -> str:
    """The ingress class of components with ``exposure``."""
    return f"platform-{exposure}"


def exposures(deployment: Deployment) -> tuple[Exposure, ...]:
    """The exposures that the components ask for, sorted."""
    return tuple(sorted({settings.exposure for settings in deployment.components.hosts().values()}))


def teams_exposure(deployment: Deployment) -> Exposure:
    """Whom the load balancer of the teams faces: the internet, wherever a gateway leads there."""
    return "internal" if deployment.vpc.egress == "none" else "public"


def scheme(exposure: Exposure) -> str:
    """How the controller calls it (AWS Load Balancer Controller documentation, "IngressClassParams")."""
    return "internet-facing" if exposure == "public" else "internal"


def inbound_cidrs(deployment: Deployment, exposure: Exposure) -> tuple[str, ...]:
    """Who may connect to a load balancer of this exposure."""
    return deployment.ingress.public_cidrs if exposure == "public" else (deployment.vpc.cidr,)


def balancers(deployment: Deployment) -> tuple[Balancer, ...]:
    """What ``deployment`` has, by exposure. An internal one takes requests from the VPC."""
    return tuple(
        Balancer(
            exposure=exposure,
            name=class_name(exposure),
            group=f"{deployment.id}-{exposure}",
            scheme=scheme(exposure),
            inbound_cidrs=inbound_cidrs(deployment, exposure),
        )
        for exposure in exposures(deployment)
    )


def with_firewall(deployment: Deployment) -> tuple[Exposure, ...]:
    """The exposures whose load balancer has a web ACL: the public one, where the deployment wants it."""
    return ("public",) if deployment.ingress.waf and "public" in exposures(deployment) else ()

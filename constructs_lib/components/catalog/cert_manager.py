"""cert-manager: certificates by Let's Encrypt and the platform's zone, or by the cluster's own authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config.components import CertManager
from config.deployment import Deployment
from constructs_lib.components.component import Component, Image, OwnChart
from constructs_lib.components.pods import Container, Pods, Sized
from constructs_lib.components.traffic import API_SERVER, INTERNET, POD_IDENTITY
from constructs_lib.components.transit import authority_values, own_authority
from constructs_lib.naming import Naming

_CHART = "chart cert-manager 1.21"
_VERSION = "v1.21.1"
_ESTIMATE = f"{_CHART}: no requests of its own; estimate"


def _labels(part: str, component: str) -> dict[str, str]:
    return {
        "app.kubernetes.io/name": part,
        "app.kubernetes.io/instance": "cert-manager",
        "app.kubernetes.io/component": component,
    }


def _asks_outside(deployment: Deployment) -> bool:
    return not own_authority(deployment)


def _context(deployment: Deployment, naming: Naming) -> Mapping[str, Any]:
    """``email``: whom Let's Encrypt tells of trouble with the account; ``authority``: values of the cluster's own."""
    del naming
    settings = deployment.components.named("cert-manager")
    own = settings.email if isinstance(settings, CertManager) else None
    return {"email": own or deployment.access.administrators[0].email, "authority": authority_values(deployment)}


CERT_MANAGER = Component(
    name="cert-manager",
    purpose="Certificates of names inside the cluster",
    chart="cert-manager",
    pods=(
        Pods(
            name="controller",
            labels=_labels("cert-manager", "controller"),
            replicas=Sized(ha=2, seed_cost=1),
            containers={"cert-manager-controller": Container(cpu=50, mib=128, limit_mib=256)},
            metrics=9402,
            # Let's Encrypt, and Route 53, whose interface has no private endpoint.
            egress=(API_SERVER, *(replace(way, when=_asks_outside) for way in (POD_IDENTITY, INTERNET))),
            source=_ESTIMATE,
        ),
        Pods(
            name="webhook",
            labels=_labels("webhook", "webhook"),
            replicas=Sized(ha=3, seed_cost=2),
            containers={"cert-manager-webhook": Container(cpu=20, mib=48, limit_mib=96)},
            metrics=9402,
            webhooks=(10250,),
            egress=(API_SERVER,),
            source=_ESTIMATE,
        ),
        Pods(
            name="cainjector",
            labels=_labels("cainjector", "cainjector"),
            replicas=Sized(ha=2, seed_cost=1),
            # It keeps all Secrets and webhook configurations in memory.
            containers={"cert-manager-cainjector": Container(cpu=20, mib=128, limit_mib=256)},
            metrics=9402,
            egress=(API_SERVER,),
            source=_ESTIMATE,
        ),
        Pods(
            name="startupapicheck",
            labels=_labels("startupapicheck", "startupapicheck"),
            kind="Job",
            containers={"cert-manager-startupapicheck": Container(cpu=10, mib=32, limit_mib=64)},
            egress=(API_SERVER,),
            source=_ESTIMATE,
        ),
    ),
    images=tuple(
        Image(name=name, upstream=f"quay.io/jetstack/cert-manager-{name}", tag=_VERSION)
        for name in ("controller", "webhook", "cainjector", "startupapicheck", "acmesolver")
    ),
    identities=("cert-manager-sa",),
    own_charts=(
        OwnChart(
            name="cluster-issuers",
            from_other_stacks=lambda foundation: {"zoneId": foundation.zone_id},
            when=_asks_outside,
        ),
        OwnChart(name="cluster-authority", when=own_authority),
    ),
    context=_context,
)

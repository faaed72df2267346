"""Kyverno: the policy engine."""

from __future__ import annotations

from constructs_lib.components.component import Component, Image
from constructs_lib.components.pods import Container, Pods, Sized
from constructs_lib.components.traffic import API_SERVER, INTERNET, POD_IDENTITY, Flow, aws

_CHART = "chart kyverno 3.9"
_VERSION = "v1.19.0"
# Signatures are read from the registry, the key that checks them from KMS; keyless ones are checked against Sigstore.
_IMAGES: tuple[Flow, ...] = (API_SERVER, POD_IDENTITY, aws("ecr.api", "ecr.dkr", "kms"), INTERNET)


def _labels(controller: str) -> dict[str, str]:
    return {"app.kubernetes.io/component": controller, "app.kubernetes.io/instance": "kyverno"}


def _controller(name: str, egress: tuple[Flow, ...], *, limit_mib: int, webhooks: tuple[int, ...] = ()) -> Pods:
    return Pods(
        name=name,
        labels=_labels(name),
        replicas=Sized(ha=2, seed_cost=1),
        containers={name: Container(cpu=100, mib=64, limit_mib=limit_mib)},
        metrics=8000,
        webhooks=webhooks,
        egress=egress,
        # The chart makes one wherever there is more than one replica.
        own_budget=False,
        source=f"{_CHART}: its own requests",
    )


KYVERNO = Component(
    name="kyverno",
    purpose="Policy engine: what may run, and how",
    chart="kyverno",
    pods=(
        Pods(
            name="admission-controller",
            labels=_labels("admission-controller"),
            replicas=3,
            containers={
                "kyverno": Container(cpu=Sized(ha=100, large=500), mib=Sized(ha=128, large=512), limit_mib=512),
            },
            priority="platform-critical",
            metrics=8000,
            webhooks=(9443,),
            egress=_IMAGES,
            own_budget=False,
            source=f"{_CHART}: its own requests",
        ),
        _controller("background-controller", _IMAGES, limit_mib=128),
        _controller("cleanup-controller", (API_SERVER,), limit_mib=128, webhooks=(9443,)),
        _controller("reports-controller", _IMAGES, limit_mib=256),
    ),
    images=tuple(
        Image(name=name, upstream=f"ghcr.io/kyverno/{name}", tag=_VERSION)
        for name in (
            "kyverno",
            "kyvernopre",
            "background-controller",
            "cleanup-controller",
            "reports-controller",
            "kyverno-cli",
        )
    )
    + (Image(name="readiness-checker", upstream="ghcr.io/kyverno/readiness-checker", tag=_VERSION),),
    identities=("kyverno-sa",),
    # Its definitions are many, and jobs follow them.
    timeout_seconds=900,
)

"""Falco: what programs on the nodes do that they shouldn't."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.deployment import Deployment
from constructs_lib.addons.namespaces import NAMESPACES, platform_namespaces
from constructs_lib.components.component import Component, Image
from constructs_lib.components.pods import Container, Pods
from constructs_lib.components.traffic import to
from constructs_lib.naming import Naming

# Steps of workflows bring programs along and install others: that is their purpose.
_BUILDS = NAMESPACES["argo-workflows"].name
# Where the sensor calls the counter. Chart falcosidekick: its Service and its container have the same port.
COUNTER_PORT = 2801


def _labels(part: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": part, "app.kubernetes.io/instance": "falco"}


def _context(deployment: Deployment, naming: Naming) -> Mapping[str, Any]:
    """``watched``: namespaces of the platform in which nothing is built."""
    del naming
    names = [namespace.name for namespace in platform_namespaces(deployment)]
    return {"watched": [name for name in names if name != _BUILDS], "builds": [_BUILDS]}


FALCO = Component(
    name="falco",
    purpose="Runtime security: what programs on the nodes do",
    chart="falco",
    pods=(
        Pods(
            name="falco",
            labels=_labels("falco"),
            kind="DaemonSet",
            pool="every",
            priority="platform-agent",
            replicas=0,
            containers={"falco": Container(cpu=100, mib=512, limit_mib=1024)},
            metrics=8765,
            # Neither rules nor plugins nor drivers are fetched: it needs no other way out.
            egress=(to("falco", "falcosidekick", COUNTER_PORT),),
            source="chart falco 9.1: its own requests",
        ),
        Pods(
            name="falcosidekick",
            labels=_labels("falcosidekick"),
            replicas=2,
            containers={"falcosidekick": Container(cpu=20, mib=64, limit_mib=128)},
            # Events by rule and priority; what is counted is fetched, so that it connects to nobody.
            metrics=COUNTER_PORT,
            source="chart falcosidekick 0.12: no requests of its own; estimate",
        ),
    ),
    images=(
        Image(name="falco", upstream="docker.io/falcosecurity/falco", tag="0.44.1"),
        Image(name="falcosidekick", upstream="docker.io/falcosecurity/falcosidekick", tag="2.32.0"),
    ),
    context=_context,
)

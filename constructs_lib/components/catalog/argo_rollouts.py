"""Argo Rollouts: canary and blue/green releases, whose traffic the load balancer splits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from config.components import Exposure
from config.deployment import Deployment
from constructs_lib.components.component import Component, Image, OwnChart
from constructs_lib.components.pods import Container, Pods, Sized
from constructs_lib.components.traffic import API_SERVER, INTERNET
from constructs_lib.ingress.balancers import class_name
from constructs_lib.naming import Naming
from constructs_lib.telemetry.analysis import KEY, SECRET, analyses


def _context(deployment: Deployment, naming: Naming) -> Mapping[str, Any]:
    """``classes``: the ingress classes whose weights a rollout may set, also of balancers that aren't there yet;
    names of ``analyses``, ``queries``, where their metrics are asked for, and ``credential`` in a rollout's namespace.
    """
    del naming
    cloud = deployment.grafana_cloud
    return {
        "classes": [class_name(exposure) for exposure in get_args(Exposure)],
        "analyses": analyses(),
        "queries": cloud.queries() if cloud else None,
        "credential": {"secret": SECRET, "key": KEY},
    }


ARGO_ROLLOUTS = Component(
    name="argo-rollouts",
    purpose="Canary and blue/green releases",
    chart="argo-rollouts",
    pods=(
        Pods(
            name="controller",
            labels={
                "app.kubernetes.io/name": "argo-rollouts",
                "app.kubernetes.io/instance": "argo-rollouts",
                "app.kubernetes.io/component": "rollouts-controller",
            },
            replicas=Sized(ha=2, seed_cost=1),
            containers={"argo-rollouts": Container(cpu=100, mib=128, limit_mib=256)},
            metrics=8090,
            # Analyses ask Grafana Cloud; weights are annotations, which the load balancer controller carries out.
            egress=(API_SERVER, INTERNET),
            source="chart argo-rollouts 2.41: no requests of its own; estimate",
        ),
    ),
    images=(Image(name="argo-rollouts", upstream="quay.io/argoproj/argo-rollouts", tag="v1.9.0"),),
    # Its definitions are the chart's own.
    own_charts=(OwnChart(name="rollout-analysis", when=lambda deployment: deployment.components.analysis()),),
    context=_context,
)

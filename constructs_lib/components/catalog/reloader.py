"""Reloader: restarts workloads whose Secrets or ConfigMaps changed."""

from __future__ import annotations

from constructs_lib.components.component import Component, Image
from constructs_lib.components.pods import Container, Pods, Sized
from constructs_lib.components.traffic import API_SERVER

# What a workload carries to be restarted when a Secret or ConfigMap that it uses changes.
RESTART = "reloader.stakater.com/auto"

RELOADER = Component(
    name="reloader",
    purpose="Restarts workloads when a Secret or ConfigMap changes",
    chart="reloader",
    pods=(
        Pods(
            name="reloader",
            labels={"app": "reloader", "release": "reloader"},
            # One acts, the other waits for its lease.
            replicas=Sized(ha=2, seed_cost=1),
            containers={"reloader": Container(cpu=10, mib=64, limit_mib=256)},
            metrics=9090,
            egress=(API_SERVER,),
            source="chart reloader 2.2: no requests of its own; estimate. It caches every Secret and ConfigMap",
        ),
    ),
    images=(Image(name="reloader", upstream="ghcr.io/stakater/reloader", tag="v1.4.21"),),
)

"""The pods of Argo Workflows: controller, server, and the steps of the platform's own workflows."""

from __future__ import annotations

from constructs_lib.components.pods import Container, Pods, Sized
from constructs_lib.components.traffic import API_SERVER, DATABASE, INTERNAL_HOSTS, INTERNET, POD_IDENTITY, aws

_ESTIMATE = "chart argo-workflows 1.0: no requests of its own; estimate"
_INSTANCE = {"app.kubernetes.io/instance": "argo-workflows"}

PODS: tuple[Pods, ...] = (
    Pods(
        name="controller",
        labels={"app.kubernetes.io/name": "argo-workflows-workflow-controller", **_INSTANCE},
        # One acts, the other waits for its lease.
        replicas=Sized(ha=2, seed_cost=1),
        containers={
            "controller": Container(
                cpu=Sized(ha=100, large=500), mib=Sized(ha=256, large=1024), limit_mib=Sized(ha=512, large=2048)
            )
        },
        metrics=9090,
        # It looks up the commands of images that steps name without one.
        egress=(API_SERVER, POD_IDENTITY, DATABASE, aws("ecr.api", "ecr.dkr"), INTERNET),
        source=_ESTIMATE,
    ),
    Pods(
        name="server",
        labels={"app.kubernetes.io/name": "argo-workflows-server", **_INSTANCE},
        replicas=Sized(ha=2, large=3),
        containers={"argo-server": Container(cpu=50, mib=128, limit_mib=256)},
        # The issuer is Argo CD's public name, so its load balancer: on the internet, or in the VPC.
        egress=(API_SERVER, POD_IDENTITY, DATABASE, aws("s3"), INTERNET, INTERNAL_HOSTS),
        source=_ESTIMATE,
    ),
    Pods(
        name="steps",
        # The controller sets it on every pod of a workflow until the pod is done (Argo Workflows, workflow/common,
        # LabelKeyCompleted).
        labels={"workflows.argoproj.io/completed": "false"},
        replicas=0,
        kind="Job",
        containers={
            "main": Container(cpu=100, mib=128, limit_mib=1024),
            "wait": Container(cpu=50, mib=64, limit_mib=256),
        },
        # Argo CD's applications are read from the API server (deploy/argocd-sync).
        egress=(API_SERVER, POD_IDENTITY, aws("s3", "ecr.api", "ecr.dkr"), INTERNET),
        source="defaults of a step that states none; estimate",
    ),
)

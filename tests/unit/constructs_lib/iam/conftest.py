"""What the access tables are evaluated with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.iam.workloads import Made

COMPONENTS = (
    "argo-rollouts",
    "cert-manager",
    "crossplane",
    "external-dns",
    "external-secrets",
    "falco",
    "grafana-agent",
    "kyverno",
    "reloader",
    "velero",
)
WEB = {"argo-events": "events", "argo-workflows": "workflows", "argocd": "argocd", "backstage": "backstage"}


@pytest.fixture
def made() -> Made:
    return Made(
        database_resource_id="cluster-ABCDEFGHIJKL01234",
        database_master_secret_arn="arn:aws:secretsmanager:us-west-2:111122223333:secret:rds!cluster-0123-AbCdEf",
        zone_id="Z0123456789ABC",
    )


@pytest.fixture
def everything_on(deployment_with: Callable[..., Deployment]) -> Deployment:
    """The shipped deployment with every component on."""
    on: dict[str, dict[str, object]] = {name: {"enabled": True} for name in COMPONENTS}
    on |= {name: {"enabled": True, "domain": f"{host}.example.com"} for name, host in WEB.items()}
    return deployment_with({"deployment:components": on})

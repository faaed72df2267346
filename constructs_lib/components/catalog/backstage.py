"""Backstage: the portal. What its image must hold is in ``backstage_plugins``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.deployment import Deployment
from constructs_lib.components.catalog.backstage_catalog import entities
from constructs_lib.components.component import Component, Host, Image, OwnChart, ServerCertificate, SyncedSecret
from constructs_lib.components.images import located, own_image
from constructs_lib.components.pods import Container, Pods, Sized
from constructs_lib.components.traffic import API_SERVER, DATABASE, INTERNET, POD_IDENTITY, aws
from constructs_lib.components.wiring import ROOTS, ROOTS_FILE
from constructs_lib.helm.blocks import Text
from constructs_lib.naming import Naming
from constructs_lib.registry.table import registry
from constructs_lib.teams.catalog import PREFIX

# Component → resources of argoproj.io that the Kubernetes plugin shows.
_ARGO: Mapping[str, tuple[str, ...]] = {
    "argo-rollouts": ("analysisruns", "rollouts"),
    "argo-workflows": ("cronworkflows", "workflows"),
    "argocd": ("applications",),
}
# What a new service is deployed by, and what its image is built on.
_NEEDED = {"argo-rollouts", "argocd"}
_BASE = Image(name="python", upstream="public.ecr.aws/docker/library/python", tag="3.11.13-slim-bookworm")
_CERTIFICATE = "backstage-tls"
# Variables of the configuration ← keys of the stored secrets.
SECRETS = (
    SyncedSecret(
        name="backstage-database",
        path="db/backstage",
        keys={
            "POSTGRES_HOST": "host",
            "POSTGRES_PORT": "port",
            "POSTGRES_DATABASE": "dbname",
            "POSTGRES_USER": "username",
            "POSTGRES_PASSWORD": "password",
        },
    ),
    SyncedSecret(
        name="backstage-keys",
        path="api/backstage",
        keys={"BACKEND_SECRET": "backend-secret", "SESSION_SECRET": "session-secret"},
    ),
    SyncedSecret(
        name="backstage-github-oauth",
        path="oauth/backstage",
        keys={"GITHUB_CLIENT_ID": "client-id", "GITHUB_CLIENT_SECRET": "client-secret"},
    ),
    SyncedSecret(
        name="backstage-github-app",
        path="api/github",
        keys={"GITHUB_APP_ID": "app-id", "GITHUB_APP_PRIVATE_KEY": "private-key"},
    ),
)


def _replicas(deployment: Deployment) -> int:
    settings = deployment.components.backstage
    return settings.replicas if settings else 2


def _image(deployment: Deployment) -> Mapping[str, str]:
    """Parts of the image's reference, as the chart wants them. It takes the digest where there is one."""
    settings = deployment.components.backstage
    reference = own_image(deployment, "backstage", settings.image if settings else None)
    registry, _, rest = reference.partition("/")
    repository, _, digest = rest.partition("@")
    return {
        "registry": registry,
        "repository": repository.partition(":")[0],
        # The chart refuses an empty one, digest or not.
        "tag": deployment.version,
        "digest": digest,
    }


def _context(deployment: Deployment, naming: Naming) -> Mapping[str, Any]:
    on = deployment.components.enabled()
    return {
        "image": _image(deployment),
        "bucket": naming.bucket("techdocs"),
        "certificate": _CERTIFICATE if deployment.transit.to_pods else "",
        "teams_prefix": PREFIX,
        "roots": {"name": ROOTS, "file": ROOTS_FILE},
        "environment": [secret.name for secret in SECRETS],
        "argo": sorted(resource for name in _ARGO if name in on for resource in _ARGO[name]),
        "entities": Text(entities(deployment)),
        "golden_path": _golden_path(deployment) if _NEEDED.issubset(on) else None,
    }


def _golden_path(deployment: Deployment) -> Mapping[str, Any]:
    """Where the template of new services is, and what it asks of the deployment (golden-path/template.yaml)."""
    return {
        "template": f"https://github.com/{deployment.platform.repository}/blob/main/golden-path/template.yaml",
        "parameters": {
            "organization": deployment.github.organization,
            "domain": deployment.platform.domain,
            "registry": registry(deployment),
            "baseImage": located(deployment, _BASE).reference,
            # A word: what is asked of it is whether it is this one.
            "analysis": "metrics" if deployment.components.analysis() else "none",
        },
    }


BACKSTAGE = Component(
    name="backstage",
    purpose="Developer portal",
    chart="backstage",
    pods=(
        Pods(
            name="backstage",
            labels={"app.kubernetes.io/name": "backstage", "app.kubernetes.io/instance": "backstage"},
            replicas=_replicas,
            containers={
                "backstage-backend": Container(
                    cpu=Sized(ha=250, large=500), mib=Sized(ha=512, large=1024), limit_mib=Sized(ha=1024, large=2048)
                )
            },
            egress=(API_SERVER, POD_IDENTITY, DATABASE, aws("s3"), INTERNET),
            source="chart backstage 2.8: no requests of its own; estimate",
        ),
    ),
    identities=("backstage-sa",),
    secrets=SECRETS,
    host=Host(
        pods="backstage",
        service="backstage",
        port=7007,
        target_port=7007,
        health_path="/.backstage/health/v1/readiness",
    ),
    certificates=(
        # Its plugins call each other by that name (Backstage, HostDiscovery).
        ServerCertificate(name=_CERTIFICATE, services=("backstage",), names=("localhost",), host=True),
    ),
    own_charts=(OwnChart(name="backstage-platform", order="before"),),
    context=_context,
    # A dozen plugins migrate their schemas at the first start.
    timeout_seconds=900,
)

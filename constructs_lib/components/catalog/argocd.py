"""Argo CD: what teams deploy, from Git. Its pods are in ``argocd_pods``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.deployment import Deployment
from constructs_lib.components.catalog.argocd_pods import PODS, highly_available
from constructs_lib.components.component import (
    Component,
    Host,
    Image,
    OwnChart,
    Route,
    ServerCertificate,
    SyncedSecret,
)
from constructs_lib.helm.blocks import Text
from constructs_lib.naming import Naming
from constructs_lib.registry.table import registry

# The client by which people sign in to Argo Workflows through Argo CD's Dex, and the Secret that holds it.
WORKFLOWS_CLIENT = "argo-workflows-sso"
# The Secret of the GitHub App, which previews and workflows of teams use too (constructs_lib/teams: previews, git), and
# what runs the job that ends previews.
GITHUB_APP: Mapping[str, str] = {"secret": "argocd-github-app", "key": "githubAppPrivateKey"}
PYTHON = "python"
# The command line speaks gRPC, which a target group of HTTP/1 doesn't carry (Argo CD documentation, Ingress
# Configuration, "AWS Application Load Balancers").
_GRPC = Route(
    service="argocd-server-grpc",
    port=80,
    conditions=(
        {
            "field": "http-header",
            "httpHeaderConfig": {"httpHeaderName": "Content-Type", "values": ["application/grpc"]},
        },
    ),
)


def _context(deployment: Deployment, naming: Naming) -> Mapping[str, Any]:
    """``ha``; ``rbac``, the policy of who may do what; ``registry`` that holds charts; ``managed``, namespaces of the
    platform into which Argo CD deploys."""
    del naming
    github = deployment.github
    enabled = deployment.components.enabled()
    namespaces = {"argo-workflows": "argo", "argo-events": "argo-events"}
    return {
        "ha": highly_available(deployment),
        # Teams have their roles in their own projects (chart idp-team): a team more changes nothing here.
        "rbac": {"policy.csv": Text(f"g, {github.organization}:{github.admin_team}, role:admin\n")},
        "registry": registry(deployment),
        "managed": [namespace for name, namespace in namespaces.items() if name in enabled],
        "workflows_client": WORKFLOWS_CLIENT,
    }


ARGOCD = Component(
    name="argocd",
    purpose="Deployments from Git",
    chart="argo-cd",
    pods=PODS,
    images=(
        Image(name="argocd", upstream="quay.io/argoproj/argocd", tag="v3.4.4"),
        Image(name="dex", upstream="ghcr.io/dexidp/dex", tag="v2.45.1"),
        # The chart names another address of the same registry, which ECR can't cache.
        Image(name="redis", upstream="public.ecr.aws/docker/library/redis", tag="8.2.3-alpine"),
        Image(name="haproxy", upstream="public.ecr.aws/docker/library/haproxy", tag="3.3.10-alpine"),
        Image(name=PYTHON, upstream="public.ecr.aws/docker/library/python", tag="3.11.13-slim-bookworm"),
    ),
    identities=("argocd-sa",),
    secrets=(
        SyncedSecret(
            name="argocd-github-oauth",
            path="oauth/argocd",
            keys={"client-id": "client-id", "client-secret": "client-secret"},
            # Without it Argo CD doesn't take values from a Secret (Argo CD documentation, User Management, "Sensitive
            # Data and SSO Client Secrets").
            labels={"app.kubernetes.io/part-of": "argocd"},
        ),
        # Credentials of every repository whose address starts so: Argo CD documentation, Declarative Setup.
        SyncedSecret(
            name=GITHUB_APP["secret"],
            path="api/github",
            keys={
                "githubAppID": "app-id",
                "githubAppInstallationID": "installation-id",
                GITHUB_APP["key"]: "private-key",
            },
            literals={"type": "git", "url": "https://github.com"},
            labels={"argocd.argoproj.io/secret-type": "repo-creds"},
        ),
    ),
    host=Host(
        pods="server",
        service="argocd-server",
        port=80,
        target_port=8080,
        health_path="/healthz",
        routes=(_GRPC,),
    ),
    # Names that Argo CD looks for (Argo CD documentation, "TLS configuration").
    certificates=(
        ServerCertificate(name="argocd-server-tls", services=("argocd-server",), host=True),
        ServerCertificate(name="argocd-repo-server-tls", services=("argocd-repo-server",)),
        ServerCertificate(name="argocd-dex-server-tls", services=("argocd-dex-server",)),
    ),
    own_charts=(
        OwnChart(
            name="sso-clients",
            order="before",
            when=lambda deployment: "argo-workflows" in deployment.components.enabled(),
        ),
        OwnChart(name="argocd-platform"),
    ),
    context=_context,
    # Three Redis pods start one after the other, and new nodes may be needed for them.
    timeout_seconds=900,
)

"""External Secrets: values of Secrets Manager as Kubernetes Secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.deployment import Deployment
from constructs_lib.components.component import Component, Image, OwnChart
from constructs_lib.components.pods import Container, Pods, Sized
from constructs_lib.components.stores import Store, stores
from constructs_lib.components.traffic import API_SERVER, GITHUB, POD_IDENTITY, aws
from constructs_lib.naming import Naming

_INSTANCE = {"app.kubernetes.io/instance": "external-secrets"}
_CHART = "chart external-secrets 2.9"


def _context(deployment: Deployment, naming: Naming) -> Mapping[str, Any]:
    return {"stores": [_store(store, naming) for store in stores(deployment)]}


def _store(store: Store, naming: Naming) -> dict[str, Any]:
    found: dict[str, Any] = {"name": store.name, "prefix": store.prefix}
    found |= {key: list(value) for key in ("namespaces", "scopes") if (value := getattr(store, key))}
    return found | ({"role": naming.role_arn(store.becomes)} if store.becomes else {})


EXTERNAL_SECRETS = Component(
    name="external-secrets",
    purpose="Secrets Manager entries as Kubernetes Secrets",
    chart="external-secrets",
    pods=(
        Pods(
            name="controller",
            labels={"app.kubernetes.io/name": "external-secrets", **_INSTANCE},
            replicas=Sized(ha=2, seed_cost=1),
            containers={"external-secrets": Container(cpu=50, mib=128, limit_mib=256)},
            priority="platform-critical",
            metrics=8080,
            # The registry's token for Argo CD is made here as well (generator ECRAuthorizationToken).
            # So are tokens of the GitHub App, for previews and teams' workflows (generator GithubAccessToken).
            egress=(API_SERVER, POD_IDENTITY, aws("secretsmanager", "ecr.api"), GITHUB),
            source=f"{_CHART}: no requests of its own; estimate",
        ),
        Pods(
            name="webhook",
            labels={"app.kubernetes.io/name": "external-secrets-webhook", **_INSTANCE},
            replicas=2,
            containers={"webhook": Container(cpu=20, mib=64, limit_mib=128)},
            priority="platform-critical",
            metrics=8080,
            webhooks=(10250,),
            egress=(API_SERVER,),
            source=f"{_CHART}: no requests of its own; estimate",
        ),
        Pods(
            name="cert-controller",
            labels={"app.kubernetes.io/name": "external-secrets-cert-controller", **_INSTANCE},
            replicas=Sized(ha=2, seed_cost=1),
            containers={"cert-controller": Container(cpu=20, mib=64, limit_mib=128)},
            priority="platform-critical",
            metrics=8080,
            egress=(API_SERVER,),
            source=f"{_CHART}: no requests of its own; estimate",
        ),
    ),
    images=(Image(name="controller", upstream="ghcr.io/external-secrets/external-secrets", tag="v2.9.0"),),
    identities=("external-secrets-sa",),
    # Stores after the release: its webhook refuses them until it answers.
    own_charts=(OwnChart(name="secret-stores"),),
    context=_context,
)

"""What a component gets from us beside its chart: values of our chart ``component-base``. Pure: imports no engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from config.components import WebComponent
from config.deployment import Deployment
from constructs_lib.components.component import Component, Host, SyncedSecret
from constructs_lib.components.pods import placed
from constructs_lib.components.policies import Components, policies
from constructs_lib.components.stores import place
from constructs_lib.data.databases_table import TABLE as DATABASES
from constructs_lib.helm.blocks import Text, block, remember
from constructs_lib.ingress.balancers import class_name

BASE = "component-base"
INGRESS = "component-ingress"
# A ConfigMap with the certificates by which Amazon RDS signs those of its servers (Aurora User Guide, "Using SSL/TLS to
# encrypt a connection to a DB cluster").
ROOTS = "rds-roots"
ROOTS_FILE = "rds-roots.pem"
RDS_ROOTS = Path(__file__).resolve().parent.parent.parent / "images" / "database-bootstrap" / ROOTS_FILE
# A run of the bootstrap job makes a password that is read here unusable at once, so the new one must come soon. Each
# reading is one GetSecretValue and one Decrypt: 43,800 a month for each secret at 1m, 0.35 USD (AWS Secrets Manager
# pricing, 0.05 USD per 10,000 calls; AWS KMS pricing, 0.03 USD). What people write may wait.
_REFRESH, _REFRESH_DATABASE = "1h", "1m"
# AWS Load Balancer Controller documentation, "Ingress annotations".
CONTROLLER = "alb.ingress.kubernetes.io"
_DATABASE_SECRETS = frozenset(row.secret for row in DATABASES)


def base_name(component: Component) -> str:
    return f"{component.name}-base"


def ingress_name(component: Component) -> str:
    return f"{component.name}-ingress"


def refresh_interval(path: str) -> str:
    """How often the secret ``path`` (``db/backstage``) is read anew, as Kubernetes writes durations."""
    return _REFRESH_DATABASE if path in _DATABASE_SECRETS else _REFRESH


def base_values(component: Component, deployment: Deployment, everyone: Components) -> str:
    """The values file of ``component``'s base; ``everyone`` holds all components that are on, by name."""
    values = {
        "externalSecrets": [_external_secret(each) for each in component.secrets],
        "configMaps": _config_maps(component),
        "networkPolicies": policies(component, deployment, everyone),
        "podDisruptionBudgets": [
            {"name": f"{component.name}-{pods.name}", "labels": dict(pods.labels)}
            for pods in component.running(deployment)
            if pods.own_budget and placed(pods, deployment).budget
        ],
    }
    said = f"# What component {component.name} has before its chart: from the registry of components."
    return remember(f"{said}\n{block(values)}\n", values)


def ingress_values(component: Component, host: Host, settings: WebComponent, *, to_pods: bool = False) -> str:
    """The values file of the component's address. ``to_pods``: whether the load balancer speaks TLS to pods, too.

    Whose certificates it takes as they are (Elastic Load Balancing User Guide, "Target groups for your Application Load
    Balancers"): docs/adr/0029.
    """
    annotations = {
        "listen-ports": json.dumps([{"HTTP": 80}, {"HTTPS": 443}]),
        "ssl-redirect": "443",
        "backend-protocol": "HTTPS" if to_pods else "HTTP",
        **({"healthcheck-protocol": "HTTPS"} if to_pods else {}),
        "healthcheck-path": host.health_path,
        "success-codes": host.success_codes,
        "target-group-attributes": "deregistration_delay.timeout_seconds=30",
    }
    annotations |= {f"conditions.{each.service}": json.dumps(list(each.conditions)) for each in host.routes}
    routes = [*((each.service, each.port) for each in host.routes), (host.service, host.port)]
    values = {
        "name": component.name,
        "host": settings.domain,
        "class": class_name(settings.exposure),
        "annotations": {f"{CONTROLLER}/{key}": value for key, value in annotations.items()},
        "routes": [{"service": service, "port": port} for service, port in routes],
    }
    said = f"# The address of component {component.name}: from the registry of components."
    return remember(f"{said}\n{block(values)}\n", values)


def _config_maps(component: Component) -> list[dict[str, Any]]:
    """Roots by which a component with a database proves the server: those that the bootstrap job has, too."""
    if component.name not in {row.component for row in DATABASES}:
        return []
    return [{"name": ROOTS, "data": {ROOTS_FILE: Text(RDS_ROOTS.read_text(encoding="utf-8"))}}]


def _external_secret(secret: SyncedSecret) -> dict[str, Any]:
    store, key = place(secret.path)
    return {
        "name": secret.name,
        "store": store,
        "key": key,
        "keys": dict(secret.keys),
        "literals": dict(secret.literals),
        "labels": dict(secret.labels),
        "refreshInterval": refresh_interval(secret.path),
    }

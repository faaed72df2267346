"""Values of the chart ``database-bootstrap`` (docs/adr/0012). Pure: imports no engine."""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from constructs_lib.components.images import own_image
from constructs_lib.components.pods import ON_PLATFORM_NODES
from constructs_lib.data.aurora_settings import PORT
from constructs_lib.data.databases_table import settings
from constructs_lib.network.pod_policies import Rules, ports

# Namespace and service account of the role database-bootstrap-sa.
NAMESPACE = "database-bootstrap"
SERVICE_ACCOUNT = "database-bootstrap"
CHART = "database-bootstrap"
WORKLOAD = "database-bootstrap-sa"


def job_image(deployment: Deployment) -> str:
    """The job's image: the chosen one, else our repository's by the deployment's version (docs/adr/0014)."""
    return own_image(deployment, CHART, deployment.aurora.bootstrap_image)


def job_values(deployment: Deployment, *, image: str) -> dict[str, Any]:
    """What one file beside the JSON can hold. ``image`` is the job's image, by digest or by our own tag."""
    rules = Rules(deployment)
    return {
        "image": image,
        "serviceAccount": {"name": SERVICE_ACCOUNT},
        "settings": settings(deployment),
        **ON_PLATFORM_NODES,
        "networkPolicy": {
            # Name resolution is the namespace's, in chart cluster-base.
            "egress": [
                rules.pod_identity(),
                {"to": [rules.subnets("isolated")], "ports": ports(PORT)},
                *rules.aws("secretsmanager"),
            ]
        },
    }


def values_of_other_stacks(*, host: str, master_secret_arn: str) -> dict[str, Any]:
    """``host`` is the cluster's writer endpoint, ``master_secret_arn`` names the secret that RDS manages."""
    return {"settings": {"host": host, "masterSecret": master_secret_arn}}

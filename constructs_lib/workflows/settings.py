"""Values of charts ``workflow-templates`` and ``build-daemon``. Pure: imports no engine."""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from config.sizing import SizingProfile
from config.versions import PNPM, WORKFLOW_IMAGES
from constructs_lib.addons.namespaces import BUILDS, NAMESPACES, PULL_REQUESTS
from constructs_lib.components.component import Image
from constructs_lib.components.images import located, own_image
from constructs_lib.kms.table import SIGNING
from constructs_lib.naming import Naming
from constructs_lib.registry.table import registry
from constructs_lib.teams.kinds import FULL, READ, kinds
from constructs_lib.workflows.daemons import (
    CLIENT_SECRET,
    DAEMONS,
    EXCEPTION_REASON,
    EXCEPTION_UNTIL,
    PLACEMENT,
    PORT,
    TRUSTED,
    UNTRUSTED,
)

TEMPLATES_CHART, DAEMON_CHART = "workflow-templates", "build-daemon"
STRANGER = "pull-request"
# What pipelines of a team deploy as, in its namespace.
DEPLOYER, DEPLOYER_ROLE = "workflows-deployer", "platform-workflow-deployer"
# What sensors start workflows as: in teams' namespaces, in that of strangers' code alone, in the platform's own alone.
SENSOR, STRANGER_SENSOR, DOCS_SENSOR = "argo-events-sensor", "argo-events-stranger", "argo-events-docs"
# Of one daemon: a build of four steps at once. Estimate.
_REQUESTS: dict[SizingProfile, tuple[str, str]] = {
    "seed-cost": ("300m", "768Mi"),
    "ha": ("500m", "1Gi"),
    "large": ("1500m", "3Gi"),
}
# Two checks at a time, of four gibibytes each (pipelines/pull-request.yaml).
_QUOTA = {"requests.cpu": "4", "requests.memory": "8Gi", "limits.memory": "16Gi", "pods": "8", "count/secrets": "2"}
_LIMITS = {
    "max": {"cpu": "2", "memory": "4Gi"},
    "default": {"memory": "512Mi"},
    "defaultRequest": {"cpu": "50m", "memory": "64Mi"},
}


def template_settings(deployment: Deployment, naming: Naming) -> dict[str, str]:
    """What the templates of ``workflow-templates/`` leave open, by the name that they use."""
    return {
        **{f"image.{name}": image(deployment, name) for name in ("maven", "node")},
        **{f"image.{name}": own_image(deployment, name) for name in ("ci-tools", "techdocs-builder")},
        "version.pnpm": PNPM,
        "registry": registry(deployment),
        "builder.address": TRUSTED.address,
        "builder.untrusted": UNTRUSTED.address,
        "builder.secret": CLIENT_SECRET,
        # cosign documentation, "KMS integrations": awskms:/// with three slashes where no endpoint is named.
        "signing.key": f"awskms:///alias/{naming.name(SIGNING)}",
        "techdocs.bucket": naming.bucket("techdocs"),
        "argocd.namespace": NAMESPACES["argocd"].name,
    }


def image(deployment: Deployment, name: str) -> str:
    """Reference of a row of ``config.versions.WORKFLOW_IMAGES``, from the cache of its registry where there is one."""
    row = WORKFLOW_IMAGES[name]
    return located(deployment, Image(name=name, upstream=f"{row.registry}/{row.repository}", tag=row.tag)).reference


def untrusted(deployment: Deployment) -> dict[str, Any]:
    """The namespace of strangers' code."""
    events = "argo-events" in deployment.components.enabled()
    return {
        "namespace": PULL_REQUESTS.name,
        "account": STRANGER,
        "quota": _QUOTA,
        "limits": _LIMITS,
        "sensor": STRANGER_SENSOR if events else "",
        "sensorNamespace": NAMESPACES["argo-events"].name if events else "",
    }


def documentation(deployment: Deployment) -> dict[str, str] | None:
    """Who starts the workflows that publish documentation, and where; None where no events are on."""
    if "argo-events" not in deployment.components.enabled():
        return None
    return {
        "namespace": NAMESPACES["argo-workflows"].name,
        "sensor": DOCS_SENSOR,
        "sensorNamespace": NAMESPACES["argo-events"].name,
    }


def deployer_rules(deployment: Deployment) -> list[dict[str, Any]]:
    """RBAC rules of who deploys for a team: what Argo CD may deploy for it, and what Helm looks at while it waits."""
    found: dict[str, list[str]] = {}
    for row in kinds(deployment):
        if row.deployed:
            found.setdefault(row.group, []).append(row.resource)
    rules = [{"apiGroups": [group], "resources": names, "verbs": list(FULL)} for group, names in found.items()]
    executor = {"apiGroups": ["argoproj.io"], "resources": ["workflowtaskresults"], "verbs": ["create", "patch"]}
    return [*rules, {"apiGroups": [""], "resources": ["pods", "events"], "verbs": list(READ)}, executor]


def build_daemon(deployment: Deployment) -> dict[str, Any]:
    """Values of chart ``build-daemon``."""
    cpu, memory = _REQUESTS[deployment.sizing]
    return {
        "namespace": BUILDS.name,
        "issuerNamespace": NAMESPACES["cert-manager"].name,
        "image": image(deployment, "buildkit"),
        "port": PORT,
        "clientSecret": CLIENT_SECRET,
        "exception": {
            "owner": deployment.platform.owner,
            "until": EXCEPTION_UNTIL,
            "reason": EXCEPTION_REASON,
        },
        "daemons": [
            {"name": each.name, "labels": each.labels, "cache": each.cache, "clients": list(each.clients)}
            for each in DAEMONS
        ],
        "resources": {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": "4Gi"}},
        "priorityClassName": "platform",
        "storageClassName": "gp3",
        **PLACEMENT,
    }

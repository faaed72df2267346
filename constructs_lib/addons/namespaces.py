"""The platform's namespaces: which component lives where, and what its pods may do there. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from config.deployment import Deployment
from constructs_lib.data.databases_table import made_by_job

# Kubernetes documentation, "Pod Security Standards".
PodSecurity = Literal["privileged", "baseline", "restricted"]
KUBE_SYSTEM = "kube-system"
MONITORING = "monitoring"


@dataclass(frozen=True, kw_only=True)
class Namespace:
    """``pod_security`` is the level that admission enforces; where it isn't the strictest, ``reason`` says why."""

    name: str
    pod_security: PodSecurity = "restricted"
    reason: str = ""


# Component of the deployment file → its namespace.
NAMESPACES: Mapping[str, Namespace] = {
    "argo-events": Namespace(
        name="argo-events", pod_security="baseline", reason="JetStream's pods set no seccomp profile"
    ),
    "argo-rollouts": Namespace(name="argo-rollouts"),
    "argo-workflows": Namespace(
        name="argo", pod_security="baseline", reason="steps of workflows bring images of their own"
    ),
    "argocd": Namespace(name="argocd"),
    "backstage": Namespace(name="backstage"),
    "cert-manager": Namespace(name="cert-manager"),
    "crossplane": Namespace(
        name="crossplane-system", pod_security="baseline", reason="provider pods are made by Crossplane"
    ),
    "external-dns": Namespace(name="external-dns"),
    "external-secrets": Namespace(name="external-secrets"),
    "falco": Namespace(
        name="falco", pod_security="privileged", reason="its probe needs capabilities and paths of the host"
    ),
    "grafana-agent": Namespace(
        name=MONITORING, pod_security="privileged", reason="node exporter and log collector use the host"
    ),
    "kyverno": Namespace(name="kyverno"),
    "reloader": Namespace(name="reloader"),
    "velero": Namespace(name="velero"),
}

# Of the job that makes the components' places on the database.
DATABASE_BOOTSTRAP = Namespace(name="database-bootstrap")
# Of the daemons that build images for workflows (docs/adr/0017).
BUILDS = Namespace(
    name="builds", pod_security="privileged", reason="buildkitd makes user namespaces: no seccomp and AppArmor profile"
)
# Where the add-on aws-guardduty-agent puts its pods.
GUARDDUTY = Namespace(
    name="amazon-guardduty", pod_security="privileged", reason="its agent looks at the host's processes and network"
)
# Of workflows whose code nobody has reviewed.
PULL_REQUESTS = Namespace(name="pull-requests")


def builds_images(deployment: Deployment) -> bool:
    """Whether workflows can build images: clients and daemons know each other by cert-manager's certificates."""
    return {"argo-workflows", "cert-manager"} <= set(deployment.components.enabled())


def platform_namespaces(deployment: Deployment) -> tuple[Namespace, ...]:
    """The namespaces of the components that ``deployment`` switches on and of what they need, sorted by name."""
    found = {NAMESPACES[component].name: NAMESPACES[component] for component in deployment.components.enabled()}
    if made_by_job(deployment):
        found[DATABASE_BOOTSTRAP.name] = DATABASE_BOOTSTRAP
    if deployment.account.guardduty == "managed":
        found[GUARDDUTY.name] = GUARDDUTY
    if builds_images(deployment):
        found |= {each.name: each for each in (BUILDS, PULL_REQUESTS)}
    return tuple(found[name] for name in sorted(found))

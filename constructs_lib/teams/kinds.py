"""The table of what people of a team may do with Kubernetes objects, by place. Pure: imports no engine.

RBAC roles (chart ``shared-namespaces``), what an Argo CD project may deploy (chart ``idp-team``) and docs/ACCESS.md
come from it. Role "admin" of Kubernetes isn't used: it grows with every chart that aggregates to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from config.deployment import Deployment

Level = Literal["full", "read", "use", ""]
# What a role is for: developers and viewers in the team's namespace, developers in the shared ones, people of a team in
# Argo Workflows (by service account), and pods of workflows.
Role = Literal["developer", "viewer", "staging", "sandbox", "workflows-developer", "workflows-viewer", "executor"]

READ = ("get", "list", "watch")
FULL = (*READ, "create", "update", "patch", "delete", "deletecollection")
# Subresources that are called and not kept. Newer clients open streams by GET, older ones by POST (Kubernetes
# documentation, "Authorization", "Determine the request verb"): whoever may get may run commands.
USE = ("create", "get")
_VERBS: dict[Level, tuple[str, ...]] = {"full": FULL, "read": READ, "use": USE}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One row. ``kind`` is empty for a subresource; ``component``: the row is there where the component is on.

    ``deployed``: whether Argo CD may make it for a team. It acts with rights of its own, so what developers may not
    write is not deployed either.
    """

    group: str
    resource: str
    kind: str = ""
    developer: Level = ""
    viewer: Level = ""
    staging: Level = ""
    sandbox: Level = ""
    workflows_developer: Level = ""
    workflows_viewer: Level = ""
    deployed: bool = False
    component: str = ""

    def level(self, role: Role) -> Level:
        if role == "executor":
            return ""
        found: Level = getattr(self, role.replace("-", "_"))
        return found


def _work(group: str, resource: str, kind: str, *, component: str = "") -> Kind:
    """What applications are made of: developers' own, to look at for viewers."""
    return Kind(
        group=group,
        resource=resource,
        kind=kind,
        developer="full",
        viewer="read",
        staging="full",
        sandbox="full",
        deployed=True,
        component=component,
    )


def _shown(group: str, resource: str, kind: str = "", *, component: str = "") -> Kind:
    """What belongs to the platform or to a controller, to look at."""
    return Kind(
        group=group,
        resource=resource,
        kind=kind,
        developer="read",
        viewer="read",
        staging="read",
        sandbox="read",
        component=component,
    )


def _called(resource: str) -> Kind:
    """Commands and tunnels into pods: not in staging, where pods of all teams are."""
    return Kind(group="", resource=resource, developer="use", sandbox="use")


def _workflow(resource: str, kind: str, *, deployed: bool) -> Kind:
    return Kind(
        group="argoproj.io",
        resource=resource,
        kind=kind,
        developer="full",
        viewer="read",
        workflows_developer="full",
        workflows_viewer="read",
        deployed=deployed,
        component="argo-workflows",
    )


_POD_READ: Level = "read"

KINDS: tuple[Kind, ...] = (
    Kind(
        group="",
        resource="pods",
        kind="Pod",
        developer="full",
        viewer="read",
        staging="read",
        sandbox="full",
        workflows_developer=_POD_READ,
        workflows_viewer=_POD_READ,
    ),
    Kind(
        group="",
        resource="pods/log",
        developer="read",
        viewer="read",
        staging="read",
        sandbox="read",
        workflows_developer=_POD_READ,
        workflows_viewer=_POD_READ,
    ),
    _called("pods/attach"),
    _called("pods/exec"),
    _called("pods/portforward"),
    _called("pods/eviction"),
    _work("", "services", "Service"),
    _work("", "configmaps", "ConfigMap"),
    _work("", "persistentvolumeclaims", "PersistentVolumeClaim"),
    _work("", "serviceaccounts", "ServiceAccount"),
    # In shared namespaces they would be those of other teams. Argo CD deploys ExternalSecrets in their place.
    Kind(group="", resource="secrets", kind="Secret", developer="full"),
    _shown("", "endpoints"),
    _shown("", "events"),
    _shown("", "limitranges"),
    _shown("", "resourcequotas"),
    _work("apps", "deployments", "Deployment"),
    _work("apps", "deployments/scale", ""),
    _work("apps", "statefulsets", "StatefulSet"),
    _work("apps", "statefulsets/scale", ""),
    _work("apps", "replicasets", "ReplicaSet"),
    _work("apps", "daemonsets", "DaemonSet"),
    _work("autoscaling", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
    _work("batch", "cronjobs", "CronJob"),
    _work("batch", "jobs", "Job"),
    _work("coordination.k8s.io", "leases", "Lease"),
    _work("networking.k8s.io", "ingresses", "Ingress"),
    _work("policy", "poddisruptionbudgets", "PodDisruptionBudget"),
    _shown("discovery.k8s.io", "endpointslices"),
    _shown("events.k8s.io", "events"),
    _shown("metrics.k8s.io", "pods"),
    _shown("networking.k8s.io", "networkpolicies"),
    # Kubernetes lets nobody give rights that they don't have; the platform's own bindings are kept by admission.
    # Argo CD may give any, so it deploys none.
    Kind(group="rbac.authorization.k8s.io", resource="roles", kind="Role", developer="full", viewer="read"),
    Kind(
        group="rbac.authorization.k8s.io", resource="rolebindings", kind="RoleBinding", developer="full", viewer="read"
    ),
    _work("snapshot.storage.k8s.io", "volumesnapshots", "VolumeSnapshot"),
    _workflow("workflows", "Workflow", deployed=False),
    _workflow("workflowtemplates", "WorkflowTemplate", deployed=True),
    _workflow("cronworkflows", "CronWorkflow", deployed=True),
    _workflow("workfloweventbindings", "WorkflowEventBinding", deployed=True),
    _shown("argoproj.io", "workflowtaskresults", component="argo-workflows"),
    _shown("argoproj.io", "workflowtasksets", component="argo-workflows"),
    _work("argoproj.io", "rollouts", "Rollout", component="argo-rollouts"),
    _work("argoproj.io", "rollouts/status", "", component="argo-rollouts"),
    _work("argoproj.io", "analysistemplates", "AnalysisTemplate", component="argo-rollouts"),
    _work("argoproj.io", "analysisruns", "AnalysisRun", component="argo-rollouts"),
    _work("argoproj.io", "experiments", "Experiment", component="argo-rollouts"),
    # A store names the role that reads for it, and a generator uses the controller's: both are the platform's.
    Kind(
        group="external-secrets.io",
        resource="externalsecrets",
        kind="ExternalSecret",
        developer="full",
        viewer="read",
        deployed=True,
        component="external-secrets",
    ),
    _shown("external-secrets.io", "secretstores", component="external-secrets"),
    _work("monitoring.coreos.com", "podmonitors", "PodMonitor", component="grafana-agent"),
    _work("monitoring.coreos.com", "servicemonitors", "ServiceMonitor", component="grafana-agent"),
)

# Versions of API groups that aren't at v1.
_API_VERSIONS: Mapping[str, str] = {
    "argoproj.io": "v1alpha1",
    "autoscaling": "v2",
}

# What the executor itself writes (Argo Workflows documentation, "Workflow RBAC").
_EXECUTOR = {"apiGroups": ["argoproj.io"], "resources": ["workflowtaskresults"], "verbs": ["create", "patch"]}


def cluster_role(role: Role) -> str:
    """The ClusterRole that chart ``shared-namespaces`` makes of ``role``."""
    return f"platform-team-{role}"


def api_version(group: str) -> str:
    """The version by which an API group of ``KINDS`` is served."""
    return _API_VERSIONS.get(group, "v1")


def kinds(deployment: Deployment) -> Iterator[Kind]:
    """The rows that ``deployment`` has."""
    on = set(deployment.components.enabled())
    return (row for row in KINDS if not row.component or row.component in on)


def rules(deployment: Deployment, role: Role) -> list[dict[str, Any]]:
    """RBAC rules of ``role``: one for each API group and set of verbs."""
    if role == "executor":
        return [dict(_EXECUTOR)]
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in kinds(deployment):
        if level := row.level(role):
            found.setdefault((row.group, _VERBS[level]), []).append(row.resource)
    return [
        {"apiGroups": [group], "resources": resources, "verbs": list(verbs)}
        for (group, verbs), resources in found.items()
    ]


def deployable(deployment: Deployment) -> list[dict[str, str]]:
    """What an Argo CD project of a team may deploy."""
    return [{"group": row.group, "kind": row.kind} for row in kinds(deployment) if row.deployed and row.kind]

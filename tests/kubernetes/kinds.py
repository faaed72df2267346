"""Names and scopes of the custom resources that the offline schemas describe, as each project defines them."""

from __future__ import annotations

from collections.abc import Mapping

CLUSTER_SCOPED: Mapping[str, tuple[str, ...]] = {
    "aws.m.upbound.io": ("ClusterProviderConfig",),
    "argoproj.io": ("ClusterAnalysisTemplate", "ClusterWorkflowTemplate"),
    "cert-manager.io": ("ClusterIssuer",),
    "crd.k8s.amazonaws.com": ("ENIConfig",),
    "elbv2.k8s.aws": ("IngressClassParams",),
    "external-secrets.io": ("ClusterExternalSecret", "ClusterSecretStore"),
    "karpenter.k8s.aws": ("EC2NodeClass",),
    "karpenter.sh": ("NodeClaim", "NodePool"),
    "kyverno.io": ("ClusterCleanupPolicy", "ClusterPolicy"),
    "networking.k8s.aws": ("ClusterNetworkPolicy",),
    "pkg.crossplane.io": ("Configuration", "DeploymentRuntimeConfig", "Function", "ImageConfig", "Provider"),
    "policies.kyverno.io": (
        "DeletingPolicy",
        "GeneratingPolicy",
        "ImageValidatingPolicy",
        "MutatingPolicy",
        "ValidatingPolicy",
    ),
    "snapshot.storage.k8s.io": ("VolumeSnapshotClass",),
}
NAMESPACED: Mapping[str, tuple[str, ...]] = {
    "argoproj.io": (
        "AnalysisTemplate",
        "AppProject",
        "Application",
        "ApplicationSet",
        "CronWorkflow",
        "EventBus",
        "EventSource",
        "Rollout",
        "Sensor",
        "WorkflowEventBinding",
        "WorkflowTemplate",
    ),
    "cert-manager.io": ("Certificate", "Issuer"),
    "elbv2.k8s.aws": ("TargetGroupBinding",),
    "external-secrets.io": ("ExternalSecret", "PushSecret", "SecretStore"),
    "generators.external-secrets.io": ("ECRAuthorizationToken", "GithubAccessToken", "Password"),
    "kyverno.io": ("CleanupPolicy", "Policy", "PolicyException"),
    "monitoring.coreos.com": ("PodMonitor", "PrometheusRule", "ServiceMonitor"),
    "networking.k8s.aws": ("ApplicationNetworkPolicy", "PolicyEndpoint"),
    "policies.kyverno.io": ("PolicyException",),
    "velero.io": ("Backup", "BackupStorageLocation", "Schedule", "VolumeSnapshotLocation"),
}
# Those whose plural isn't the English one.
PLURALS = {"EventBus": "eventbus", "IngressClassParams": "ingressclassparams"}


def kind_named(group: str, lower_case: str) -> str:
    """The kind of ``group`` that ``lower_case`` spells. Raises KeyError for one that isn't listed."""
    known = {kind.lower(): kind for kind in (*CLUSTER_SCOPED.get(group, ()), *NAMESPACED.get(group, ()))}
    return known[lower_case]


def plural(kind: str) -> str:
    """The plural by which the API names ``kind``: "NodePool" → "nodepools"."""
    name = kind.lower()
    if kind in PLURALS:
        return PLURALS[kind]
    if name.endswith("y"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith("s") else f"{name}s"

"""Objects of the cluster by kind, namespace and name, and how values files say that they are made. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from constructs_lib.guardrails.values import Placed, entries


class Made(NamedTuple):
    """An object in the cluster. ``namespace`` is empty for kinds that have none."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


WITHOUT_NAMESPACE = frozenset(
    {
        "ClusterAnalysisTemplate",
        "ClusterIssuer",
        "ClusterProviderConfig",
        "ClusterRole",
        "ClusterRoleBinding",
        "ClusterWorkflowTemplate",
        "ClusterSecretStore",
        "CustomResourceDefinition",
        "DeletingPolicy",
        "DeploymentRuntimeConfig",
        "EC2NodeClass",
        "GeneratingPolicy",
        "ImageConfig",
        "ImageValidatingPolicy",
        "IngressClass",
        "IngressClassParams",
        "MutatingPolicy",
        "Namespace",
        "NodePool",
        "PriorityClass",
        "Provider",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingPolicy",
        "VolumeSnapshotClass",
    }
)


# By the conventions of most charts: what has a name under such a key is made by the release (``serviceAccount: {name:
# x}``), unless it says ``create: false``.
_ACCOUNT = "serviceAccount"
# What lists of these names mean in each of our charts.
_LISTS: Mapping[str, tuple[str, ...]] = {
    "configMaps": ("ConfigMap",),
    # The Secret is made by External Secrets, of the same name.
    "externalSecrets": ("ExternalSecret", "Secret"),
    "namespaces": ("Namespace",),
    "networkPolicies": ("NetworkPolicy",),
    "podDisruptionBudgets": ("PodDisruptionBudget",),
    "priorityClasses": ("PriorityClass",),
    "serviceAccounts": ("ServiceAccount",),
}


def accounts(value: Any, key: str = "") -> Iterator[str]:
    """Names of the service accounts that a release with these values makes."""
    if isinstance(value, Mapping):
        for account in (value, *value.values()) if key == _ACCOUNT else ():
            if isinstance(account, Mapping) and isinstance(account.get("name"), str) and account.get("create", True):
                yield account["name"]
        for name, item in value.items():
            if isinstance(item, (Mapping, list, tuple)) and name != "networkPolicies":
                yield from accounts(item, str(name))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from accounts(item)


def each_of(placed: Placed, kind: str, *path: str, suffix: str = "", where: str = "") -> Iterator[Made]:
    """One for each entry of the list at ``path``, in its own namespace or the release's; those with ``where`` only."""
    for entry in entries(placed.values, *path):
        if not where or entry.get(where):
            yield Made(kind, str(entry.get("namespace", placed.namespace)), f"{entry['name']}{suffix}")


def text(placed: Placed, *path: str) -> str:
    """The text at ``path`` of the values; empty where there is none."""
    value: Any = placed.values
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


def certificate(namespace: str, secret: str) -> Iterator[Made]:
    """A certificate, and the Secret of the same name that cert-manager makes of it."""
    for kind in ("Certificate", "Secret"):
        yield Made(kind, namespace, secret)


def by_convention(placed: Placed) -> Iterator[Made]:
    """What lists of these names mean in each of our charts."""
    for key, kinds in _LISTS.items():
        for kind in kinds:
            yield from each_of(placed, kind, key)
    for account in accounts(placed.values):
        yield Made("ServiceAccount", placed.namespace, account)

"""What each of our own charts makes, from its values alone. Pure.

The tests of rung 4 render every chart with Helm and compare.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from constructs_lib.guardrails.delivery_charts import delivered, preview_namespaces
from constructs_lib.guardrails.objects import Made, by_convention, certificate, each_of, text
from constructs_lib.guardrails.values import Placed
from constructs_lib.guardrails.workflow_charts import build_daemon, events, of_git, of_pipelines, workflow_templates
from constructs_lib.helm.charts import local_chart

_POLICY = re.compile(r"^kind: (\w+)$.*?^  name: ([a-z0-9.-]+)$", re.MULTILINE | re.DOTALL)
Maker = Callable[[Placed], Iterator[Made]]


def _accounts_with_tokens(placed: Placed) -> Iterator[Made]:
    yield from each_of(placed, "ServiceAccount", "serviceAccounts")
    yield from each_of(placed, "Secret", "serviceAccounts", suffix=".service-account-token", where="token")


def _given(placed: Placed) -> Iterator[Made]:
    """What the platform gives to namespaces of teams: External Secrets makes the Secret, of the same name."""
    for kind in ("ExternalSecret", "Secret"):
        yield from each_of(placed, kind, "externalSecrets")


def _fixed(*objects: tuple[str, str]) -> Maker:
    def made(placed: Placed) -> Iterator[Made]:
        for kind, name in objects:
            yield Made(kind, placed.namespace, name)

    return made


def _cluster_base(placed: Placed) -> Iterator[Made]:
    yield from by_convention(placed)
    yield Made("StorageClass", "", text(placed, "storage", "class"))
    yield Made("VolumeSnapshotClass", "", text(placed, "storage", "snapshotClass"))
    for entry in placed.entries("namespaces"):
        for policy in ("default-deny", "allow-dns"):
            yield Made("NetworkPolicy", str(entry["name"]), policy)
        yield Made("RoleBinding", str(entry["name"]), "platform-operators")
    yield Made("RoleBinding", "kube-system", "platform-operators-view")
    for role in ("platform-cluster-reader", "platform-operator"):
        yield Made("ClusterRole", "", role)
    for binding in ("platform-cluster-readers", "platform-viewers"):
        yield Made("ClusterRoleBinding", "", binding)


def _team(placed: Placed) -> Iterator[Made]:
    home = text(placed, "team", "namespace")
    yield from each_of(placed, "Namespace", "namespaces")
    yield from each_of(placed, "RoleBinding", "bindings")
    yield from _accounts_with_tokens(placed)
    for kind in ("LimitRange", "ResourceQuota"):
        yield Made(kind, home, "team")
    for entry in (*placed.entries("networkPolicies"), *placed.entries("ownPolicies")):
        yield Made("NetworkPolicy", home, str(entry["name"]))
    yield from _given(placed)
    if placed.values.get("secretStore"):
        yield Made("SecretStore", home, text(placed, "secretStore", "name"))
    yield from delivered(placed, home)
    if placed.values.get("pipelines"):
        yield from of_pipelines(placed, home)
    if placed.values.get("git"):
        yield from of_git(placed, home)


def _shared_namespaces(placed: Placed) -> Iterator[Made]:
    yield from each_of(placed, "Namespace", "namespaces")
    yield from each_of(placed, "ClusterRole", "roles")
    yield from _given(placed)
    if placed.values.get("cleaning"):
        yield Made("ClusterRole", "", "platform-namespace-ttl")
    for kind in ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"):
        yield Made(kind, "", "platform-owned")
    for entry in placed.entries("namespaces"):
        for kind in ("LimitRange", "ResourceQuota"):
            yield Made(kind, str(entry["name"]), "shared")
        for policy in placed.entries("networkPolicies"):
            yield Made("NetworkPolicy", str(entry["name"]), str(policy["name"]))


def _sso_clients(placed: Placed) -> Iterator[Made]:
    for entry in placed.entries("secrets"):
        name, namespace = str(entry["name"]), str(entry.get("namespace"))
        for kind in ("ExternalSecret", "Secret"):
            yield Made(kind, namespace, name)
        if namespace == placed.namespace:
            yield Made("Password", namespace, name)
        else:
            yield Made("SecretStore", namespace, name)
            yield Made("ServiceAccount", namespace, f"{name}-reader")
            for kind in ("Role", "RoleBinding"):
                yield Made(kind, placed.namespace, f"{name}-reader")


def _workflow_accounts(placed: Placed) -> Iterator[Made]:
    yield from _accounts_with_tokens(placed)
    for kind in ("ClusterRole", "ClusterRoleBinding"):
        yield Made(kind, "", text(placed, "admin"))


def _policies(placed: Placed) -> Iterator[Made]:
    """Kind and name are those of the policies' own files; the values say which are off."""
    for entry in placed.entries("exceptions"):
        yield Made("PolicyException", placed.namespace, str(entry["name"]))
    off = {each["policy"] for each in placed.values.get("actions", ()) if each.get("action") == "off"}
    for path, policy in local_chart("policies").files.items():
        found = _POLICY.search(policy) if path.endswith("/policy.yaml") else None
        if found is not None and found[2] not in off:
            yield Made(found[1], "", found[2])


def _lists(**keys: tuple[str, ...]) -> Maker:
    def made(placed: Placed) -> Iterator[Made]:
        for key, kinds in keys.items():
            for kind in kinds:
                yield from each_of(placed, kind, key)

    return made


def _database_bootstrap(placed: Placed) -> Iterator[Made]:
    """Without its Job and settings, whose names hold a digest."""
    yield Made("NetworkPolicy", placed.namespace, placed.name)
    yield Made("CronJob", placed.namespace, f"{placed.name}-rotation")
    yield Made("ServiceAccount", placed.namespace, text(placed, "serviceAccount", "name"))


def _crossplane_packages(placed: Placed) -> Iterator[Made]:
    account, wait = text(placed, "serviceAccount"), f"{placed.name}-wait"
    yield from each_of(placed, "Provider", "providers")
    yield Made("ImageConfig", "", "platform-registry")
    yield Made("DeploymentRuntimeConfig", "", account)
    for name in (account, wait):
        yield Made("ServiceAccount", placed.namespace, name)
    for kind in ("ClusterRole", "ClusterRoleBinding"):
        yield Made(kind, "", wait)
    yield Made("Job", placed.namespace, wait)


def _crossplane_aws(placed: Placed) -> Iterator[Made]:
    yield Made("ClusterProviderConfig", "", text(placed, "name"))


def _velero_snapshots(placed: Placed) -> Iterator[Made]:
    yield Made("VolumeSnapshotClass", "", text(placed, "class"))


def _rule_definitions(_placed: Placed) -> Iterator[Made]:
    yield Made("CustomResourceDefinition", "", "prometheusrules.monitoring.coreos.com")


def _named_in(key: str, kind: str, prefix: str = "") -> Maker:
    """One for each text of the list ``key``: a file of the chart."""

    def made(placed: Placed) -> Iterator[Made]:
        names = placed.values.get(key)
        for name in names if isinstance(names, list) else ():
            yield Made(kind, placed.namespace, f"{prefix}{name}")

    return made


def _cluster_authority(placed: Placed) -> Iterator[Made]:
    name = text(placed, "name")
    for issuer in (name, f"{name}-root"):
        yield Made("ClusterIssuer", "", issuer)
    yield from certificate(text(placed, "namespace"), name)
    if placed.values.get("toPods"):
        for kind in ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"):
            yield Made(kind, "", "tls-to-pods")


def _component_ingress(placed: Placed) -> Iterator[Made]:
    yield Made("Ingress", placed.namespace, text(placed, "name"))


def _argocd_platform(placed: Placed) -> Iterator[Made]:
    fixed = [("AppProject", "platform"), ("Service", "argocd-server-grpc")]
    fixed += [(kind, "argocd-registry") for kind in ("ECRAuthorizationToken", "ExternalSecret", "Secret")]
    fixed += [("ApplicationSet", "platform")] if placed.values.get("namespaces") else []
    yield from _fixed(*fixed)(placed)


# Chart → what it makes. A chart without a row is read by convention; rung 4 says what that misses.
OWN: Mapping[str, Maker] = {
    "argocd-platform": _argocd_platform,
    "backstage-platform": _fixed(
        ("ClusterRole", "backstage-reader"),
        ("ClusterRoleBinding", "backstage-reader"),
        ("ConfigMap", "backstage-catalog"),
    ),
    "build-daemon": build_daemon,
    "cluster-authority": _cluster_authority,
    "cluster-base": _cluster_base,
    "cluster-issuers": _lists(issuers=("ClusterIssuer",)),
    "component-certificates": _lists(certificates=("Certificate", "Secret")),
    "component-ingress": _component_ingress,
    "crossplane-aws": _crossplane_aws,
    "crossplane-packages": _crossplane_packages,
    "database-bootstrap": _database_bootstrap,
    "events": events,
    "idp-team": _team,
    "load-balancers": _lists(balancers=("IngressClass", "IngressClassParams")),
    "namespace-ttl": _fixed(("DeletingPolicy", "sandbox-ttl"), ("DeletingPolicy", "preview-ttl")),
    "node-pools": _lists(pools=("EC2NodeClass", "NodePool")),
    "platform-rules": _named_in("rules", "PrometheusRule", "platform-"),
    "preview-namespaces": preview_namespaces,
    "rollout-analysis": _named_in("analyses", "ClusterAnalysisTemplate"),
    "rule-definitions": _rule_definitions,
    "policies": _policies,
    "secret-stores": _lists(stores=("ClusterSecretStore",)),
    "shared-namespaces": _shared_namespaces,
    "sso-clients": _sso_clients,
    "velero-snapshots": _velero_snapshots,
    "workflow-accounts": _workflow_accounts,
    "workflow-templates": workflow_templates,
}

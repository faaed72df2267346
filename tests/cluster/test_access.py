"""Who may do what, asked of the real API server: rows are group, verb, resource, namespace, answer."""

from __future__ import annotations

import pytest

from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.install import install
from tests.kubernetes.releases import Release, release
from tests.synth import Synth

pytestmark = pytest.mark.cluster

OPERATORS, VIEWERS = "idp:operators", "idp:viewers"
PLATFORM, SYSTEM, OTHER = "backstage", "kube-system", "default"

ALLOWED = [
    (OPERATORS, "delete", "pods", PLATFORM),
    (OPERATORS, "create", "pods/exec", PLATFORM),
    (OPERATORS, "get", "pods/log", PLATFORM),
    (OPERATORS, "create", "pods/eviction", PLATFORM),
    (OPERATORS, "patch", "deployments.apps", PLATFORM),
    (OPERATORS, "update", "deployments.apps/scale", PLATFORM),
    (OPERATORS, "delete", "rollouts.argoproj.io", PLATFORM),
    (OPERATORS, "list", "nodes", None),
    (OPERATORS, "list", "nodepools.karpenter.sh", None),
    (OPERATORS, "get", "storageclasses.storage.k8s.io", None),
    (OPERATORS, "get", "pods", SYSTEM),
    (VIEWERS, "get", "pods", PLATFORM),
    (VIEWERS, "get", "pods/log", SYSTEM),
    (VIEWERS, "list", "deployments.apps", OTHER),
    (VIEWERS, "list", "nodes", None),
]
DENIED = [
    # Who may write these may take the rights of every workload of the namespace.
    (OPERATORS, "create", "secrets", PLATFORM),
    (OPERATORS, "update", "serviceaccounts", PLATFORM),
    (OPERATORS, "create", "serviceaccounts/token", PLATFORM),
    (OPERATORS, "create", "rolebindings.rbac.authorization.k8s.io", PLATFORM),
    (OPERATORS, "delete", "networkpolicies.networking.k8s.io", PLATFORM),
    (OPERATORS, "update", "resourcequotas", PLATFORM),
    # Nothing to change outside the platform's namespaces.
    (OPERATORS, "delete", "pods", SYSTEM),
    (OPERATORS, "create", "pods/exec", SYSTEM),
    (OPERATORS, "get", "secrets", SYSTEM),
    (OPERATORS, "get", "pods", OTHER),
    (OPERATORS, "delete", "nodes", None),
    (OPERATORS, "delete", "namespaces", None),
    (OPERATORS, "update", "nodepools.karpenter.sh", None),
    (OPERATORS, "create", "clusterrolebindings.rbac.authorization.k8s.io", None),
    (OPERATORS, "impersonate", "users", None),
    (VIEWERS, "get", "secrets", PLATFORM),
    (VIEWERS, "create", "pods/exec", PLATFORM),
    (VIEWERS, "create", "pods/portforward", PLATFORM),
    (VIEWERS, "delete", "pods", PLATFORM),
    (VIEWERS, "create", "serviceaccounts/token", PLATFORM),
    (VIEWERS, "delete", "nodes", None),
    ("idp:nobody", "get", "pods", PLATFORM),
]


@pytest.fixture(scope="module")
def base(cluster: Cluster, shipped: Synth) -> Release:
    found = release(shipped, "idp-cluster-addons", "cluster-base")
    crds.install(cluster, ["snapshot.storage.k8s.io", "karpenter.sh", "argoproj.io/Rollout"])
    install(cluster, found)
    return found


@pytest.mark.proves("7.3.2", "7.3.3")
@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(
    ("group", "verb", "resource", "namespace", "expected"),
    [(*row, True) for row in ALLOWED] + [(*row, False) for row in DENIED],
    ids=lambda value: str(value),
)
def test_access(cluster: Cluster, group: str, verb: str, resource: str, namespace: str | None, expected: bool) -> None:
    assert cluster.can_i("someone", [group], verb, resource, namespace) is expected

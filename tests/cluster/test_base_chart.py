"""Our chart ``cluster-base`` on a real API server, with the values of the shipped deployment."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.install import install
from tests.kubernetes.objects import pod
from tests.kubernetes.releases import Release, release
from tests.synth import Synth

pytestmark = pytest.mark.cluster

DEFAULT = "storageclass.kubernetes.io/is-default-class"
ENFORCE = "pod-security.kubernetes.io/enforce"


@pytest.fixture(scope="module")
def base(cluster: Cluster, shipped: Synth) -> Release:
    """The release, installed."""
    found = release(shipped, "idp-cluster-addons", "cluster-base")
    crds.install(cluster, ["snapshot.storage.k8s.io"])
    install(cluster, found)
    return found


def objects(base: Release, kind: str) -> list[dict[str, Any]]:
    found = [each for each in base.manifests("1.34") if each["kind"] == kind]
    assert found, f"the chart has no {kind}"
    return found


def test_installing_again_changes_nothing(cluster: Cluster, base: Release) -> None:
    before = cluster.items("networkpolicies")
    install(cluster, base)
    assert cluster.items("networkpolicies") == before


def test_one_class_is_the_default_and_encrypts_with_the_platforms_key(cluster: Cluster, base: Release) -> None:
    classes = cluster.items("storageclasses")
    default = [each for each in classes if each["metadata"].get("annotations", {}).get(DEFAULT) == "true"]
    assert len(default) == 1
    assert default[0]["parameters"]["encrypted"] == "true"
    assert default[0]["parameters"]["kmsKeyId"] == base.values["storage"]["kmsKeyArn"]


def test_a_claim_without_a_class_gets_the_default(cluster: Cluster, base: Release, fresh_namespace: str) -> None:
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "a"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    cluster.create(claim, namespace=fresh_namespace)
    made = cluster.get("persistentvolumeclaim", "a", fresh_namespace)
    assert made["spec"]["storageClassName"] == base.values["storage"]["class"]


def test_a_storage_class_of_an_unknown_binding_mode_is_refused(cluster: Cluster, base: Release) -> None:
    broken = copy.deepcopy(objects(base, "StorageClass")[0])
    broken["metadata"] = {"name": "broken"}
    broken["volumeBindingMode"] = "Later"
    with pytest.raises(Refused, match="volumeBindingMode"):
        cluster.try_out(broken)


def test_every_namespace_enforces_a_level(cluster: Cluster, base: Release) -> None:
    for each in objects(base, "Namespace"):
        served = cluster.get("namespace", each["metadata"]["name"])
        assert served["metadata"]["labels"][ENFORCE] in ("privileged", "baseline", "restricted")


def test_a_restricted_namespace_refuses_a_privileged_pod(cluster: Cluster, base: Release) -> None:
    names = [each["name"] for each in base.values["namespaces"] if each["podSecurity"] == "restricted"]
    assert names
    for name in names:
        with pytest.raises(Refused, match='violates PodSecurity "restricted:latest"'):
            cluster.try_out(pod("a", {"privileged": True}), namespace=name)


def test_every_platform_namespace_is_closed_in_both_directions(cluster: Cluster, base: Release) -> None:
    closed = {
        policy["metadata"]["namespace"]
        for policy in cluster.items("networkpolicies")
        if not policy["spec"].get("podSelector")
        and set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
        and not policy["spec"].get("ingress")
        and not policy["spec"].get("egress")
    }
    assert closed >= {each["name"] for each in base.values["namespaces"]}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0"}}]}]}, "ipBlock.cidr"),
        ({"egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/16", "except": ["10.1.0.0/24"]}}]}]}, "except"),
        ({"ingress": [{"ports": [{"port": 70000}]}]}, "port"),
        ({"ingress": [{"from": [{}]}]}, "must specify a peer"),
        ({"policyTypes": ["Outgress"]}, "policyTypes"),
    ],
    ids=["no-prefix", "except-outside", "port-too-high", "empty-peer", "unknown-direction"],
)
def test_a_broken_network_policy_is_refused(
    cluster: Cluster, fresh_namespace: str, spec: dict[str, object], said: str
) -> None:
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "broken"},
        "spec": {"podSelector": {}, **spec},
    }
    with pytest.raises(Refused, match=said):
        cluster.try_out(policy, namespace=fresh_namespace)


@pytest.mark.usefixtures("base")
def test_priorities_order_the_platform_below_the_cluster_and_above_the_rest(cluster: Cluster) -> None:
    value = {each["metadata"]["name"]: each["value"] for each in cluster.items("priorityclasses")}
    order = ["system-cluster-critical", "platform-agent", "platform-critical", "platform", "batch"]
    assert sorted(order, key=lambda name: -value[name]) == order
    assert value["platform"] > 0 > value["batch"]


def test_the_access_entries_groups_are_those_that_the_chart_binds(base: Release, shipped: Synth) -> None:
    entries = shipped.stack("idp-cluster-eks").of_type("aws_eks_access_entry").values()
    declared = {group for entry in entries for group in entry.get("kubernetes_groups", [])}
    assert declared == {base.values["access"]["operators"], base.values["access"]["viewers"]}

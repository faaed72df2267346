"""Our chart ``node-pools`` against Karpenter's own definitions, rules written in CEL included."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest

from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.install import install
from tests.kubernetes.releases import Release, release
from tests.synth import Synth

pytestmark = pytest.mark.cluster

POOL, CLASS = "nodepools.karpenter.sh", "ec2nodeclasses.karpenter.k8s.aws"
GONE = object()


@pytest.fixture(scope="module")
def pools(cluster: Cluster, shipped: Synth) -> Release:
    """The release, installed."""
    found = release(shipped, "idp-cluster-karpenter", "node-pools")
    crds.install(cluster, ["karpenter.sh", "karpenter.k8s.aws"])
    install(cluster, found)
    return found


def test_every_pool_is_served_with_a_class_of_its_own(cluster: Cluster, pools: Release) -> None:
    names = {each["name"] for each in pools.values["pools"]}
    assert names
    assert set(cluster.names(POOL)) == names
    assert set(cluster.names(CLASS)) == names
    for each in cluster.items(POOL):
        assert each["spec"]["template"]["spec"]["nodeClassRef"]["name"] in names


def test_the_api_server_keeps_what_the_chart_says(cluster: Cluster, pools: Release) -> None:
    """A field that a definition doesn't know would be dropped without a word."""
    for each in pools.manifests("1.34"):
        kind = POOL if each["kind"] == "NodePool" else CLASS
        assert contains(cluster.get(kind, each["metadata"]["name"])["spec"], each["spec"])


@pytest.mark.usefixtures("pools")
def test_classes_of_hardened_nodes_are_taken_too(cluster: Cluster, shipped: Synth) -> None:
    """Their image is named by a parameter: with it the family must be said, which an alias says itself."""
    hardened = release(shipped, "idp-pci-cluster-karpenter", "node-pools")
    classes = [each for each in hardened.manifests("1.34") if each["kind"] == "EC2NodeClass"]
    assert {each["spec"]["amiFamily"] for each in classes} == {"Bottlerocket"}
    for each in classes:
        assert tomllib.loads(each["spec"]["userData"])["settings"]["kernel"]["lockdown"] == "integrity"
        cluster.try_out(each | {"metadata": {"name": "hardened"}})
    del classes[0]["spec"]["amiFamily"]
    with pytest.raises(Refused, match="must specify amiFamily"):
        cluster.try_out(classes[0] | {"metadata": {"name": "hardened"}})


def test_a_builders_class_keeps_its_user_namespaces_among_hardened_settings(shipped: Synth) -> None:
    hardened = release(shipped, "idp-pci-cluster-karpenter", "node-pools")
    values = copy.deepcopy(dict(hardened.values))
    values["pools"][0]["userNamespaces"] = True
    changed = Release(**{**vars(hardened), "values": values})
    first, second = [each for each in changed.manifests("1.34") if each["kind"] == "EC2NodeClass"][:2]
    sysctls = [tomllib.loads(each["spec"]["userData"])["settings"]["kernel"]["sysctl"] for each in (first, second)]
    assert sysctls[0].pop("user.max_user_namespaces") == "16384"
    assert sysctls[0] == sysctls[1]


def contains(served: Any, given: Any) -> bool:
    """Whether ``served`` has all of ``given``; defaults may be added to maps."""
    if isinstance(given, dict):
        return isinstance(served, dict) and all(k in served and contains(served[k], v) for k, v in given.items())
    if isinstance(given, list):
        return len(served) == len(given) and all(map(contains, served, given))
    return bool(served == given)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("template.spec.nodeClassRef", GONE, "nodeClassRef: Required value"),
        ("template.spec.nodeClassRef.kind", "", "kind may not be empty"),
        ("template.spec.requirements", GONE, "requirements: Required value"),
        ("template.spec.requirements.0.operator", "Is", "Unsupported value"),
        ("template.spec.requirements.0.values", GONE, "must have a value defined"),
        ("template.metadata.labels", {"karpenter.sh/nodepool": "a"}, "is restricted"),
        ("template.spec.taints", [{"key": "a", "effect": "Never"}], "Unsupported value"),
        ("template.spec.expireAfter", "soon", "expireAfter in body should match"),
        ("disruption.consolidationPolicy", "Always", "Unsupported value"),
        ("disruption.consolidateAfter", GONE, "consolidateAfter: Required value"),
        ("disruption.budgets", [{"nodes": "10%", "schedule": "0 9 * * 1"}], "'schedule' must be set with 'duration'"),
        ("disruption.budgets", [{"nodes": "110%"}], "should match"),
        ("weight", 101, "less than or equal to 100"),
        ("limit", {"nodes": "4"}, "unknown field"),
    ],
)
def test_a_broken_pool_is_refused(cluster: Cluster, pools: Release, path: str, value: object, said: str) -> None:
    with pytest.raises(Refused, match=said):
        cluster.try_out(broken(pools, "NodePool", path, value))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("amiSelectorTerms", GONE, "amiSelectorTerms: Required value"),
        ("amiSelectorTerms.0.alias", "windows95@latest", "family is not supported"),
        ("amiSelectorTerms", [{"alias": "al2023@latest"}, {"id": "ami-12345678"}], "'alias' is mutually exclusive"),
        ("subnetSelectorTerms", [], "subnetSelectorTerms cannot be empty"),
        ("securityGroupSelectorTerms", GONE, "securityGroupSelectorTerms: Required value"),
        ("instanceProfile", GONE, "must specify exactly one of"),
        ("role", "both", "must specify exactly one of"),
        ("metadataOptions.httpTokens", "maybe", "Unsupported value"),
        ("kubelet.maxPods", -1, "greater than or equal to 0"),
        ("tags", {"karpenter.sh/nodepool": "a"}, "restricted"),
        ("blockDeviceMapping", [], "unknown field"),
    ],
)
def test_a_broken_class_is_refused(cluster: Cluster, pools: Release, path: str, value: object, said: str) -> None:
    with pytest.raises(Refused, match=said):
        cluster.try_out(broken(pools, "EC2NodeClass", path, value))


@pytest.mark.parametrize("kind", ["NodePool", "EC2NodeClass"])
def test_what_is_broken_there_is_taken_whole(cluster: Cluster, pools: Release, kind: str) -> None:
    cluster.try_out(broken(pools, kind, "", GONE))


def test_helm_refuses_a_pool_with_a_key_that_the_chart_does_not_know(cluster: Cluster, pools: Release) -> None:
    values = copy.deepcopy(dict(pools.values))
    values["pools"][0]["maxPod"] = 10
    wrong = Release(**{**vars(pools), "values": values})
    with pytest.raises(Refused, match="maxPod"):
        install(cluster, wrong)


def broken(pools: Release, kind: str, path: str, value: object) -> dict[str, Any]:
    """The first object of ``kind`` under another name, with ``value`` at a dotted path of its spec, or without it."""
    found = copy.deepcopy(next(each for each in pools.manifests("1.34") if each["kind"] == kind))
    found["metadata"] = {"name": "broken"}
    if path:
        *parents, last = path.split(".")
        place: Any = found["spec"]
        for key in parents:
            place = place[int(key)] if isinstance(place, list) else place[key]
        if value is GONE:
            del place[last]
        else:
            place[last] = value
    return found

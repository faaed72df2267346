"""Verdicts on nodes, releases, workloads, secrets and policies."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from config.deployment import Deployment
from config.loader import load_one
from idp.findings import Finding, Unseen
from idp.verify import platform
from tests.unit.idp.output import stack
from tests.unit.idp.verify.cluster import Stub, item, kubectl, ready

RELEASES = {
    "helm_release": {
        "argocd": {"name": "argocd", "namespace": "argocd"},
        "team": {"name": "team-platform", "namespace": "team-platform"},
    }
}
STACKS = [stack("idp-platform-argocd", resources=RELEASES)]


@pytest.fixture(scope="module")
def deployment(shipped_context: dict[str, object]) -> Deployment:
    return load_one(shipped_context, source="test.json")


def node(name: str, zone: str, status: str = "True") -> dict[str, object]:
    labels = {"labels": {"topology.kubernetes.io/zone": zone}}
    return item("Node", name, metadata=labels, status=ready(status))


def only(found: Iterable[Finding]) -> Finding:
    (finding,) = found
    return finding


NODES = [node("a", "us-west-2a"), node("b", "us-west-2b"), node("c", "us-west-2c")]


@pytest.mark.parametrize(
    ("nodes", "result", "seen"),
    [
        (NODES, "ok", "3 nodes in 3 zones"),
        ([*NODES, node("d", "us-west-2a", "Unknown")], "fail", "not ready: d"),
        (NODES[:1], "fail", "1 nodes in 1 zones"),
        ([node(str(n), "us-west-2a") for n in range(9)], "warn", "9 nodes in 1 zones"),
        ([], "fail", "0 nodes"),
    ],
)
def test_nodes(deployment: Deployment, nodes: list[dict[str, object]], result: str, seen: str) -> None:
    finding = only(platform.nodes(kubectl(Stub(objects={"nodes": nodes})), deployment))
    assert finding.result == result
    assert seen in finding.seen


def test_releases_are_those_of_the_json_and_secrets_are_not_fetched() -> None:
    stub = Stub(releases=[("argocd", "argocd"), ("team-platform", "team-platform"), ("other", "other")])
    assert only(platform.releases(kubectl(stub), STACKS)).result == "ok"
    assert not any("json" in word for word in stub.commands[0])
    stub = Stub(releases=[("other", "argocd"), ("team-platform", "team-platform")])
    finding = only(platform.releases(kubectl(stub), STACKS))
    assert (finding.result, finding.seen) == ("fail", "not deployed: argocd/argocd")


def workload(name: str, namespace: str, want: int, have: int) -> dict[str, object]:
    return item("Deployment", name, namespace, spec={"replicas": want}, status={"availableReplicas": have})


def test_workloads_of_the_platform_count_and_those_of_teams_do_not() -> None:
    daemons = {"desiredNumberScheduled": 3, "numberAvailable": 2}
    good, bad = workload("server", "argocd", 2, 2), workload("repo", "argocd", 2, 1)
    theirs = workload("web", "team-platform", 2, 0)
    agents = item("DaemonSet", "aws-node", "kube-system", spec={}, status=daemons)

    def asked(*found: dict[str, object]) -> Finding:
        return only(platform.workloads(kubectl(Stub(objects={"deployments": found})), STACKS))

    assert asked(good, theirs).result == "ok"
    assert asked(good, bad, agents).seen == "pods are missing: argocd/repo (1 of 2), kube-system/aws-node (2 of 3)"
    # No workload at all is no success.
    assert asked().result == "fail"


def test_secrets_have_to_arrive() -> None:
    store = item("ClusterSecretStore", "platform", status=ready())
    synced, waiting = (item("ExternalSecret", n, "argocd", status=ready(s)) for n, s in (("a", "True"), ("b", "False")))
    kinds = ("clustersecretstores.external-secrets.io", "externalsecrets.external-secrets.io")

    def asked(*secrets: dict[str, object]) -> Finding:
        return only(platform.external_secrets(kubectl(Stub(objects={kinds[0]: [store], kinds[1]: secrets}))))

    assert asked(synced).result == "ok"
    assert asked(synced, waiting).seen == "not ready: ExternalSecret argocd/b"
    assert only(platform.external_secrets(kubectl(Stub()))).result == "fail"


def test_every_policy_that_is_on_has_to_be_ready(deployment: Deployment) -> None:
    wanted = [name for name in deployment.policies if deployment.action(name) != "off"]
    assert len(wanted) > 10

    def asked(names: Iterable[str], sick: str = "") -> Finding:
        found = [item("ValidatingPolicy", n, status={"conditionStatus": {"ready": n != sick}}) for n in names]
        stub = Stub(objects={"validatingpolicies.policies.kyverno.io": found})
        return only(platform.policies(kubectl(stub), deployment))

    assert asked(wanted).result == "ok"
    assert asked(wanted[1:]).seen == f"not there: {wanted[0]}"
    assert asked(wanted, sick=wanted[0]).seen == f"not ready: {wanted[0]}"
    # No policies pass for no cluster.
    assert asked([]).result == "fail"


def test_a_cluster_that_does_not_answer_is_not_seen(deployment: Deployment) -> None:
    stub = Stub(error="Unable to connect to the server: dial tcp: i/o timeout")
    with pytest.raises(Unseen, match="i/o timeout"):
        list(platform.nodes(kubectl(stub), deployment))

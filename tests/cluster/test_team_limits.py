"""What a developer meets in a team's namespace: quotas, limits, Pod Security, and what belongs to the platform."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from config.deployment import Deployment
from idp.verify.kubectl import Kubectl
from idp.verify.teams import team_can_deploy
from tests import onboarding
from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.install import install
from tests.kubernetes.objects import pod
from tests.kubernetes.releases import release
from tests.synth import Synth
from tests.teams import ALPHA, BETA
from tools import build as tools

pytestmark = pytest.mark.cluster

NAMESPACE = "team-alpha"
DEVELOPER = ("--as=octocat", "--as-group=idp:team-alpha:developers", "--as-group=system:authenticated")
# Met in namespaces of pull requests, which tests/cluster/test_previews.py has, and where TLS goes on to pods, which
# tests/cluster/test_transit.py has.
ELSEWHERE = (
    *("the only host of this namespace", "preview-closed", "team alpha has 5 previews"),
    "the load balancer must speak TLS to pods",
)
OWNED = "objects with the label platform/owned belong to the platform"


@pytest.fixture(scope="module")
def cluster_of_alpha(cluster: Cluster, teams: Synth) -> Cluster:
    crds.install(cluster, ["argoproj.io", "cert-manager.io", "external-secrets.io", "policies.kyverno.io"])
    cluster.make_namespace("argocd")
    install(cluster, release(teams, "idp-teams-shared", "shared-namespaces"))
    install(cluster, release(teams, "idp-teams-alpha", "team-alpha"))
    for namespace, name in ((NAMESPACE, "team"), ("staging", "shared"), ("sandbox", "shared")):
        counted = lambda ns=namespace, n=name: "used" in cluster.get("resourcequota", n, ns).get("status", {})  # noqa: E731
        cluster.until(counted, f"count of the quota of {namespace}")
    return cluster


@pytest.fixture
def alpha(cluster_of_alpha: Cluster) -> Iterator[Cluster]:
    yield cluster_of_alpha
    cluster_of_alpha.kubectl("delete", "pods", "--all", "--grace-period=0", "--force", "--wait", f"-n={NAMESPACE}")


def role_binding(name: str, labels: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": name, "labels": labels or {}},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "platform-team-viewer"},
        "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": NAMESPACE}],
    }


def as_developer(cluster: Cluster, *arguments: str, given: str = "") -> str:
    return cluster.kubectl(*DEVELOPER, f"--namespace={NAMESPACE}", *arguments, given=given)


def test_a_container_larger_than_any_node_is_refused(alpha: Cluster) -> None:
    with pytest.raises(Refused) as refusal:
        alpha.try_out(pod("large", cpu="3700m", memory="1Gi"), namespace=NAMESPACE)
    assert "maximum cpu usage per Container is 3650m, but limit is 3700m" in str(refusal.value)


def test_more_than_the_quota_is_refused_with_the_numbers(alpha: Cluster) -> None:
    alpha.create(pod("first", cpu="3", memory="2Gi"), namespace=NAMESPACE)
    with pytest.raises(Refused) as refusal:
        alpha.try_out(pod("second", cpu="2", memory="2Gi"), namespace=NAMESPACE)
    assert "exceeded quota: team, requested: requests.cpu=2, used: requests.cpu=3, limited: requests.cpu=4" in str(
        refusal.value
    )


def test_a_pod_that_says_nothing_gets_the_defaults(alpha: Cluster) -> None:
    alpha.create(pod("plain"), namespace=NAMESPACE)
    (container,) = alpha.get("pod", "plain", NAMESPACE)["spec"]["containers"]
    assert container["resources"] == {
        "limits": {"cpu": "3650m", "memory": "512Mi"},
        "requests": {"cpu": "100m", "memory": "128Mi"},
    }


def test_a_privileged_pod_is_refused(alpha: Cluster) -> None:
    with pytest.raises(Refused, match='violates PodSecurity "restricted:latest"'):
        alpha.try_out(pod("root", {"privileged": True}, cpu="100m", memory="64Mi"), namespace=NAMESPACE)


@pytest.mark.parametrize("kind", ["LoadBalancer", "NodePort"])
def test_no_service_goes_around_the_load_balancer(alpha: Cluster, kind: str) -> None:
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "around"},
        "spec": {"type": kind, "ports": [{"port": 80}], "selector": {"app": "x"}},
    }
    with pytest.raises(Refused, match=r"exceeded quota: team.*services\.(loadbalancers|nodeports)=0"):
        alpha.create(service, namespace=NAMESPACE)


def test_the_sandbox_holds_no_secret(alpha: Cluster) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"b": "c"}}
    with pytest.raises(Refused, match="exceeded quota: shared.*count/secrets=0"):
        alpha.create(secret, namespace="sandbox")


def refusals(alpha: Cluster) -> Iterator[str]:
    """What the API server says to a developer who asks for too much, once for each line of the page's table."""
    first = pod("first", cpu="3", memory="2Gi")
    alpha.create(first, namespace=NAMESPACE)
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"b": "c"}}
    around = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "around"},
        "spec": {"type": "LoadBalancer", "allocateLoadBalancerNodePorts": False, "ports": [{"port": 80}]},
    }
    for namespace, manifest in (
        (NAMESPACE, pod("second", cpu="2", memory="2Gi")),
        (NAMESPACE, pod("large", cpu="3700m", memory="1Gi")),
        (NAMESPACE, pod("root", {"privileged": True}, cpu="100m", memory="64Mi")),
        (NAMESPACE, around),
        ("sandbox", secret),
    ):
        with pytest.raises(Refused) as refusal:
            alpha.try_out(manifest, namespace=namespace)
        yield str(refusal.value)
    with pytest.raises(Refused) as refusal:
        as_developer(alpha, "delete", "rolebinding/developers", "--dry-run=server")
    yield str(refusal.value)


def test_the_page_says_what_a_developer_is_told(alpha: Cluster) -> None:
    messages = [message for message in onboarding.messages() if not message.startswith(ELSEWHERE)]
    for message, refusal in zip(messages, refusals(alpha), strict=True):
        assert all(part.strip(" :") in refusal for part in message.split("…")), (message, refusal)


def test_more_memory_or_pods_than_the_quota_are_refused_too(alpha: Cluster) -> None:
    alpha.create(pod("first", cpu="1", memory="6Gi"), namespace=NAMESPACE)
    with pytest.raises(
        Refused, match="exceeded quota: team, requested: requests.memory=4Gi, used: requests.memory=6Gi"
    ):
        alpha.try_out(pod("large", cpu="1", memory="4Gi"), namespace=NAMESPACE)
    pods = [pod(f"small-{n}", cpu="10m", memory="16Mi") for n in range(39)]
    alpha.create(*pods, namespace=NAMESPACE)
    with pytest.raises(Refused, match="exceeded quota: team, requested: pods=1, used: pods=40, limited: pods=40"):
        alpha.try_out(pod("one-more", cpu="10m", memory="16Mi"), namespace=NAMESPACE)


@pytest.mark.parametrize(
    "named",
    [
        "rolebinding/developers",
        "rolebinding/viewers",
        "serviceaccount/argo-workflows-executor",
        "serviceaccount/workflows-builder",
        "externalsecret.external-secrets.io/rollout-analysis",
        "secret/workflows-developer.service-account-token",
    ],
)
def test_developers_keep_their_hands_off_what_is_the_platform_s(alpha: Cluster, named: str) -> None:
    with pytest.raises(Refused, match=OWNED):
        as_developer(alpha, "delete", named)
    with pytest.raises(Refused, match=OWNED):
        as_developer(alpha, "label", named, "platform/owned-", "--overwrite")


def test_developers_make_and_delete_bindings_of_their_own(alpha: Cluster) -> None:
    as_developer(alpha, "create", "-f", "-", given=json.dumps(role_binding("own")))
    as_developer(alpha, "delete", "rolebinding/own")


def test_developers_call_nothing_the_platform_s(alpha: Cluster) -> None:
    claimed = role_binding("claimed", {"platform/owned": "true"})
    with pytest.raises(Refused, match=OWNED):
        as_developer(alpha, "create", "-f", "-", given=json.dumps(claimed))


def test_nobody_gives_rights_that_they_do_not_have(alpha: Cluster) -> None:
    binding = role_binding("admins")
    binding["roleRef"]["name"] = "cluster-admin"
    with pytest.raises(Refused, match="attempting to grant RBAC permissions not currently held"):
        as_developer(alpha, "create", "-f", "-", given=json.dumps(binding))


def test_whoever_is_no_team_s_is_not_held_up(alpha: Cluster) -> None:
    alpha.kubectl("label", "rolebinding/viewers", "checked=yes", f"--namespace={NAMESPACE}", "--overwrite")


def test_the_deployment_of_the_onboarding_page_passes(alpha: Cluster) -> None:
    deployment = onboarding.manifest("Deployment")
    as_developer(alpha, "create", "--dry-run=server", "--validate=strict", "-f", "-", given=json.dumps(deployment))
    template = deployment["spec"]["template"]
    pod_of_it = {"apiVersion": "v1", "kind": "Pod", **template, "metadata": {"name": "web", **template["metadata"]}}
    alpha.try_out(pod_of_it, namespace=NAMESPACE)


def test_the_smoke_test_sees_that_a_team_can_deploy_and_when_it_cannot(
    alpha: Cluster, deployment_with: Callable[..., Deployment]
) -> None:
    deployment = deployment_with({"deployment:teams": [ALPHA, BETA]})
    options = (f"--kubeconfig={alpha.kubeconfig}", f"--cache-dir={alpha.cache}")
    kubectl = Kubectl(program=str(tools.program("kubectl")), options=options)
    assert ("kube-system", "team-alpha") in kubectl.releases()
    assert kubectl.items("nothing.example.com") == []
    well = list(team_can_deploy(kubectl, deployment, ["alpha"]))
    assert [(finding.result, finding.seen) for finding in well] == [
        ("ok", "may deploy to team-alpha, may not read secrets elsewhere"),
        ("ok", "team-alpha takes a Deployment and its pod, by policies and quota"),
    ]
    # Nothing was kept.
    assert "idp-verify" not in alpha.names("deployments", NAMESPACE) + alpha.names("pods", NAMESPACE)
    alpha.create(*(pod(f"half-{n}", cpu="2", memory="1Gi") for n in range(2)), namespace=NAMESPACE)
    full = list(team_can_deploy(kubectl, deployment, ["alpha"]))[-1]
    assert full.result == "warn"
    assert "exceeded quota: team, requested: requests.cpu=10m" in full.seen
    rights, lost = team_can_deploy(kubectl, deployment, ["gamma"])
    assert (rights.result, lost.result) == ("fail", "fail")
    assert "create deployments in team-gamma: refused" in rights.seen

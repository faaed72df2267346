"""A new service by the golden path on the real API server, in a namespace of each kind that it is deployed to.

Neither Argo Rollouts nor a kubelet runs here. The test makes the ReplicaSets that Argo Rollouts would make of the pod
template, both of an update at its fullest; the real controller makes pods of them, which never start. What Kyverno puts
into a preview, and what its policies say of what the server holds, is its command line's work; signatures, whose key
and registry can't be reached, are left out. Network policies are those that the server holds, evaluated: nobody
enforces them here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load_one
from constructs_lib.reachability.evaluator import Evaluator, Pod
from constructs_lib.reachability.policy import policy
from constructs_lib.reachability.ports import NO_PORT
from constructs_lib.reachability.world import World, world
from tests import golden_path, golden_places
from tests.golden_places import MINOR, PLACES, QUOTAS, RUNNING, Deployed, Manifest, fullest, holds
from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.releases import release
from tests.kyverno import cli
from tests.synth import Synth
from tests.teams import ALPHA, BETA

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

DEVELOPER = ("--as=octocat", "--as-group=idp:team-alpha:developers", "--as-group=system:authenticated")


@pytest.fixture(scope="module")
def deployed(
    cluster: Cluster, teams: Synth, previews: Synth, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    cli.program()
    services = golden_places.given(previews, tmp_path_factory.mktemp("services"))
    with golden_places.namespaces(cluster, teams, previews):
        yield golden_places.deploy(cluster, services)


@pytest.mark.parametrize("place", PLACES)
def test_pods_are_admitted_with_those_of_an_update_beside_them(deployed: Deployed, place: str) -> None:
    rollouts = [golden_path.one(deployed.given[name, place], "Rollout") for name in RUNNING]
    assert len(deployed.pods[place]) == sum(sum(fullest(each)) for each in rollouts)
    assert len(deployed.pods[place]) == {"team": 8, "staging": 8, "preview": 4}[place]
    hashes = {each["metadata"]["labels"][golden_path.HASH] for each in deployed.pods[place]}
    assert len(hashes) == 2


@pytest.mark.parametrize("name", golden_path.SERVICES)
def test_all_objects_are_taken_as_argo_cd_applies_them(deployed: Deployed, name: str) -> None:
    """Server-side, as chart idp-team sets it (ServerSideApply=true), those that run already once more."""
    deployed.cluster.try_apply(*(each for place in PLACES for each in deployed.given[name, place]))


@pytest.mark.parametrize("name", ["odd", "longest"])
def test_pods_of_any_name_are_admitted(deployed: Deployed, name: str) -> None:
    for place, namespace in PLACES.items():
        deployed.cluster.try_out(golden_path.pod(deployed.given[name, place]), namespace=namespace)


@pytest.mark.parametrize("place", PLACES)
def test_a_variation_with_more_rights_is_refused(deployed: Deployed, place: str) -> None:
    for wrong in (more_rights(deployed.pod(place)), as_root(deployed.pod(place))):
        with pytest.raises(Refused, match='violates PodSecurity "restricted:latest"'):
            deployed.cluster.try_out(wrong, namespace=PLACES[place])


def more_rights(pod: Manifest) -> Manifest:
    pod["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    return pod


def as_root(pod: Manifest) -> Manifest:
    del pod["spec"]["securityContext"]["runAsNonRoot"]
    return pod


@pytest.mark.parametrize("place", PLACES)
def test_what_it_asks_for_is_within_the_limits_and_more_is_refused(deployed: Deployed, place: str) -> None:
    asked = deployed.pod(place)["spec"]["containers"][0]["resources"]
    for each in deployed.pods[place]:
        (container,) = each["spec"]["containers"]
        assert container["resources"]["requests"] == asked["requests"]
        assert container["resources"]["limits"]["memory"] == asked["limits"]["memory"]
    wrong = deployed.pod(place)
    wrong["spec"]["containers"][0]["resources"] = {"limits": {"cpu": "64", "memory": "1Gi"}}
    with pytest.raises(Refused, match="maximum cpu usage per Container is"):
        deployed.cluster.try_out(wrong, namespace=PLACES[place])


@pytest.mark.parametrize("place", ["team", "preview"])
def test_one_pod_more_than_the_quota_holds_is_refused_and_the_server_says_why(deployed: Deployed, place: str) -> None:
    """A Rollout that is scaled too far. Staging's quota holds four times as many: the same, for longer."""
    cluster, namespace = deployed.cluster, PLACES[place]
    hard = cluster.get("resourcequota", QUOTAS[place], namespace)["spec"]["hard"]
    most = holds(hard, deployed.pod(place))
    rollout = cluster.get("rollout", "alpha-web", namespace)
    cluster.create(golden_path.replica_set(rollout, "scaled0000", most - len(deployed.pods[place]) + 1))
    said: list[str] = []

    def refused() -> bool:
        status = cluster.get("replicaset", "alpha-web-scaled0000", namespace)["status"]
        said[:] = [each["message"] for each in status.get("conditions", []) if each["type"] == "ReplicaFailure"]
        return bool(said) and status["replicas"] == most - len(deployed.pods[place])

    try:
        cluster.until(refused, f"refusal of pod {most + 1}")
    finally:
        cluster.delete("replicaset", "alpha-web-scaled0000", namespace=namespace)
        scaled = f"--selector={golden_path.HASH}=scaled0000"
        cluster.kubectl("delete", "pods", scaled, f"-n={namespace}", "--grace-period=0", "--force", "--wait=false")
    assert f"exceeded quota: {QUOTAS[place]}, requested: pods=1, used: pods={most}, limited: pods={most}" in said[0]


@pytest.fixture(scope="module")
def verdicts(deployed: Deployed, shipped: Synth) -> list[cli.Verdict]:
    """What the policies say, with the actions that the environment gives them, of what the server holds; and of a pod
    in each place that has nothing of what they ask for."""
    manifests = release(shipped, "idp-platform-policies", "policies").manifests(MINOR)
    policies = [each for each in manifests if each["kind"] == "ValidatingPolicy"]
    assert {each["spec"]["validationActions"][0] for each in policies} == {"Deny", "Audit"}
    bare = {"containers": [{"name": "x", "image": "docker.io/x:latest", "ports": [{"containerPort": 80}]}]}
    further = [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "bare", "namespace": namespace}, "spec": bare}
        for namespace in PLACES.values()
    ]
    objects = [*deployed.samples(), *further]
    budgets = deployed.held("poddisruptionbudgets")
    return cli.apply(policies, objects, namespaces=deployed.namespaces(), known=budgets)


# Policies of pods in every place; require-pdb is one of Rollouts, where there is more than one pod.
OF_PODS = {"require-labels", "require-probes", "require-requests-limits", "require-non-root-seccomp"}
OF_PODS |= {"restrict-registries", "disallow-latest-tag"}


@pytest.mark.parametrize("place", PLACES)
def test_it_passes_every_policy_that_is_installed(verdicts: list[cli.Verdict], place: str) -> None:
    own = [each for each in verdicts if each.namespace == PLACES[place] and each.name != "bare"]
    assert not [each for each in own if each.result not in ("pass", "skip")]
    passed = Counter((each.policy, each.kind) for each in own if each.result == "pass")
    assert {passed[policy, kind] for policy in OF_PODS for kind in ("Pod", "ReplicaSet")} == {len(RUNNING)}
    assert passed["require-pdb", "Rollout"] == (0 if place == "preview" else len(RUNNING))


@pytest.mark.parametrize("place", PLACES)
def test_the_same_policies_refuse_what_has_nothing_of_it(verdicts: list[cli.Verdict], place: str) -> None:
    refused = {
        each.policy for each in verdicts if (each.namespace, each.name, each.result) == (PLACES[place], "bare", "fail")
    }
    assert refused >= OF_PODS


@pytest.fixture(scope="module")
def deployment(shipped_context: dict[str, Any]) -> Deployment:
    keys = {key: value for key, value in shipped_context.items() if key != "deployments"}
    return load_one(keys | {"deployment:teams": [ALPHA, BETA]}, source="test.json")


@pytest.fixture(scope="module")
def inhabited(deployment: Deployment) -> World:
    return world(deployment)


@pytest.fixture(scope="module", params=[True, False], ids=["blocks hold pods", "blocks hold no pods"])
def evaluator(request: pytest.FixtureRequest, deployed: Deployed, inhabited: World) -> Evaluator:
    """The network policies that the server holds in the three namespaces; nobody else has any."""
    held = [each for name in PLACES.values() for each in deployed.cluster.items("networkpolicies", name)]
    return Evaluator(
        map(policy, held), {**inhabited.namespaces, **deployed.namespaces()}, blocks_hold_pods=request.param
    )


def end(name: str, namespace: str, labels: Mapping[str, str], inhabited: World) -> Pod:
    return Pod(name=name, namespace=namespace, labels=labels, addresses=inhabited.place("nodes"))


@pytest.mark.parametrize("place", PLACES)
def test_the_load_balancer_and_the_namespace_reach_it_and_no_other_team_does(
    deployed: Deployed, evaluator: Evaluator, inhabited: World, place: str
) -> None:
    made = deployed.pods[place][0]
    (port,) = made["spec"]["containers"][0]["ports"]
    own = end("own", PLACES[place], made["metadata"]["labels"], inhabited)
    beside = end("beside", PLACES[place], {}, inhabited)
    for source in (inhabited.place("public load balancers"), beside):
        assert (port["protocol"], port["containerPort"]) in evaluator.reach(source, own).every
    # Labels of another team's pod are its own affair.
    for namespace in (
        "team-beta",
        "preview-beta--web--1",
        *(each for each in PLACES.values() if each != PLACES[place]),
    ):
        stranger = end("stranger", namespace, made["metadata"]["labels"], inhabited)
        assert evaluator.reach(stranger, own).some == NO_PORT


@pytest.mark.parametrize("place", PLACES)
def test_it_asks_for_names_and_reaches_no_instance_metadata(
    deployed: Deployed, evaluator: Evaluator, inhabited: World, place: str
) -> None:
    own = end("own", PLACES[place], deployed.pods[place][0]["metadata"]["labels"], inhabited)
    (coredns,) = (each for each in inhabited.pods if each.name == "coredns")
    for protocol in ("UDP", "TCP"):
        assert (protocol, 53) in evaluator.reach(own, coredns).every
    for closed in ("instance metadata", "API server", "control plane"):
        assert evaluator.reach(own, inhabited.place(closed)).some == NO_PORT


@pytest.mark.parametrize(("place", "may"), [("team", True), ("staging", True), ("preview", False)])
def test_developers_change_their_rollout_but_in_a_preview_and_no_quota_anywhere(
    deployed: Deployed, place: str, may: bool
) -> None:
    cluster, where = deployed.cluster, f"--namespace={PLACES[place]}"
    seen = cluster.kubectl(*DEVELOPER, "get", "rollout/alpha-web", where, "-o=name")
    assert seen.strip() == "rollout.argoproj.io/alpha-web"
    change = ("patch", "--type=merge", "--dry-run=server", where, "-o=name")
    for kind, patch, allowed in (
        ("rollout/alpha-web", {"spec": {"replicas": 3}}, may),
        (f"resourcequota/{QUOTAS[place]}", {"spec": {"hard": {"pods": "1000"}}}, False),
        (f"limitrange/{QUOTAS[place]}", {"spec": {"limits": []}}, False),
    ):
        if allowed:
            cluster.kubectl(*DEVELOPER, *change, kind, f"--patch={json.dumps(patch)}")
        else:
            with pytest.raises(Refused, match="octocat.* cannot patch resource"):
                cluster.kubectl(*DEVELOPER, *change, kind, f"--patch={json.dumps(patch)}")

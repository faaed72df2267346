"""Services of the golden path in a namespace of each kind that they are deployed to, on the test cluster."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.quantities import mebibytes, millicores
from config.versions import MINORS
from tests import golden_path
from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.install import install, uninstall
from tests.kubernetes.releases import Release, release
from tests.kyverno import cli
from tests.synth import Synth

Manifest = dict[str, Any]
# (service, place) → objects.
Given = Mapping[tuple[str, str], list[Manifest]]

MINOR = next(iter(MINORS))
PREVIEW = "preview-alpha--web--12"
PLACES = {"team": "team-alpha", "staging": "staging", "preview": PREVIEW}
QUOTAS = {"team": "team", "staging": "shared", "preview": "preview"}
# Those that run; the others are only asked for.
RUNNING = ("canary", "blue-green")
OWN = "--selector=app.kubernetes.io/part-of=alpha"
STABLE, NEXT = "stable0000", "next000000"
SAMPLED = "rollouts,replicasets,pods"
KINDS = "rollouts,replicasets,services,ingresses,poddisruptionbudgets"
DEFINITIONS = (
    "argoproj.io",
    "cert-manager.io",
    "external-secrets.io",
    "policies.kyverno.io",
)


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """``pods``: by place those that the server made of what was ``given``."""

    cluster: Cluster
    given: Given
    pods: Mapping[str, list[Manifest]]

    def pod(self, place: str) -> Manifest:
        """One that isn't there yet."""
        return copy.deepcopy(golden_path.pod(self.given[RUNNING[0], place]))

    def held(self, kinds: str) -> list[Manifest]:
        """What the server has of ``kinds`` of these services."""
        return everywhere(self.cluster, kinds)

    def samples(self) -> list[Manifest]:
        """Of each service in each place its Rollout, and of what runs before the update the ReplicaSet and a pod."""
        old = [
            each for each in self.held(SAMPLED) if each["metadata"]["labels"].get(golden_path.HASH, STABLE) == STABLE
        ]
        found = {(each["kind"], each["metadata"]["namespace"], service_of(each)): each for each in old}
        return [{**each, "metadata": _stated(each["metadata"])} for each in found.values()]

    def namespaces(self) -> dict[str, dict[str, str]]:
        """The labels of the three."""
        return {name: self.cluster.get("namespace", name)["metadata"]["labels"] for name in PLACES.values()}


def service_of(manifest: Manifest) -> str:
    return str(manifest["metadata"]["labels"]["app.kubernetes.io/name"])


def _stated(metadata: Mapping[str, Any]) -> Manifest:
    return {key: value for key, value in metadata.items() if key != "managedFields"}


def everywhere(cluster: Cluster, kinds: str) -> list[Manifest]:
    found: list[Manifest] = json.loads(cluster.kubectl("get", kinds, OWN, "--all-namespaces", "-o=json"))["items"]
    return found


def of_previews(previews: Synth) -> Release:
    return release(previews, "idp-teams-shared", "preview-namespaces")


def kyvernos(previews: Synth, name: str) -> Manifest:
    """A policy of Kyverno's of chart ``preview-namespaces``."""
    (found,) = (
        each
        for each in of_previews(previews).manifests(MINOR)
        if each["metadata"]["name"] == name and each["apiVersion"].startswith("policies.kyverno.io/")
    )
    return found


@contextmanager
def namespaces(cluster: Cluster, teams: Synth, previews: Synth) -> Iterator[Cluster]:
    """The three namespaces by our own charts, with all that is in them; afterwards without the services."""
    # One group after the other: together they keep the server busy for longer than is waited for one.
    for group in DEFINITIONS:
        crds.install(cluster, [group])
    if "argocd" not in cluster.names("namespaces"):
        cluster.make_namespace("argocd")
    install(cluster, release(previews, "idp-teams-shared", "shared-namespaces"))
    install(cluster, of_previews(previews))
    install(cluster, release(teams, "idp-teams-alpha", "team-alpha"))
    labels = {"platform/scope": "preview", "platform/team": "alpha", "platform/ingress": "teams"}
    labels |= {"pod-security.kubernetes.io/enforce": "restricted"}
    cluster.make_namespace(PREVIEW, labels)
    made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": PREVIEW, "labels": labels}}
    cluster.apply(*cli.made([kyvernos(previews, "preview-contents")], [made]))
    for place, namespace in PLACES.items():
        counted = lambda of=(QUOTAS[place], namespace): "used" in cluster.get("resourcequota", *of).get("status", {})  # noqa: E731
        cluster.until(counted, f"count of the quota of {namespace}")
    yield cluster
    for namespace in PLACES.values():
        cluster.kubectl("delete", KINDS, OWN, f"-n={namespace}", "--wait=false")
        cluster.kubectl("delete", "pods", OWN, f"-n={namespace}", "--grace-period=0", "--force", "--wait=false")
    cluster.delete("namespace", PREVIEW, wait=False)
    uninstall(cluster, of_previews(previews))


def given(previews: Synth, directory: Path) -> Given:
    """What Argo CD would apply, with its namespace; in previews with the host that Kyverno writes."""
    found: dict[tuple[str, str], list[Manifest]] = {}
    for name, (strategy, changes) in golden_path.SERVICES.items():
        golden_path.scaffold(directory / name, strategy, changes)
        for place, namespace in PLACES.items():
            found[name, place] = golden_path.manifests(directory / name, place)
            for each in found[name, place]:
                each["metadata"]["namespace"] = namespace
    ingresses = {name: golden_path.one(found[name, "preview"], "Ingress") for name in golden_path.SERVICES}
    scope = {PREVIEW: {"platform/scope": "preview"}}
    hosted = cli.made([kyvernos(previews, "preview-host")], list(ingresses.values()), namespaces=scope)
    specs = {each["metadata"]["name"]: each["spec"] for each in hosted}
    for ingress in ingresses.values():
        ingress["spec"] = specs[ingress["metadata"]["name"]]
    return found


def fullest(rollout: Manifest) -> tuple[int, int]:
    """Pods of the old and of the new version at most.

    Argo Rollouts 1.9, utils/replicaset/canary.go, and its documentation, "BlueGreen Deployment Strategy": where the
    load balancer splits the traffic, or two Services do, the old version keeps all of its pods beside all of the new
    one's. Else there is a surge, of a quarter where nothing is stated.
    """
    replicas, strategy = rollout["spec"]["replicas"], rollout["spec"]["strategy"]
    beside = "trafficRouting" in strategy.get("canary", {}) or "blueGreen" in strategy
    return replicas, replicas if beside else -(-replicas // 4)


def deploy(cluster: Cluster, services: Given) -> Deployed:
    """The running services in each place, in the midst of an update."""
    cluster.apply(*(each for (name, _), manifests in services.items() if name in RUNNING for each in manifests))
    sets = [
        golden_path.replica_set(rollout, revision, replicas)
        for rollout in everywhere(cluster, "rollouts")
        for revision, replicas in zip((STABLE, NEXT), fullest(rollout), strict=True)
    ]
    cluster.create(*sets)
    wanted = sum(each["spec"]["replicas"] for each in sets)
    cluster.until(lambda: len(everywhere(cluster, "pods")) == wanted, f"{wanted} pods of the ReplicaSets")
    made = everywhere(cluster, "pods")
    pods = {place: [each for each in made if each["metadata"]["namespace"] == name] for place, name in PLACES.items()}
    return Deployed(cluster=cluster, given=services, pods=pods)


def holds(hard: Mapping[str, str], pod: Manifest) -> int:
    """How many of ``pod`` a quota holds."""
    (container,) = pod["spec"]["containers"]
    requests, limits = container["resources"]["requests"], container["resources"]["limits"]
    return min(
        int(hard["pods"]),
        millicores(hard["requests.cpu"]) // millicores(requests["cpu"]),
        mebibytes(hard["requests.memory"]) // mebibytes(requests["memory"]),
        mebibytes(hard["limits.memory"]) // mebibytes(limits["memory"]),
    )

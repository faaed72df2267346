"""Every chart of ours on a real API server: it takes each object, and each pod passes its namespace's Pod Security.

Nothing is kept but definitions and what comes with namespaces: no pod of these charts gets in the way of other tests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.install import install
from tests.kubernetes.releases import releases
from tests.synth import Synth

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

MINOR = "1.34"
Objects = Mapping[str, list[dict[str, Any]]]
# Where a kind keeps its pods' template.
TEMPLATES = {
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "Job": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
}


@pytest.fixture(scope="module")
def ours(cluster: Cluster, everything: Synth) -> Objects:
    """The objects of all our charts by their release's namespace, every component on. Definitions are there, and
    namespaces with all that their releases bring: Helm takes over no object that it didn't make."""
    found, makers = defaultdict(list), []
    for each in releases(everything):
        if each.local:
            manifests = each.manifests(MINOR)
            found[each.namespace] += manifests
            makers += [each] if any(manifest["kind"] == "Namespace" for manifest in manifests) else []
    groups = {each["apiVersion"].partition("/")[0] for given in found.values() for each in given}
    crds.install(cluster, sorted(groups & set(crds.groups())))
    # A team's release has bindings in the namespaces that teams share.
    for each in sorted(makers, key=lambda each: each.name.startswith("team-")):
        install(cluster, each)
    return found


def refusals(cluster: Cluster, objects: Objects) -> list[str]:
    """What the API server refuses, as "<namespace of the release>: message"."""
    found = []
    for namespace, given in objects.items():
        named = [each for each in given if "namespace" in each["metadata"]]
        unnamed = [each for each in given if "namespace" not in each["metadata"]]
        for manifests, where in ((named, None), (unnamed, namespace)):
            try:
                if manifests:
                    cluster.try_apply(*manifests, namespace=where)
            except Refused as refused:
                found.append(f"{namespace}: {refused}")
    return found


def pods(objects: Objects) -> Objects:
    """A pod of each workload."""
    return {namespace: list(_pods(given)) for namespace, given in objects.items()}


def _pods(manifests: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for manifest in manifests:
        if manifest["kind"] in TEMPLATES:
            template: Any = manifest
            for key in TEMPLATES[manifest["kind"]]:
                template = template[key]
            # Admission would look for its service account, which isn't kept here.
            spec = {key: value for key, value in template["spec"].items() if key != "serviceAccountName"}
            claims = manifest["spec"].get("volumeClaimTemplates", [])
            volumes = [{"name": claim["metadata"]["name"], "emptyDir": {}} for claim in claims]
            if volumes:
                spec["volumes"] = [*spec.get("volumes", []), *volumes]
            metadata = {"name": manifest["metadata"]["name"], "labels": template["metadata"].get("labels", {})}
            if "namespace" in manifest["metadata"]:
                metadata["namespace"] = manifest["metadata"]["namespace"]
            yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def test_every_object_is_taken(cluster: Cluster, ours: Objects) -> None:
    assert not refusals(cluster, ours)


def test_every_pod_passes_pod_security(cluster: Cluster, ours: Objects) -> None:
    assert sum(map(len, pods(ours).values())) > 1
    assert not refusals(cluster, pods(ours))


def test_an_unknown_field_is_refused(cluster: Cluster, ours: Objects) -> None:
    policy = next(each for given in ours.values() for each in given if each["kind"] == "NetworkPolicy")
    wrong = policy | {"spec": policy["spec"] | {"unheardOf": 1}}
    assert "unheardOf" in refusals(cluster, {"default": [wrong]})[0]


def test_a_pod_with_more_rights_than_its_namespace_grants_is_refused(cluster: Cluster, ours: Objects) -> None:
    wrong = {
        namespace: [pod | {"spec": pod["spec"] | {"hostNetwork": True}} for pod in given]
        for namespace, given in pods(ours).items()
    }
    assert any("violates PodSecurity" in line for line in refusals(cluster, wrong))

"""What our charts' manifests name is made by a release: names that no values file shows, too."""

from __future__ import annotations

import pytest

from config.versions import MINORS
from constructs_lib.guardrails.makers import EVERYWHERE, made_by
from constructs_lib.guardrails.objects import WITHOUT_NAMESPACE, Made
from tests.charts.test_objects import placed
from tests.kubernetes.references import makes, references
from tests.kubernetes.releases import releases
from tests.synth import Synth

pytestmark = pytest.mark.charts

MINOR = next(iter(MINORS))
# Made by Kubernetes in every cluster (Kubernetes documentation, "Using RBAC Authorization", "Pod Priority").
BUILT_IN = {
    Made("ClusterRole", "", "admin"),
    Made("ClusterRole", "", "cluster-admin"),
    Made("ClusterRole", "", "edit"),
    Made("ClusterRole", "", "view"),
    Made("PriorityClass", "", "system-cluster-critical"),
    Made("PriorityClass", "", "system-node-critical"),
}
# Run in namespaces of teams, as accounts and with Secrets of their own: tools.workflow_templates looks them up.
ELSEWHERE = {"ClusterWorkflowTemplate"}
# Groups are those of access entries; the access page's tests know them.
NO_OBJECTS = {"Group", "User"}


def dangling(synth: Synth) -> list[str]:
    known = placed(synth)
    made = BUILT_IN.union(*(made_by(each) for each in known.values() if not each.is_own))
    manifests = [
        (release, manifest) for release in releases(synth) if release.local for manifest in release.manifests(MINOR)
    ]
    made |= {each for release, manifest in manifests for each in makes(manifest, release.namespace)}
    anywhere = {(each.kind, each.name) for each in made}
    return sorted(
        f"{release.stack}/{release.name}: {manifest['kind']} {manifest['metadata']['name']} names {each}"
        for release, manifest in manifests
        if manifest["kind"] not in ELSEWHERE
        for each in references(manifest, release.namespace)
        # What belongs to no namespace names objects in its controller's.
        if not (each in made or (manifest["kind"] in WITHOUT_NAMESPACE and (each.kind, each.name) in anywhere))
        and each.kind not in NO_OBJECTS
        and (each.kind, each.name) not in EVERYWHERE
    )


def test_what_manifests_name_is_made_by_a_release(everything: Synth) -> None:
    found = dangling(everything)
    assert not found, "\n".join(found)

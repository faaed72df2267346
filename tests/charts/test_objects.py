"""What guardrails believe that our charts make is what Helm renders, and what is rendered refers to what exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from config.versions import MINORS
from constructs_lib.guardrails.makers import made_by
from constructs_lib.guardrails.objects import WITHOUT_NAMESPACE, Made
from constructs_lib.guardrails.values import Placed
from constructs_lib.guardrails.values import releases as placed_releases
from constructs_lib.synth import assets
from tests.kubernetes.releases import Release, releases
from tests.synth import Synth

pytestmark = pytest.mark.charts

MINOR = next(iter(MINORS))
# Names with a digest of the settings: no two releases can have the same.
WITH_DIGEST = {("database-bootstrap", "ConfigMap"), ("database-bootstrap", "Job")}


def placed(synth: Synth) -> dict[tuple[str, str], Placed]:
    directory = synth.directory
    paths = [path for path in directory.rglob("*") if path.is_file() and path.suffix != ".tgz"]
    files = {str(path.relative_to(directory)): path.read_text(encoding="utf-8") for path in paths}
    found = placed_releases({stack.name: stack.document for stack in synth.stacks()}, assets(files))
    return {(each.stack, each.name): each for each in found}


def rendered(release: Release) -> set[Made]:
    """The objects, the Secrets that External Secrets and cert-manager make of them, and Argo CD's namespaces."""
    found = set()
    for manifest in release.manifests(MINOR):
        kind, metadata = manifest["kind"], manifest["metadata"]
        namespace = "" if kind in WITHOUT_NAMESPACE else metadata.get("namespace", release.namespace)
        found.add(Made(kind, namespace, metadata["name"]))
        if kind == "ExternalSecret":
            found.add(Made("Secret", namespace, manifest["spec"]["target"]["name"]))
        if kind == "Certificate":
            found.add(Made("Secret", namespace, manifest["spec"]["secretName"]))
        found |= {Made("Namespace", "", name) for name in by_argo_cd(manifest)}
    return found


def by_argo_cd(manifest: Mapping[str, Any]) -> set[str]:
    """Patterns of the namespaces Argo CD makes: what an ApplicationSet's names are, and what its project admits."""
    spec = manifest.get("spec", {})
    if manifest["kind"] == "AppProject":
        admitted = spec.get("clusterResourceWhitelist", [])
        return {each["name"] for each in admitted if each["kind"] == "Namespace" and "name" in each}
    if manifest["kind"] == "ApplicationSet":
        application = spec["template"]["spec"]
        if "CreateNamespace=true" in application.get("syncPolicy", {}).get("syncOptions", []):
            return {application["destination"]["namespace"]}
    return set()


def differences(synth: Synth) -> list[str]:
    known, found = placed(synth), []
    for release in releases(synth):
        if release.local:
            believed, real = made_by(known[release.stack, release.name]), rendered(release)
            chart = release.chart.rpartition("/")[2]
            real = {each for each in real if (chart, each.kind) not in WITH_DIGEST}
            found += [
                f"{chart}: {each} is rendered: constructs_lib/guardrails/own_charts.py" for each in real - believed
            ]
            found += [f"{chart}: {each} is not rendered" for each in believed - real]
    return sorted(set(found))


def test_charts_make_what_guardrails_believe(deployed: Synth) -> None:
    assert not differences(deployed), "\n".join(differences(deployed))


@pytest.mark.parametrize("layer", ["teams", "previews"])
def test_charts_of_teams_make_what_guardrails_believe(layer: str, request: pytest.FixtureRequest) -> None:
    found = differences(request.getfixturevalue(layer))
    assert not found, "\n".join(found)


def test_every_rendered_secret_of_the_store_is_a_row_of_the_values(deployed: Synth) -> None:
    """Guardrail REF-1 reads the rows alone."""
    known = placed(deployed)
    for release in releases(deployed):
        if release.local:
            rows = {row["key"] for row in known[release.stack, release.name].entries("externalSecrets")}
            assert remote_keys(release) <= rows, f"{release.stack}/{release.name}"


def remote_keys(release: Release) -> set[str]:
    found: set[str] = set()
    for manifest in release.manifests(MINOR):
        spec: dict[str, Any] = manifest.get("spec") or {}
        if manifest["kind"] == "ExternalSecret" and spec.get("secretStoreRef", {}).get("kind") == "ClusterSecretStore":
            found |= {each["remoteRef"]["key"] for each in spec.get("data", [])}
            found |= {each["extract"]["key"] for each in spec.get("dataFrom", []) if "extract" in each}
    return found

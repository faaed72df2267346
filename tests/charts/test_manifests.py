"""Rung 4: our charts with the values of every shipped deployment, by the real Helm and the real kubeconform."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from config.versions import MINORS
from tests.kubernetes import kubeconform
from tests.kubernetes.releases import Release, RenderError, releases
from tests.kubernetes.schemas import minors
from tests.synth import Synth

pytestmark = pytest.mark.charts

ROOT = Path(__file__).resolve().parent.parent.parent
CHECKED = minors()
# The test that every minor of the support matrix is listed; those without schemas are skipped by name.
MATRIX = [
    pytest.param(minor, marks=[] if minor in CHECKED else pytest.mark.skip(reason=f"no offline schemas for {minor}"))
    for minor in MINORS
]
POLICY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "deny"},
    "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
}


def ours(synth: Synth) -> list[Release]:
    found = [release for release in releases(synth) if release.local]
    assert found, "no stack releases a chart of ours"
    return found


@pytest.mark.parametrize("minor", MATRIX)
def test_every_manifest_conforms(deployed: Synth, minor: str) -> None:
    found = []
    for release in ours(deployed):
        manifests = release.render(minor)
        assert manifests.strip(), f"{release.stack}/{release.name} renders nothing"
        found += [f"{release.stack}/{release.name}: {problem}" for problem in kubeconform.problems(manifests, minor)]
    assert not found, "\n".join(found)


def test_every_chart_is_released_where_every_component_is_on(everything: Synth, encrypted: Synth) -> None:
    charts = {path.parent.name for path in (ROOT / "charts").glob("*/Chart.yaml")}
    assert charts == {Path(release.chart).name for synth in (everything, encrypted) for release in ours(synth)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"spec": {"podSelector": {}, "policyType": ["Ingress"]}}, "additional properties 'policyType' not allowed"),
        ({"spec": {"podSelector": []}}, "got array"),
        ({"kind": "NetworkPolicies"}, "could not find schema"),
    ],
    ids=["unknown-field", "wrong-type", "unknown-kind"],
)
def test_a_broken_manifest_fails(change: dict[str, object], said: str) -> None:
    if not CHECKED:
        pytest.skip("no offline schemas of Kubernetes")
    assert not kubeconform.problems(yaml.safe_dump(POLICY), CHECKED[-1])
    found = kubeconform.problems(yaml.safe_dump(POLICY | change), CHECKED[-1])
    assert len(found) == 1 and said in found[0]


def test_a_broken_custom_resource_fails() -> None:
    if not CHECKED:
        pytest.skip("no offline schemas of Kubernetes")
    pool = {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "a"}, "spec": {"template": {}}}
    assert "missing property 'spec'" in kubeconform.problems(yaml.safe_dump(pool), CHECKED[-1])[0]


def test_a_chart_that_does_not_render_fails(tmp_path: Path) -> None:
    chart = tmp_path / "broken"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: broken\nversion: 1.0.0\n")
    (chart / "templates" / "x.yaml").write_text('a: {{ required "say a" .Values.a }}\n')
    release = Release(
        stack="s", directory=tmp_path, name="broken", namespace="n", chart="./broken", local=True, values={}
    )
    with pytest.raises(RenderError, match="say a"):
        release.render(next(iter(MINORS)))

"""What judges rollouts is where they are: the credential in their namespaces, and analyses in the golden path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from constructs_lib.components.written_secrets import keys, written
from tests import golden_path, rollout_analysis
from tests.kubernetes.releases import RenderError, release
from tests.rollout_analysis import MINOR, Templates, minutes
from tests.synth import Synth

pytestmark = pytest.mark.charts

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def templates(everything: Synth) -> Templates:
    return rollout_analysis.templates(everything)


@pytest.mark.parametrize(
    ("stack", "name", "namespace"),
    [("idp-teams-alpha", "team-alpha", "team-alpha"), ("idp-teams-shared", "shared-namespaces", "staging")],
)
def test_the_credential_is_where_the_rollout_is(
    teams: Synth, shipped: Synth, templates: Templates, stack: str, name: str, namespace: str
) -> None:
    """From the path that a person writes to the argument of the analysis: one Secret, one key, one store, one label."""
    made = release(teams, stack, name).manifests(MINOR)
    secrets = [each for each in made if each["kind"] == "ExternalSecret"]
    (secret,) = (each for each in secrets if each["spec"]["secretStoreRef"]["kind"] == "ClusterSecretStore")
    assert secret["metadata"]["namespace"] == namespace
    target = secret["spec"]["target"]
    for spec in templates.values():
        (argument,) = (each for each in spec["args"] if each["name"] == "authorization")
        wanted = argument["valueFrom"]["secretKeyRef"]
        assert wanted == {"name": target["name"], "key": next(iter(target["template"]["data"]))}
    taken = {each["secretKey"] for each in secret["spec"]["data"]}
    (header,) = target["template"]["data"].values()
    assert taken == set(re.findall(r"\.(\w+)", header)) and "b64enc" in header and "Basic " in header
    (space,) = (each for each in made if each["kind"] == "Namespace" and each["metadata"]["name"] == namespace)
    scope = space["metadata"]["labels"]["platform/scope"]
    found = release(shipped, "idp-platform-external-secrets", "secret-stores").manifests(MINOR)
    (store,) = (each for each in found if each["metadata"]["name"] == secret["spec"]["secretStoreRef"]["name"])
    (condition,) = store["spec"]["conditions"]
    (expression,) = condition["namespaceSelector"]["matchExpressions"]
    assert (expression["key"], expression["operator"]) == ("platform/scope", "In")
    assert scope in expression["values"] and not {"platform", "sandbox", "preview"} & set(expression["values"])


def test_a_person_writes_what_the_header_is_made_of(teams: Synth, deployment_with: Any) -> None:
    (entry,) = (each for secret, each in written(deployment_with()) if secret.path == "analysis/grafana-cloud")
    made = release(teams, "idp-teams-alpha", "team-alpha").manifests(MINOR)
    taken = {
        each["remoteRef"]["property"]
        for manifest in made
        if manifest["kind"] == "ExternalSecret" and manifest["spec"]["secretStoreRef"]["kind"] == "ClusterSecretStore"
        for each in manifest["spec"]["data"]
    }
    assert set(keys(entry)) == taken


def test_the_sandbox_has_no_credential(teams: Synth) -> None:
    made = release(teams, "idp-teams-shared", "shared-namespaces").manifests(MINOR)
    assert [each["metadata"]["namespace"] for each in made if each["kind"] == "ExternalSecret"] == ["staging"]


def test_a_store_that_is_open_to_all_is_refused(shipped: Synth) -> None:
    found = release(shipped, "idp-platform-external-secrets", "secret-stores")
    broken = type(found)(**{**vars(found), "values": {**found.values, "stores": [{"name": "x", "prefix": "/x/"}]}})
    with pytest.raises(RenderError, match="namespaces or scopes are required"):
        broken.render(MINOR)


def rollout(directory: Path, strategy: str, analysis: str, place: str = "team") -> Mapping[str, Any]:
    golden_path.scaffold(directory, strategy, {"analysis": analysis})
    (found,) = (each for each in golden_path.manifests(directory, place) if each["kind"] == "Rollout")
    spec: Mapping[str, Any] = found["spec"]
    return spec


def used(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The analyses of a rollout."""
    canary, blue_green = spec["strategy"].get("canary", {}), spec["strategy"].get("blueGreen", {})
    found = [step["analysis"] for step in canary.get("steps", []) if "analysis" in step]
    return [
        *found,
        *(blue_green[key] for key in ("prePromotionAnalysis", "postPromotionAnalysis") if key in blue_green),
    ]


@pytest.mark.parametrize("strategy", golden_path.STRATEGIES)
def test_new_services_use_analyses_that_are_there(templates: Templates, tmp_path: Path, strategy: str) -> None:
    found = used(rollout(tmp_path, strategy, "metrics"))
    assert len(found) == 2
    for analysis in found:
        assert {each["templateName"] for each in analysis["templates"]} == templates.keys()
        assert all(each["clusterScope"] is True for each in analysis["templates"])
        needed = {each["name"] for spec in templates.values() for each in spec["args"] if len(each) == 1}
        assert {each["name"] for each in analysis["args"]} == needed


@pytest.mark.parametrize("strategy", golden_path.STRATEGIES)
def test_they_end_before_the_rollout_is_given_up_and_that_before_the_pipeline(
    templates: Templates, tmp_path: Path, strategy: str
) -> None:
    """Analyses don't stop the clock of a rollout's progress (Argo Rollouts, rollout/sync.go, isIndefiniteStep): a step
    after them is late where they took longer."""
    spec = rollout(tmp_path, strategy, "metrics")
    longest = max(
        minutes(metric["initialDelay"]) + (metric["count"] - 1) * minutes(metric["interval"])
        for metric, _ in rollout_analysis.metrics(templates)
    )
    path = ROOT / "workflow-templates" / "deploy" / "argocd-sync.yaml"
    (sync,) = yaml.safe_load(path.read_text(encoding="utf-8").replace("[[", "'").replace("]]", "'"))["spec"][
        "templates"
    ]
    (wait,) = (each["value"] for each in sync["inputs"]["parameters"] if each["name"] == "seconds")
    assert longest * 60 * len(used(spec)) < spec["progressDeadlineSeconds"] < int(wait)


def test_old_pods_outlive_the_analysis_after_the_switch(tmp_path: Path) -> None:
    """With a delay of their own they would end in the midst of it (Argo Rollouts documentation, "BlueGreen Post
    Promotion Analysis")."""
    assert "scaleDownDelaySeconds" not in rollout(tmp_path / "a", "blue-green", "metrics")["strategy"]["blueGreen"]
    assert "scaleDownDelaySeconds" in rollout(tmp_path / "b", "blue-green", "none")["strategy"]["blueGreen"]


@pytest.mark.parametrize("strategy", golden_path.STRATEGIES)
def test_where_nothing_judges_time_passes(tmp_path: Path, strategy: str) -> None:
    spec = rollout(tmp_path, strategy, "none")
    assert used(spec) == []
    assert spec["progressDeadlineSeconds"] == 300
    steps = spec["strategy"].get("canary", {}).get("steps", [])
    assert [step["setWeight"] for step in steps if "setWeight" in step] == ([10, 50] if strategy == "canary" else [])


@pytest.mark.parametrize("strategy", golden_path.STRATEGIES)
def test_previews_have_none(tmp_path: Path, strategy: str) -> None:
    assert used(rollout(tmp_path, strategy, "metrics", "preview")) == []

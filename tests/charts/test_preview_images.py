"""A preview runs the image that ci publishes of its commit: both sides are read from their own files."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from config.loader import load_one
from config.versions import MINORS
from constructs_lib.synth import render, write
from constructs_lib.workflows.events import settings
from tests import github_events as github
from tests import golden_path
from tests.argo_events import started
from tests.kubernetes.application_sets import requests
from tests.kubernetes.releases import Release, RenderError, merged, release
from tests.kyverno import cli
from tests.synth import Synth
from tests.teams import GITHUB_APP, layer
from tools import sensors
from tools.sensor_files import load
from tools.workflow_files import DIRECTORY, parsed
from tools.workflow_templates import shipped_settings

pytestmark = pytest.mark.charts

MINOR = next(iter(MINORS))
SOURCES = ["example-org/web", "example-org/docs"]
TEAM: dict[str, Any] = {"name": "alpha", "size": "small", "members": ["octocat"], "sources": SOURCES}
# Of docs the team has no image repository.
TEAM |= {"previews": SOURCES, "repositories": ["web"]}


@pytest.fixture(scope="module")
def keys(shipped_context: dict[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in shipped_context.items() if key != "deployments"}
    return given | GITHUB_APP | {"deployment:teams": [TEAM]}


@pytest.fixture(scope="module")
def alpha(keys: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Release:
    out = tmp_path_factory.mktemp("alpha")
    write(render([load_one(keys, source="test.json")], layer), out)
    return release(Synth(out), "idp-teams-alpha", "team-alpha")


def source(made: Release, name: str) -> dict[str, Any]:
    """Where Argo CD deploys pull request 12 from."""
    sets = {each["metadata"]["name"]: each for each in made.manifests(MINOR) if each["kind"] == "ApplicationSet"}
    (request,) = requests(sets[name], 12)
    found: dict[str, Any] = request["spec"]["source"]
    return found


def published(keys: dict[str, Any]) -> tuple[str, str]:
    """Repository and tag of the image that ci pushes of a labelled pull request, as its last step is given them."""
    (team,) = load_one(keys, source="test.json").teams
    sensor = load(sensors.DIRECTORY, settings(team, "example-org/web"))["pull-request"]
    (workflow,) = started(sensor.node, github.pull_request("example-org/web", labels=("preview",)))
    given = {each["name"]: each["value"] for each in workflow["spec"]["arguments"]["parameters"]}
    assert given["publish"] == "true"
    text = (DIRECTORY / "pipelines" / "ci.yaml").read_text(encoding="utf-8")
    tasks = parsed("ci.yaml", text, shipped_settings())["spec"]["templates"][0]["dag"]["tasks"]
    (publish,) = (each for each in tasks if each["name"] == "publish")
    asked = {each["name"]: each["value"] for each in publish["arguments"]["parameters"]}
    image, tag = (
        re.sub(r"{{workflow\.parameters\.(\w+)}}", lambda found: given[found[1]], asked[name])
        for name in ("image", "tag")
    )
    return image, tag


def test_argo_cd_names_the_image_that_ci_publishes_of_the_same_commit(alpha: Release, keys: dict[str, Any]) -> None:
    image, tag = published(keys)
    asked = source(alpha, "preview-alpha--web")
    assert asked["targetRevision"] == github.HEAD
    assert asked["kustomize"] == {"images": [f"{image}={golden_path.REGISTRY}/{image}:{tag}"]}


def test_its_tag_is_none_that_a_promotion_looks_for(keys: dict[str, Any]) -> None:
    """``image-lookup`` asks for a SHA and refuses whatever has another character."""
    _, tag = published(keys)
    assert tag == f"pr-{github.HEAD}"
    lookup = (DIRECTORY / "image" / "image-lookup.yaml").read_text(encoding="utf-8")
    (refused,) = re.findall(r'case "\$REVISION" in \*(\[!.*?\])\*\)', lookup)
    assert re.search(refused.replace("!", "^"), tag)
    assert not re.search(refused.replace("!", "^"), github.HEAD)


def test_two_images_of_one_commit_differ_so_that_none_has_both_tags() -> None:
    """A lifecycle rule drops an image by any of its tags."""
    text = (DIRECTORY / "pipelines" / "ci.yaml").read_text(encoding="utf-8")
    tasks = {
        each["name"]: {one["name"]: one["value"] for one in each["arguments"].get("parameters", ())}
        for each in parsed("ci.yaml", text, shipped_settings())["spec"]["templates"][0]["dag"]["tasks"]
        if "arguments" in each
    }
    assert tasks["image"]["version"] == tasks["publish"]["tag"]
    build = (DIRECTORY / "build" / "docker-kaniko.yaml").read_text(encoding="utf-8")
    assert '--opt "label:org.opencontainers.image.version=$VERSION"' in build


def test_what_has_no_image_repository_is_deployed_as_it_is(alpha: Release) -> None:
    assert "kustomize" not in source(alpha, "preview-alpha--docs")


@pytest.mark.parametrize("image", ["team/alpha/web=r/team/alpha/web:latest", "r/team/alpha/web:pr-{{ .head_sha }}"])
def test_the_chart_takes_no_image_of_another_kind(alpha: Release, image: str) -> None:
    rows = [each | {"image": image} for each in alpha.values["previews"]["repositories"]]
    changed = Release(**{**alpha.__dict__, "values": merged(alpha.values, {"previews": {"repositories": rows}})})
    with pytest.raises(RenderError, match="image"):
        changed.render(MINOR)


def test_a_new_service_s_preview_runs_it_and_policies_let_it(
    tmp_path_factory: pytest.TempPathFactory, alpha: Release, everything: Synth
) -> None:
    directory = tmp_path_factory.mktemp("service")
    golden_path.scaffold(directory, "canary")
    (override,) = source(alpha, "preview-alpha--web")["kustomize"]["images"]
    name, _, image = override.partition("=")
    new, _, tag = image.rpartition(":")
    path = directory / "deploy" / "preview" / "kustomization.yaml"
    kustomization = yaml.safe_load(path.read_text(encoding="utf-8"))
    # As ``kustomize edit set image`` does for Argo CD: in place of the entry of the name.
    assert [each["name"] for each in kustomization["images"]] == [name]
    kustomization["images"] = [{"name": name, "newName": new, "newTag": tag}]
    path.write_text(yaml.safe_dump(kustomization), encoding="utf-8")
    pod = golden_path.pod(golden_path.manifests(directory, "preview"))
    assert [each["image"] for each in pod["spec"]["containers"]] == [image]
    found = release(everything, "idp-platform-policies", "policies").manifests(MINOR)
    policies = [each for each in found if each["kind"] == "ValidatingPolicy"]
    denying = [each for each in policies if each["spec"].get("validationActions", ["Deny"]) == ["Deny"]]
    namespace = "preview-alpha--web--12"
    pod["metadata"]["namespace"] = namespace
    scope = {"platform/scope": "preview", "platform/team": "alpha", "kubernetes.io/metadata.name": namespace}
    verdicts = cli.apply(denying, [pod], namespaces={namespace: scope})
    assert [each.policy for each in verdicts if each.result == "pass"]
    assert not [each for each in verdicts if each.result not in ("pass", "skip")]

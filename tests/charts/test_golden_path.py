"""A new service, as the golden path makes it: schemas, policies, and what deliveries and pipelines expect of it."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from config.versions import MINORS
from tests import golden_path, onboarding
from tests.kubernetes import kubeconform
from tests.kubernetes.releases import release
from tests.kubernetes.schemas import newest_minor
from tests.kyverno import cli
from tests.synth import Synth

pytestmark = pytest.mark.charts

MINOR = next(iter(MINORS))
PLACES = {"team": "team-alpha", "staging": "staging", "preview": "preview-alpha--web--12"}


@pytest.fixture(scope="module", params=golden_path.STRATEGIES)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp(request.param)
    golden_path.scaffold(directory, request.param)
    return directory


@pytest.mark.parametrize("changes", [golden_path.VALUES, golden_path.ODD, golden_path.LONGEST])
def test_the_form_takes_what_services_are_tried_with(changes: dict[str, str]) -> None:
    asked = golden_path.form()
    for name in ("name", "description"):
        jsonschema.validate(changes[name], asked[name])
    assert len(golden_path.LONGEST["name"]) == asked["name"]["maxLength"]
    assert set(asked["strategy"]["enum"]) == set(golden_path.STRATEGIES)


@pytest.mark.parametrize("changes", [golden_path.ODD, golden_path.LONGEST], ids=["odd", "longest"])
def test_any_name_and_description_stay_what_they_are(tmp_path: Path, changes: dict[str, str]) -> None:
    golden_path.scaffold(tmp_path, "canary", changes)
    entity = yaml.safe_load((tmp_path / "catalog-info.yaml").read_text(encoding="utf-8"))["metadata"]
    assert {key: entity[key] for key in changes} == changes
    assert yaml.safe_load((tmp_path / "mkdocs.yml").read_text(encoding="utf-8"))["site_name"] == changes["name"]
    made = [golden_path.manifests(tmp_path, place) for place in PLACES]
    for found in made:
        assert golden_path.pod(found)["metadata"]["labels"]["app.kubernetes.io/name"] == changes["name"]
    for found in made:
        problems = kubeconform.problems(yaml.safe_dump_all(found), newest_minor())
        assert not problems, "\n".join(problems)


def test_the_page_says_what_the_form_asks() -> None:
    rows = onboarding.rows("A new service by the golden path")
    end = next(index for index, (cell, *_) in enumerate(rows) if cell == "what happens")
    said = {cell: text for cell, text in rows[1:end]}
    asked = {each["title"]: each for each in golden_path.form().values()}
    assert said.keys() == asked.keys()
    for title, each in asked.items():
        assert str(each.get("maxLength", "")) in said[title]


def test_nothing_keeps_the_pipeline_from_pushing_promotions() -> None:
    """Backstage's action publish:github protects the branch, administrators included, unless it is told otherwise."""
    (publish,) = (step for step in golden_path.template()["spec"]["steps"] if step["action"] == "publish:github")
    assert publish["input"]["protectDefaultBranch"] is False
    assert publish["input"]["defaultBranch"] == "main"


def test_the_template_gives_what_the_skeleton_takes() -> None:
    (fetch,) = (step for step in golden_path.template()["spec"]["steps"] if step["action"] == "fetch:template")
    assert set(fetch["input"]["values"]) == golden_path.VALUES.keys() | {"strategy"}


def test_backstage_knows_the_template_and_what_it_asks_of_the_deployment(shipped: Synth) -> None:
    config = release(shipped, "idp-platform-backstage", "backstage").values["backstage"]["appConfig"]
    targets = [each["target"] for each in config["catalog"]["locations"]]
    assert [each for each in targets if each.endswith("/blob/main/golden-path/template.yaml")]
    given = config["scaffolder"]["defaultEnvironment"]["parameters"]
    asked = {
        word
        for word in golden_path.VALUES
        if f"environment.parameters.{word}" in yaml.safe_dump(golden_path.template())
    }
    assert given == {word: golden_path.VALUES[word] for word in asked}


@pytest.mark.parametrize("place", PLACES)
def test_every_manifest_conforms(service: Path, place: str) -> None:
    problems = kubeconform.problems(yaml.safe_dump_all(golden_path.manifests(service, place)), newest_minor())
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("place", PLACES)
def test_its_pods_pass_every_policy_that_denies(service: Path, place: str, everything: Synth) -> None:
    """Policies match pods: those of a Rollout are looked at when they are made, as everybody's."""
    policies = release(everything, "idp-platform-policies", "policies").manifests(MINOR)
    denying = [
        each
        for each in policies
        if each["kind"] == "ValidatingPolicy" and each["spec"].get("validationActions", ["Deny"]) == ["Deny"]
    ]
    pod = golden_path.pod(golden_path.manifests(service, place))
    pod["metadata"]["namespace"] = PLACES[place]
    scope = {"platform/scope": place, "platform/team": "alpha", "kubernetes.io/metadata.name": PLACES[place]}
    verdicts = cli.apply(denying, [pod], namespaces={PLACES[place]: scope})
    assert "require-labels" in {each.policy for each in verdicts}
    assert not [each for each in verdicts if each.result not in ("pass", "skip")]


def test_argo_cd_deploys_all_of_it_for_the_team(service: Path, teams: Synth) -> None:
    project = golden_path.one(release(teams, "idp-teams-alpha", "team-alpha").manifests(MINOR), "AppProject")["spec"]
    allowed = {(each["group"], each["kind"]) for each in project["namespaceResourceWhitelist"]}
    for each in golden_path.manifests(service, "team"):
        assert (each["apiVersion"].rpartition("/")[0], each["kind"]) in allowed


@pytest.mark.parametrize("place", ["team", "staging"])
def test_the_pipeline_promotes_the_image_by_the_name_that_the_place_has(service: Path, place: str) -> None:
    """``promote`` sets the image named as its repository."""
    path = service / "deploy" / place / "kustomization.yaml"
    (image,) = yaml.safe_load(path.read_text(encoding="utf-8"))["images"]
    assert image["name"] == "team/alpha/web"
    (container,) = golden_path.pod(golden_path.manifests(service, place))["spec"]["containers"]
    assert container["image"] == f"{golden_path.REGISTRY}/team/alpha/web:0.0.0"


@pytest.mark.parametrize("place", PLACES)
def test_services_and_the_budget_select_its_pods_and_the_ingress_a_service(service: Path, place: str) -> None:
    found = golden_path.manifests(service, place)
    labels = golden_path.pod(found)["metadata"]["labels"]
    services = {each["metadata"]["name"]: each for each in found if each["kind"] == "Service"}
    selectors = [each["spec"]["selector"] for each in services.values()]
    selectors += [
        golden_path.one(found, kind)["spec"]["selector"]["matchLabels"] for kind in ("PodDisruptionBudget", "Rollout")
    ]
    assert all(selector.items() <= labels.items() for selector in selectors)
    (path,) = golden_path.one(found, "Ingress")["spec"]["rules"][0]["http"]["paths"]
    assert path["backend"]["service"]["name"] in services
    strategy = golden_path.one(found, "Rollout")["spec"]["strategy"]
    weighted = "trafficRouting" in strategy.get("canary", {})
    assert (path["backend"]["service"]["port"]["name"] == "use-annotation") is weighted


def test_a_service_without_its_labels_is_refused(service: Path, everything: Synth) -> None:
    policies = release(everything, "idp-platform-policies", "policies").manifests(MINOR)
    (policy,) = (each for each in policies if each["metadata"]["name"] == "require-labels")
    pod = golden_path.pod(golden_path.manifests(service, "team"))
    pod["metadata"] |= {"namespace": "team-alpha", "labels": {}}
    verdicts = cli.apply([policy], [pod], namespaces={"team-alpha": {"platform/scope": "team"}})
    assert [each.result for each in verdicts] == ["fail"]

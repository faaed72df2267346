"""A service of the golden path is promoted from staging to production: what the repository holds, what pipeline ``cd``
changes there, what Argo CD makes of it and where that runs are the same places, each read from its own file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from config.names import team_namespace
from config.versions import MINORS
from tests import golden_path
from tests.kubernetes.application_sets import applications, repository, requests
from tests.kubernetes.releases import release
from tests.synth import Synth
from tests.unit.tools.workflow_steps import FILES

pytestmark = pytest.mark.charts

MINOR = next(iter(MINORS))
CD = FILES["cd"]
# What the sensor of releases gives to the pipeline for a repository of the golden path.
REPOSITORY, APPLICATION, IMAGE = "example-org/web", "alpha--web", "team/alpha/web"


def defaults() -> dict[str, str]:
    return {name: each["value"] for name, each in CD.parameters.items() if "value" in each}


def tasks(name: str) -> dict[str, dict[str, Any]]:
    return CD.templates[name].tasks()


def given(task: dict[str, Any], **known: str) -> dict[str, str]:
    """The task's parameters, with the pipeline's own and ``known`` filled in."""
    words = {f"{{{{workflow.parameters.{key}}}}}": value for key, value in defaults().items()}
    words |= {f"{{{{{key.replace('__', '.')}}}}}": value for key, value in known.items()}
    found = {each["name"]: str(each["value"]) for each in task["arguments"]["parameters"]}
    for word, value in words.items():
        found = {name: text.replace(word, value) for name, text in found.items()}
    return found


def known(place: str) -> dict[str, str]:
    return {
        "inputs__parameters__place": place,
        "workflow__parameters__application": APPLICATION,
        "workflow__parameters__repository": REPOSITORY,
        "workflow__parameters__image": IMAGE,
    }


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("service")
    golden_path.scaffold(directory, "canary")
    return directory


@pytest.fixture(scope="module")
def directories(service: Path) -> list[str]:
    return sorted(f"deploy/{path.name}" for path in (service / "deploy").iterdir())


@pytest.fixture(scope="module")
def team(shipped_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The objects of a team that has the service and previews of it."""
    from config.loader import load_one
    from constructs_lib.synth import render, write
    from tests.teams import GITHUB_APP, layer

    entry = {"name": "alpha", "size": "small", "members": ["octocat"], "repositories": ["web"]}
    entry |= {"sources": [REPOSITORY], "previews": [REPOSITORY]}
    keys = {key: value for key, value in shipped_context.items() if key != "deployments"} | GITHUB_APP
    out = tmp_path_factory.mktemp("team")
    write(render([load_one(keys | {"deployment:teams": [entry]}, source="test.json")], layer), out)
    return release(Synth(out), "idp-teams-alpha", "team-alpha").manifests(MINOR)


def named(team: list[dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
    (found,) = (each for each in team if (each["kind"], each["metadata"]["name"]) == (kind, name))
    return found


@pytest.fixture(scope="module")
def made(team: list[dict[str, Any]], directories: list[str]) -> dict[str, dict[str, Any]]:
    """Applications that Argo CD makes of the service's branch, by name."""
    found = named(team, "ApplicationSet", "team-alpha--web")
    assert repository(found) == f"https://github.com/{REPOSITORY}"
    return {each["metadata"]["name"]: each["spec"] for each in applications(found, directories)}


def test_by_default_an_image_goes_to_staging_and_after_a_yes_to_production() -> None:
    chosen = defaults()
    assert (chosen["first"], chosen["next"], chosen["approval"]) == ("staging", "team", "true")
    found = tasks("cd")
    places = {name: given(each)["place"] for name, each in found.items() if each.get("template") == "place"}
    assert places == {"first": "staging", "next": "team"}
    assert found["approval"]["depends"] == "first.Succeeded"
    assert found["next"]["depends"] == "first.Succeeded && (approval.Succeeded || approval.Skipped)"
    assert CD.templates["approval"].node["suspend"] == {}


@pytest.mark.parametrize(("parameter", "namespace"), [("first", "staging"), ("next", team_namespace("alpha"))])
def test_what_is_promoted_is_what_argo_cd_deploys_there(
    made: dict[str, dict[str, Any]], service: Path, parameter: str, namespace: str
) -> None:
    place = defaults()[parameter]
    steps = {name: given(each, **known(place)) for name, each in tasks("place").items() if "arguments" in each}
    directory, application = steps["promote"]["directory"], steps["sync"]["application"]
    assert (service / directory / "kustomization.yaml").is_file()
    assert made[application]["source"]["path"] == directory
    assert made[application]["destination"]["namespace"] == namespace
    (image,) = yaml.safe_load((service / directory / "kustomization.yaml").read_text(encoding="utf-8"))["images"]
    assert steps["promote"]["image"] == image["name"] == IMAGE


@pytest.mark.parametrize("parameter", ["first", "next"])
def test_a_rollback_takes_back_the_commit_of_the_same_place_and_waits_for_it(parameter: str) -> None:
    found = tasks("place")
    steps = {name: given(each, **known(defaults()[parameter])) for name, each in found.items() if "arguments" in each}
    assert found["rollback"]["depends"] == "sync.Failed || sync.Errored || test.Failed || test.Errored"
    assert found["rollback"]["templateRef"] == found["promote"]["templateRef"]
    for key in ("repository", "branch", "directory"):
        assert steps["rollback"][key] == steps["promote"][key]
    assert steps["rollback"]["revert"] == "{{tasks.promote.outputs.parameters.changed}}"
    assert steps["restored"]["application"] == steps["sync"]["application"]
    assert steps["restored"]["absent"] == steps["sync"]["image"]
    assert found["refuse"]["depends"] == "restored.Succeeded || rollback.Skipped"


def test_every_directory_of_the_golden_path_is_deployed_or_part_of_others(
    made: dict[str, dict[str, Any]], team: list[dict[str, Any]], service: Path, directories: list[str]
) -> None:
    (preview,) = requests(named(team, "ApplicationSet", "preview-alpha--web"), 12)
    deployed = {each["source"]["path"] for each in (*made.values(), preview["spec"])}
    assert set(directories) - deployed == {"deploy/base"}
    assert deployed <= set(directories)
    for directory in deployed:
        kustomization = yaml.safe_load((service / directory / "kustomization.yaml").read_text(encoding="utf-8"))
        assert kustomization["resources"] == ["../base"]


def test_the_pipeline_may_look_at_every_application_that_it_waits_for(
    made: dict[str, dict[str, Any]], team: list[dict[str, Any]]
) -> None:
    (rule,) = named(team, "Role", "team-alpha-pipelines")["rules"]
    assert made.keys() <= set(rule["resourceNames"])
    waited = {f"{APPLICATION}--{defaults()[parameter]}" for parameter in ("first", "next")}
    assert waited <= made.keys()


def test_all_follow_one_branch(made: dict[str, dict[str, Any]]) -> None:
    """HEAD is the default branch; a release promotes on its repository's own (test_sensor_arguments.py)."""
    (publish,) = (each for each in golden_path.template()["spec"]["steps"] if each["action"] == "publish:github")
    assert defaults()["branch"] == publish["input"]["defaultBranch"]
    assert {each["source"]["targetRevision"] for each in made.values()} == {"HEAD"}

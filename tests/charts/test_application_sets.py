"""What cannot be read in one repository stops nothing of another: each has an ApplicationSet of its own.

Argo CD makes, changes and deletes no application of a set while one of the set's generators fails, or a template fails
on one of its parameters (its function GenerateApplications). So no two repositories may share a set.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from config.deployment import Deployment
from config.versions import MINORS
from constructs_lib.synth import render, write
from tests.kubernetes.application_sets import applications, repository, requests
from tests.kubernetes.releases import Release, merged, release, releases
from tests.synth import Synth
from tests.teams import GAMMA, GITHUB_APP, layer

pytestmark = pytest.mark.charts

MINOR = next(iter(MINORS))
OTHER = {
    "name": "delta",
    "size": "small",
    "members": ["octocat"],
    "sources": ["example-org/Web.App", "example-org/api"],
    "previews": ["example-org/api"],
}


@pytest.fixture(scope="module")
def gamma(previews: Synth) -> Release:
    return release(previews, "idp-teams-gamma", "team-gamma")


@pytest.fixture(scope="module")
def sets(gamma: Release) -> dict[str, dict[str, Any]]:
    return sets_of(gamma)


def sets_of(made: Release) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in made.manifests(MINOR) if each["kind"] == "ApplicationSet"}


def texts(made: Release) -> dict[str, str]:
    """Each object's manifest to the byte, by ``kind/name``."""
    found = {}
    for text in re.split(r"^---$", made.render(MINOR), flags=re.MULTILINE):
        for manifest in filter(None, yaml.safe_load_all(text)):
            found[f"{manifest['kind']}/{manifest['metadata']['name']}"] = text
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_each_repository_has_a_set_of_its_own_by_a_name_that_stays(sets: dict[str, dict[str, Any]]) -> None:
    assert {name: repository(each) for name, each in sets.items()} == {
        "team-gamma--web-app": "https://github.com/example-org/Web.App",
        "team-gamma--jobs": "https://github.com/example-org/jobs",
        "team-gamma--docs": "https://github.com/example-org/docs",
        "preview-gamma--web-app": "https://github.com/example-org/Web.App",
        "preview-gamma--jobs": "https://github.com/example-org/jobs",
    }


def test_no_set_of_any_team_reads_two_repositories(teams: Synth, previews: Synth) -> None:
    """``repository`` raises where there are more generators than one, or one that puts others together."""
    found = [each for synth in (teams, previews) for made in releases(synth) if made.local for each in made_sets(made)]
    assert len(found) == 7
    for each in found:
        assert each["spec"]["template"]["spec"]["source"]["repoURL"] == repository(each)


def made_sets(made: Release) -> list[dict[str, Any]]:
    return list(sets_of(made).values())


def test_a_template_that_fails_is_an_error_and_not_a_wrong_application(sets: dict[str, dict[str, Any]]) -> None:
    for each in sets.values():
        assert (each["spec"]["goTemplate"], each["spec"]["goTemplateOptions"]) == (True, ["missingkey=error"])
        assert "templatePatch" not in each["spec"]


def test_no_set_waits_for_another_or_for_its_own_applications(sets: dict[str, dict[str, Any]]) -> None:
    """A strategy holds applications back until others are healthy; a generator within one has a template of its own."""
    for each in sets.values():
        assert set(each["spec"]) == {"generators", "goTemplate", "goTemplateOptions", "template"}
        assert not re.search(r'"(matrix|merge|clusters|template)":', json.dumps(each["spec"]["generators"]))


def test_templates_read_only_what_every_parameter_of_their_generator_has(sets: dict[str, dict[str, Any]]) -> None:
    known = {"git": {".path.path", ".path.basename"}, "pullRequest": {".number", ".head_sha"}}
    for each in sets.values():
        ((kind, _),) = each["spec"]["generators"][0].items()
        expressions = re.findall(r"{{(.*?)}}", json.dumps(each["spec"]["template"]))
        read = {word for text in expressions for word in re.findall(r"(?<![\w.])\.[\w.]+", text)}
        assert read and read <= known[kind]


def test_applications_are_those_of_before(sets: dict[str, dict[str, Any]]) -> None:
    """With other names they would be made anew, and what runs would be deleted."""
    there = ["deploy/base", "deploy/team", "deploy/staging", "deploy/sandbox", "deploy/Bad Name", "deploy/preview"]
    found = {each["metadata"]["name"]: each["spec"] for each in applications(sets["team-gamma--web-app"], there)}
    assert {name: (each["source"]["path"], each["destination"]["namespace"]) for name, each in found.items()} == {
        "gamma--web-app--team": ("deploy/team", "team-gamma"),
        "gamma--web-app--staging": ("deploy/staging", "staging"),
        "gamma--web-app--sandbox": ("deploy/sandbox", "sandbox"),
    }
    (request,) = requests(sets["preview-gamma--web-app"], 12)
    assert request["metadata"]["name"] == request["spec"]["destination"]["namespace"] == "preview-gamma--web-app--12"
    assert request["spec"]["source"]["targetRevision"] == "c" * 40


LONG = "w" * 80
# Where something is wrong with the first repository: the part of the values, its list, and what is wrong.
WRONG: dict[str, tuple[str, str, dict[str, str]]] = {
    "source that is gone": ("deliveries", "sources", {"url": "https://github.com/example-org/gone"}),
    "source's name too long": ("deliveries", "sources", {"name": LONG}),
    "source's name no name": ("deliveries", "sources", {"name": "{{ .missing }}"}),
    "requests of what is gone": ("previews", "repositories", {"repository": "gone"}),
    "requests' name too long": (
        "previews",
        "repositories",
        {"name": LONG, "namespace": f"preview-gamma--{LONG}--{{{{ .number }}}}"},
    ),
    "requests' template that fails": (
        "previews",
        "repositories",
        {"namespace": "preview-gamma--{{ .x }}--{{ .number }}"},
    ),
}


@pytest.mark.parametrize(("part", "key", "wrong"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_one_repository_leaves_the_others_to_the_byte(
    gamma: Release, part: str, key: str, wrong: dict[str, str]
) -> None:
    rows = copy.deepcopy(gamma.values[part][key])
    rows[0] |= wrong
    after = Release(**{**gamma.__dict__, "values": merged(gamma.values, {part: {key: rows}})})
    project = gamma.values["previews"]["project"] if part == "previews" else "team-gamma"
    # Of all repositories together: the project that names them, and the job that goes through them one by one.
    together = {f"AppProject/{project}", f"CronJob/{project}"}
    differing = changed(texts(gamma), texts(after)) - together
    assert f"ApplicationSet/{project}--{rows[0]['name']}" in differing
    assert {name.partition("/")[2] for name in differing} <= {
        f"{project}--{name}" for name in ("web-app", rows[0]["name"])
    }


def test_a_place_with_a_bad_name_is_no_other_team_s(teams: Synth, gamma: Release) -> None:
    """Directories are those of the platform; no repository names one."""
    places = [{"place": "Bad Name", "namespace": "staging"}]
    after = Release(**{**gamma.__dict__, "values": merged(gamma.values, {"deliveries": {"destinations": places}})})
    there = ["deploy/staging", "deploy/Bad Name"]
    (made,) = applications(sets_of(after)["team-gamma--web-app"], there)
    assert made["metadata"]["name"] == "gamma--web-app--Bad Name"
    assert len(applications(sets_of(release(teams, "idp-teams-alpha", "team-alpha"))["team-alpha--jobs"], there)) == 1


@pytest.mark.parametrize(
    "sources", [["example-org/gone", "example-org/jobs", "example-org/docs"], ["example-org/jobs"]]
)
def test_an_entry_of_one_team_changes_nothing_of_another(
    deployment_with: Callable[..., Deployment], tmp_path: Any, sources: list[str]
) -> None:
    """From the deployment file on: the other team has a repository in common."""
    found = []
    for index, entry in enumerate((GAMMA, GAMMA | {"sources": sources, "previews": sources[:1]})):
        write(
            render([deployment_with(GITHUB_APP | {"deployment:teams": [entry, OTHER]})], layer), tmp_path / str(index)
        )
        found.append(Synth(tmp_path / str(index)))
    one, other = (
        [texts(release(each, f"idp-teams-{team}", f"team-{team}")) for each in found] for team in ("delta", "gamma")
    )
    assert one[0] == one[1]
    assert "ApplicationSet/team-gamma--jobs" not in changed(*other)


def test_the_platform_s_own_set_reads_one_repository_and_makes_no_name_that_can_fail(shipped: Synth) -> None:
    """What is wrong in one of its directories is wrong with that directory's application alone."""
    made = release(shipped, "idp-platform-argocd", "argocd-platform")
    (own,) = made_sets(made)
    generator = own["spec"]["generators"][0]["git"]
    assert own["spec"]["template"]["spec"]["source"]["repoURL"] == repository(own) == generator["repoURL"]
    paths = [each["path"] for each in generator["directories"]]
    names = [each["metadata"]["name"] for each in applications(own, [*paths, "gitops/platform/other"])]
    assert names == [f"platform--{path.rpartition('/')[2]}" for path in paths]
    # Whatever the other directories are, and whether they are there at all.
    assert [each["metadata"]["name"] for each in applications(own, paths[:1])] == names[:1]
    assert own["spec"]["syncPolicy"] == {"preserveResourcesOnDeletion": True}

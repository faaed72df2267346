"""What the workflows that GitHub's events start are given: sensors as Helm renders them."""

from __future__ import annotations

from typing import Any

import pytest

from tests import github_events as github
from tests.argo_events import Object, started
from tests.sensors import CHECK, arguments, of, sensors_of, workflows

pytestmark = pytest.mark.charts


@pytest.fixture(scope="module")
def sensors(shipped_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> list[Object]:
    return sensors_of(shipped_context, tmp_path_factory.mktemp("events"))


def test_a_push_is_built_at_its_commit_and_published_as_the_image_of_its_name(sensors: list[Object]) -> None:
    found = {each["metadata"]["namespace"]: arguments(each) for each in started(of(sensors, "push"), github.push())}
    common = {"repository": "example-org/shop", "revision": github.AFTER}
    assert found == {
        "team-alpha": common | {"image": "team/alpha/shop", "publish": "true"},
        # It has no image repository of the name.
        "team-beta": common | {"image": "team/beta/shop", "publish": "false"},
    }


def test_a_proposal_is_built_at_its_head_and_not_published(sensors: list[Object]) -> None:
    (trusted, _) = started(of(sensors, "pull-request"), github.pull_request())
    assert (arguments(trusted)["revision"], arguments(trusted)["publish"]) == (github.HEAD, "false")
    (strange,) = started(of(sensors, "stranger"), github.pull_request(head="octocat/shop", association="NONE"))
    # The repository that the request is made to has the commit, too.
    assert arguments(strange) == {"repository": "example-org/shop", "revision": github.HEAD}


@pytest.mark.parametrize(
    ("labels", "published"),
    [((), "false"), (("bug",), "false"), (("previews", "no-preview"), "false"), (("bug", "preview"), "true")],
)
@pytest.mark.parametrize("action", ["opened", "synchronize", "reopened"])
def test_a_proposal_is_published_as_a_preview_s_image_where_it_has_the_label(
    sensors: list[Object], labels: tuple[str, ...], published: str, action: str
) -> None:
    event = github.pull_request(labels=labels, action=action)
    made = {each["metadata"]["namespace"]: arguments(each) for each in started(of(sensors, "pull-request"), event)}
    common = {"repository": "example-org/shop", "revision": github.HEAD, "prefix": "pr-"}
    assert made == {
        "team-alpha": common | {"image": "team/alpha/shop", "publish": published},
        # Alpha's are the previews, and the image repository.
        "team-beta": common | {"image": "team/beta/shop", "publish": "false"},
    }


def test_a_proposal_is_not_published_where_there_is_no_image_repository(sensors: list[Object]) -> None:
    (made,) = started(of(sensors, "pull-request"), github.pull_request("example-org/Web.App", labels=("preview",)))
    assert arguments(made)["publish"] == "false"


def test_a_strangers_proposal_is_not_published_whatever_its_labels(sensors: list[Object]) -> None:
    event = github.pull_request(head="octocat/shop", association="NONE", labels=("preview",))
    assert workflows(sensors, event) == [CHECK]
    (made,) = started(of(sensors, "stranger"), event)
    assert "publish" not in arguments(made)


def test_a_release_is_promoted_by_its_tag_to_the_teams_own_application(sensors: list[Object]) -> None:
    (workflow,) = started(of(sensors, "release"), github.release())
    assert arguments(workflow) == {
        "repository": "example-org/shop",
        "tag": "v1.2.0",
        "branch": "main",
        "image": "team/alpha/shop",
        "application": "alpha--shop",
    }


@pytest.mark.parametrize(
    "event",
    [
        github.push("example-org/Web.App"),
        github.pull_request("example-org/Web.App"),
        github.pull_request("example-org/Web.App", association="NONE"),
        github.pull_request("example-org/Web.App", head="octocat/Web.App"),
        github.release(),
    ],
)
def test_what_a_delivery_starts_has_its_id_so_that_a_second_one_starts_nothing(
    sensors: list[Object], event: Any
) -> None:
    names = [each["metadata"]["name"] for sensor in sensors for each in started(sensor, event)]
    again = [each["metadata"]["name"] for sensor in sensors for each in started(sensor, event)]
    assert names == again
    assert all(name.endswith(f"-{github.DELIVERY}") and len(name) <= 63 for name in names)


@pytest.mark.parametrize(
    ("name", "event", "revision"),
    [
        ("push", github.push("example-org/Web.App"), github.AFTER),
        ("pull-request", github.pull_request("example-org/Web.App"), github.HEAD),
        ("stranger", github.pull_request("example-org/Web.App", head="octocat/Web.App"), github.HEAD),
        ("release", github.release(), "v1.2.0"),
        ("docs", github.push(commits=(github.commit("docs/index.md"),)), github.AFTER),
    ],
)
def test_what_could_not_be_started_is_written_down(sensors: list[Object], name: str, event: Any, revision: str) -> None:
    (letter,) = started(of(sensors, name), event, fails=True)
    assert (letter["kind"], letter["metadata"]["namespace"]) == ("ConfigMap", "argo-events")
    assert letter["metadata"]["labels"] == {"platform/dead-letter": name}
    assert (letter["data"]["delivery"], letter["data"]["revision"]) == (github.DELIVERY, revision)
    assert letter["data"]["sender"] == "octocat"


def test_names_are_those_that_sensors_may_have(sensors: list[Object]) -> None:
    for sensor in sensors:
        triggers = [each["template"]["name"] for each in sensor["spec"]["triggers"]]
        dependencies = [each["name"] for each in sensor["spec"]["dependencies"]]
        assert len({*triggers}) == len(triggers)
        assert len({*dependencies}) == len(dependencies)
        assert all(name[0].isalpha() and len(name) <= 63 for name in triggers + dependencies)

"""What GitHub's events start: sensors as Helm renders them, on deliveries in GitHub's shape."""

from __future__ import annotations

import itertools
import subprocess
from typing import Any

import pytest
import yaml

from config.loader import load_one
from constructs_lib.components.catalog.argo_events import ARGO_EVENTS
from constructs_lib.components.template import rendered
from constructs_lib.helm.charts import local_chart
from constructs_lib.naming import naming_of
from tests import github_events as github
from tests.argo_events import Object, started
from tests.teams import GITHUB_APP
from tools import build as tools

pytestmark = pytest.mark.charts

ALPHA = {
    "name": "alpha",
    "size": "small",
    "members": ["octocat"],
    "repositories": ["shop"],
    "sources": ["example-org/shop", "example-org/Web.App"],
    # Of the second one it has no image repository.
    "previews": ["example-org/shop", "example-org/Web.App"],
}
# It deploys from a repository of alpha's, too.
BETA = {"name": "beta", "size": "small", "members": ["octocat"], "sources": ["Example-Org/Shop"]}
# GitHub documentation, "CommentAuthorAssociation", and two that only hold a word that counts.
ASSOCIATIONS = ["OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR"]
ASSOCIATIONS += ["MANNEQUIN", "NONE", "MEMBERS", "NOMEMBER"]


@pytest.fixture(scope="module")
def sensors(shipped_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> list[Object]:
    """The sensors of a deployment with both teams."""
    keys = {key: value for key, value in shipped_context.items() if key != "deployments"}
    deployment = load_one(keys | GITHUB_APP | {"deployment:teams": [ALPHA, BETA]}, source="test.json")
    where = tmp_path_factory.mktemp("events")
    for path, text in local_chart("events").files.items():
        (where / path).parent.mkdir(parents=True, exist_ok=True)
        (where / path).write_text(text, encoding="utf-8")
    command = [str(tools.program("helm")), "template", "events", str(where / "charts" / "events")]
    command += ["--namespace", "argo-events", "--kube-version", "1.34.0", "--values", "-"]
    values = rendered(ARGO_EVENTS, "events", deployment, naming_of(deployment))
    finished = subprocess.run(command, input=values, capture_output=True, text=True, check=True)
    return [each for each in yaml.safe_load_all(finished.stdout) if each and each["kind"] == "Sensor"]


def workflows(sensors: list[Object], event: Any) -> list[tuple[str, str, str]]:
    """Namespace, template and account of what ``event`` starts."""
    found = [made for sensor in sensors for made in started(sensor, event)]
    return sorted(
        (
            each["metadata"]["namespace"],
            each["spec"]["workflowTemplateRef"]["name"],
            each["spec"]["serviceAccountName"],
        )
        for each in found
    )


CI_ALPHA = ("team-alpha", "ci", "argo-workflows-executor")
CI_BETA = ("team-beta", "ci", "argo-workflows-executor")
CHECK = ("pull-requests", "pull-request", "pull-request")
CD_ALPHA = ("team-alpha", "cd", "workflows-deployer")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (github.push("example-org/Web.App"), [CI_ALPHA]),
        (github.push(), [CI_ALPHA, CI_BETA]),
        (github.push(ref="refs/heads/proposal"), []),
        (github.push(ref="refs/tags/main"), []),
        (github.push(ref="refs/heads/feature/refs/heads/main"), []),
        (github.push(deleted=True), []),
        (github.push("example-org/other"), []),
        (github.push("example-org/shop-2"), []),
        (github.push("my-example-org/shop"), []),
        (github.push("example-org/WebXApp"), []),
        (github.pull_request("example-org/Web.App"), [CI_ALPHA]),
        (github.pull_request("example-org/Web.App", action="synchronize"), [CI_ALPHA]),
        (github.pull_request("example-org/Web.App", action="closed"), []),
        (github.pull_request("example-org/Web.App", action="labeled"), []),
        (github.pull_request("example-org/Web.App", action="labeled", labels=("preview",), label="preview"), []),
        (github.pull_request(action="labeled", labels=("preview",), label="preview"), [CI_ALPHA]),
        (github.pull_request(action="labeled", labels=("preview", "bug"), label="bug"), []),
        (github.pull_request(action="labeled", labels=("preview", "previews"), label="previews"), []),
        (github.pull_request(action="unlabeled", labels=(), label="preview"), []),
        (github.pull_request(action="labeled", labels=("preview",), label="preview", association="NONE"), []),
        (github.pull_request(action="labeled", labels=("preview",), label="preview", head="octocat/shop"), []),
        (github.pull_request("example-org/Web.App", head="octocat/Web.App"), [CHECK]),
        (github.pull_request(head="octocat/shop", association="NONE"), [CHECK]),
        (github.pull_request("example-org/Web.App", association="NONE"), [CHECK]),
        (github.pull_request(head="octocat/shop", association="NONE", action="closed"), []),
        (github.pull_request(head=""), []),
        (github.pull_request("example-org/other", association="NONE"), []),
        (github.release(), [CD_ALPHA]),
        (github.release("example-org/Web.App"), []),
        (github.release(prerelease=True), []),
        (github.release(draft=True), []),
        (github.release(action="created"), []),
        (github.release(sender="Bot"), []),
        (github.issue(), []),
    ],
)
def test_an_event_starts_what_is_for_it_and_nothing_else(
    sensors: list[Object], event: Any, expected: list[tuple[str, str, str]]
) -> None:
    assert workflows(sensors, event) == expected


def test_only_a_members_proposal_from_the_repository_itself_runs_as_the_team(sensors: list[Object]) -> None:
    name = "example-org/Web.App"
    trusted = {
        (association, head)
        for association, head in itertools.product(ASSOCIATIONS, (name, "octocat/Web.App", "evil/example-org"))
        if workflows(sensors, github.pull_request(name, head=head, association=association)) == [CI_ALPHA]
    }
    assert trusted == {(association, name) for association in ("OWNER", "MEMBER", "COLLABORATOR")}


def test_every_proposal_is_checked_once(sensors: list[Object]) -> None:
    name = "example-org/Web.App"
    for association, head in itertools.product(ASSOCIATIONS, (name, "octocat/Web.App")):
        assert len(workflows(sensors, github.pull_request(name, head=head, association=association))) == 1


OWN = "pipelines@invalid"


@pytest.mark.parametrize(
    ("commits", "built"),
    [
        ((github.commit("deploy/staging/kustomization.yaml", author=OWN),), False),
        ((github.commit("deploy/team/kustomization.yaml"), github.commit(added=("deploy/x/a.yaml",))), False),
        ((github.commit(removed=("deploy/x/a.yaml",)),), False),
        ((github.commit("src/main.py"),), True),
        # A name that anybody can write into a commit keeps nothing from being built.
        ((github.commit("src/main.py", author=OWN),), True),
        ((github.commit("deploy/team/kustomization.yaml"), github.commit("src/main.py")), True),
        ((github.commit("deploy/a.yaml", added=("Dockerfile",)),), True),
        ((github.commit("deploy/a.yaml", removed=("src/deploy/b.py",)),), True),
        ((github.commit("deploy.sh"),), True),
        # A merge lists no files.
        ((github.commit("deploy/a.yaml"), github.commit()), True),
        ((), True),
    ],
)
def test_a_push_of_promotions_alone_is_not_built(
    sensors: list[Object], commits: tuple[dict[str, Any], ...], built: bool
) -> None:
    found = workflows(sensors, github.push("example-org/Web.App", commits=commits))
    assert found == ([CI_ALPHA] if built else [])


DOCS = ("argo", "techdocs-publish", "techdocs-publisher")


@pytest.mark.parametrize(
    ("commits", "published"),
    [
        ((github.commit("docs/index.md"),), True),
        ((github.commit(added=("docs/images/a.png",)),), True),
        ((github.commit(removed=("docs/old.md",)),), True),
        ((github.commit("mkdocs.yml"),), True),
        # A merge lists no files; what it brings does.
        ((github.commit("docs/index.md", "src/main.py"), github.commit()), True),
        ((github.commit("src/main.py"),), False),
        ((github.commit("src/docs/index.md"),), False),
        ((github.commit("docs.md", "site/mkdocs.yml"),), False),
        ((github.commit(),), False),
        ((), False),
    ],
)
def test_documentation_is_published_when_it_changes(
    sensors: list[Object], commits: tuple[dict[str, Any], ...], published: bool
) -> None:
    event = github.push("example-org/Web.App", commits=commits)
    assert workflows(sensors, event) == [*([DOCS] if published else []), CI_ALPHA]
    elsewhere = github.push("example-org/Web.App", commits=commits, ref="refs/heads/proposal")
    assert workflows(sensors, elsewhere) == []


def test_documentation_is_that_of_the_component_of_the_repositorys_name_and_once(sensors: list[Object]) -> None:
    push = github.push(commits=(github.commit("docs/index.md"),))
    # Two teams deploy from it.
    (workflow,) = started(of(sensors, "docs"), push)
    expected = {"repository": "example-org/shop", "revision": github.AFTER, "entity": "default/component/shop"}
    assert arguments(workflow) == expected
    other = github.push("example-org/Web.App", commits=(github.commit("docs/index.md"),))
    (workflow,) = started(of(sensors, "docs"), other)
    assert arguments(workflow)["entity"] == "default/component/web-app"


def of(sensors: list[Object], name: str) -> Object:
    (found,) = (each for each in sensors if each["metadata"]["name"] == name)
    return found


def arguments(workflow: Object) -> dict[str, str]:
    return {each["name"]: each["value"] for each in workflow["spec"]["arguments"]["parameters"]}


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

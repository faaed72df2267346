"""What GitHub's events start: sensors as Helm renders them, on deliveries in GitHub's shape."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests import github_events as github
from tests.argo_events import Object, started
from tests.sensors import CD_ALPHA, CHECK, CI_ALPHA, CI_BETA, arguments, of, sensors_of, workflows

pytestmark = pytest.mark.charts

# GitHub documentation, "CommentAuthorAssociation", and two that only hold a word that counts.
ASSOCIATIONS = ["OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR"]
ASSOCIATIONS += ["MANNEQUIN", "NONE", "MEMBERS", "NOMEMBER"]


@pytest.fixture(scope="module")
def sensors(shipped_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> list[Object]:
    return sensors_of(shipped_context, tmp_path_factory.mktemp("events"))


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

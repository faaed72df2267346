"""One issue for each drifted stack: opened once, kept up, closed when the plan is clean; nobody else's is touched."""

from __future__ import annotations

import pytest

from tests.unit.tools.ci.fake_github import REPOSITORY, GitHub
from tools.ci.drift import carry_out, open_issues, steps
from tools.ci.results import Outcome, Result

RUN = "https://github.com/example-org/idp/actions/runs/1"


def result(stack: str, outcome: Outcome = "unchanged", *changes: str, deployment: str = "idp") -> Result:
    return Result(deployment=deployment, stack=stack, outcome=outcome, changes=changes)


def night(github: GitHub, *results: Result) -> list[str]:
    """One run of the workflow; the requests that it made."""
    github.requests.clear()
    carry_out(steps(results, open_issues(github, REPOSITORY), RUN), github, REPOSITORY)
    return list(github.requests)


@pytest.fixture
def github() -> GitHub:
    """Drift of idp-account is known: issue 1."""
    github = GitHub()
    night(github, result("idp-account", "changes", "~ aws_iam_role.x"), result("idp-foundation-vpc"))
    return github


def test_only_the_drifted_stack_gets_an_issue(github: GitHub) -> None:
    assert github.open() == {1: "Drift: idp-account"}
    assert "~ aws_iam_role.x" in github.issues[1]["body"] and RUN in github.issues[1]["body"]
    assert github.issues[1]["labels"] == ["drift"]


def test_the_same_drift_again_writes_nothing(github: GitHub) -> None:
    assert night(github, result("idp-account", "changes", "~ aws_iam_role.x")) == []


def test_other_changes_are_written_into_the_issue_that_is_there(github: GitHub) -> None:
    assert night(github, result("idp-account", "changes", "- aws_iam_role.x")) == ["PATCH issues/1"]
    assert "- aws_iam_role.x" in github.issues[1]["body"]


def test_a_clean_plan_says_so_and_closes(github: GitHub) -> None:
    assert night(github, result("idp-account")) == ["POST issues/1/comments", "PATCH issues/1"]
    assert github.open() == {}
    assert night(github, result("idp-account")) == []


def test_drift_that_comes_back_is_a_new_issue(github: GitHub) -> None:
    night(github, result("idp-account"))
    night(github, result("idp-account", "changes", "~ aws_iam_role.x"))
    assert github.open() == {2: "Drift: idp-account"}


def test_a_plan_that_failed_says_nothing_about_drift(github: GitHub) -> None:
    assert night(github, result("idp-account", "failed"), result("idp-foundation-vpc", "failed")) == []


def test_a_stack_that_is_gone_has_no_drift(github: GitHub) -> None:
    night(github, result("idp-foundation-vpc"))
    assert github.open() == {}
    assert "no stack `idp-account`" in github.comments[1]["body"]


def test_a_deployment_that_was_not_planned_keeps_its_issues(github: GitHub) -> None:
    """Its id may begin with that of one that was."""
    night(github, result("idp-pci-account", "changes", "+ a.b", deployment="idp-pci"))
    assert night(github, result("idp-account", "changes", "~ aws_iam_role.x")) == []
    assert sorted(github.open()) == [1, 2]


def test_of_two_issues_the_older_one_stays(github: GitHub) -> None:
    github.add(github.issues[1]["body"])
    night(github, result("idp-account", "changes", "~ aws_iam_role.x"))
    assert sorted(github.open()) == [1]


@pytest.mark.parametrize("more", [{"user": "octocat"}, {"pull_request": {}}])
def test_what_others_wrote_is_left_alone(github: GitHub, more: dict[str, object]) -> None:
    github.add(github.issues[1]["body"].replace("idp-account", "idp-foundation-vpc"), **more)
    night(github, result("idp-account"), result("idp-foundation-vpc"))
    assert sorted(github.open()) == [2]


def test_many_changes_fit_into_an_issue() -> None:
    github = GitHub()
    night(github, result("idp-account", "changes", *(f"+ aws_iam_role.r{n}" for n in range(5000))))
    assert len(github.issues[1]["body"]) < 65_536 and "and 4940 more" in github.issues[1]["body"]

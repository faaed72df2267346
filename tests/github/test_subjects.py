"""What a job's identity token says is what the role that it takes trusts, in the JSON of the shipped deployments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.github.workflows import ROOT, Job, jobs, workflows
from tests.synth import StackJson, Synth
from tools.ci.targets import Target, targets

HOST = "token.actions.githubusercontent.com"
TAKERS = [(job, role) for job in jobs() for role in job.roles()]
TARGETS = targets(ROOT / "cdktf.json")


def claims(job: Job, event: str, target: Target, repository: str) -> Mapping[str, str]:
    """Claims of a job's token that was started by ``event``.

    Source: GitHub documentation, "OpenID Connect reference" (a job's environment, a pull request, a branch: the first
    of these that applies makes the subject; ``ref`` is the ref that started the run).
    """
    ref = "refs/pull/7/merge" if event == "pull_request" else "refs/heads/main"
    context = "pull_request" if event == "pull_request" else f"ref:{ref}"
    if "environment" in job.node:
        assert job.node["environment"] == "${{ inputs.environment }}"
        context = f"environment:{target.environment}"
    return {"aud": "sts.amazonaws.com", "sub": f"repo:{repository}:{context}", "ref": ref}


def trusted(stack: StackJson, role: str, given: Mapping[str, str]) -> bool:
    (statement,) = [found for found in stack.statements(f"{role}_trust") if found["sid"] == "GitHubActions"]
    assert all(found["test"] == "StringEquals" for found in statement["condition"])
    asked = {found["variable"].removeprefix(f"{HOST}:"): found["values"] for found in statement["condition"]}
    return all(given.get(name) in values for name, values in asked.items())


def events(job: Job) -> list[str]:
    """What starts the job's file, or the file that calls it."""
    callers = [
        name
        for name, document in workflows().items()
        for called in document["jobs"].values()
        if called.get("uses", "").endswith(f"/{job.workflow}.yml")
    ]
    found: list[str] = []
    for name in callers or [job.workflow]:
        found += list(workflows()[name]["on"])
    return found


@pytest.fixture
def bootstrap(shipped: Synth) -> Any:
    return lambda target: shipped.stack(f"{target.deployment}-bootstrap")


@pytest.mark.parametrize(("job", "role"), TAKERS, ids=str)
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.deployment)
def test_a_job_gets_the_role_that_it_takes(job: Job, role: str, target: Target, bootstrap: Any) -> None:
    for event in events(job):
        assert trusted(bootstrap(target), role, claims(job, event, target, "example-org/aws-idp-infra")), event


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.deployment)
def test_only_the_approved_job_gets_the_deployer(target: Target, bootstrap: Any) -> None:
    """No plan, no branch, no pull request, no fork, and not the environment of another deployment."""
    repository = "repo:example-org/aws-idp-infra"
    good = {
        "aud": "sts.amazonaws.com",
        "sub": f"{repository}:environment:{target.deployment}",
        "ref": "refs/heads/main",
    }
    assert trusted(bootstrap(target), "deployer", good)
    for change in (
        {"sub": f"{repository}:ref:refs/heads/main"},
        {"sub": f"{repository}:pull_request"},
        {"sub": f"{repository}:environment:other"},
        {"sub": f"repo:stranger/aws-idp-infra:environment:{target.deployment}"},
        {"ref": "refs/heads/branch"},
        {"ref": "refs/pull/7/merge"},
        {"aud": "https://github.com/example-org"},
    ):
        assert not trusted(bootstrap(target), "deployer", good | change), change


def test_the_deployer_is_taken_where_somebody_approves_and_nowhere_else() -> None:
    assert [str(job) for job, role in TAKERS if role == "deployer"] == ["deploy-one:apply"]
    assert all(("environment" in job.node) == (role == "deployer") for job, role in TAKERS)


def test_a_session_lasts_no_longer_than_its_role_allows(bootstrap: Any) -> None:
    (job,) = [job for job, role in TAKERS if role == "deployer"]
    (inputs,) = job.action("aws-actions/configure-aws-credentials")
    for target in TARGETS:
        allowed = bootstrap(target).resource("aws_iam_role.deployer")["max_session_duration"]
        assert inputs["role-duration-seconds"] == allowed == 60 * job.node["timeout-minutes"]


def test_roles_and_accounts_are_those_of_the_json(bootstrap: Any) -> None:
    for target in TARGETS:
        stack = bootstrap(target)
        assert stack.document["provider"]["aws"][0]["allowed_account_ids"] == [target.account]
        for role, arn in (("planner", target.planner), ("deployer", target.deployer)):
            assert arn == f"arn:aws:iam::{target.account}:role/{stack.resource(f'aws_iam_role.{role}')['name']}"

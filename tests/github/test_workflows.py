"""Workflows have no more rights than they need, run nothing that isn't pinned, and no stranger's text as a command."""

from __future__ import annotations

import fnmatch
import json
import re

import pytest

from tests.github.workflows import ROOT, WORKFLOWS, Job, expressions, jobs, workflows
from tools.locks import LOCKS
from tools.sbom.packages import npm_locks

JOBS = jobs()
EACH = pytest.mark.parametrize("job", JOBS, ids=str)
PINNED = re.compile(r"^\s*(?:- )?uses: (?P<action>[\w./-]+)@(?P<commit>[0-9a-f]{40}) # (?P<version>v\d+\.\d+\.\d+)$")
# Who may write what: nothing else may.
WRITES = {
    "deploy-one:apply": {"id-token"},
    "deploy-one:plan": {"id-token"},
    "deploy:deploy": {"id-token"},
    "drift:issues": {"issues"},
    "drift:plan": {"id-token"},
    "plan:comment": {"pull-requests"},
    "plan:plan": {"id-token"},
    "release:publish": {"contents"},
}
TRIGGERS = {
    "audit": {"schedule", "workflow_dispatch", "workflow_call", "pull_request"},
    "deploy": {"push", "workflow_dispatch"},
    "deploy-one": {"workflow_call"},
    "synth": {"workflow_call"},
    "drift": {"schedule", "workflow_dispatch"},
    "plan": {"pull_request"},
    "release": {"push"},
    "validate": {"pull_request", "push", "workflow_call"},
}


def test_workflows_start_by_what_they_are_for() -> None:
    """None by pull_request_target or workflow_run, which give a stranger's pull request the repository's rights."""
    assert {name: set(document["on"]) for name, document in workflows().items()} == TRIGGERS


def test_only_the_branch_and_tags_start_what_deploys_and_releases() -> None:
    files = workflows()
    assert files["deploy"]["on"]["push"] == {"branches": ["main"]}
    assert files["release"]["on"]["push"] == {"tags": ["v*.*.*"]}
    first = {(job.workflow, job.name): job.node.get("if") for job in JOBS}
    assert first["deploy", "synth"] == first["drift", "synth"] == "github.ref == 'refs/heads/main'"


def test_a_workflow_gives_its_jobs_nothing_or_reading() -> None:
    given = {name: document["permissions"] for name, document in workflows().items()}
    assert {name: dict(permissions) for name, permissions in given.items()} == dict.fromkeys(given, {}) | {
        "validate": {"contents": "read"}
    }


@EACH
def test_a_job_may_write_what_it_is_for(job: Job) -> None:
    assert {name for name, right in job.permissions.items() if right == "write"} == WRITES.get(str(job), set())
    assert set(job.permissions.values()) <= {"read", "write"}


@EACH
def test_a_job_that_writes_to_github_holds_no_credentials_of_aws(job: Job) -> None:
    if "id-token" in job.permissions:
        assert {name for name, right in job.permissions.items() if right == "write"} == {"id-token"}
    assert bool(job.roles()) == ("id-token" in job.permissions and "uses" not in job.node)


@EACH
def test_a_job_ends_in_time(job: Job) -> None:
    if "uses" not in job.node:
        assert 0 < job.node["timeout-minutes"] <= 240


def test_runs_that_could_meet_wait_for_each_other() -> None:
    """One that is called waits where its caller does; only a pull request's are ended by the next push."""
    for name, document in workflows().items():
        if TRIGGERS[name] != {"workflow_call"}:
            assert document["concurrency"]["group"].startswith(name)
    ended = {name: document.get("concurrency", {}).get("cancel-in-progress") for name, document in workflows().items()}
    assert ended["deploy"] is ended["drift"] is ended["release"] is False
    assert ended["validate"] == "${{ github.event_name == 'pull_request' }}"


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.stem)
def test_actions_are_pinned_to_a_commit_and_say_its_version(path: object) -> None:
    lines = (WORKFLOWS / str(path)).read_text(encoding="utf-8").splitlines()
    used = [line for line in lines if re.match(r"^\s*(?:- )?uses: ", line) and "uses: ./" not in line]
    assert not [line for line in used if not PINNED.match(line)]


def test_an_action_has_one_commit_in_all_workflows_and_few_are_used() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in WORKFLOWS.glob("*.yml"))
    pins = {match.groups() for line in text.splitlines() if (match := PINNED.match(line))}
    actions = sorted(action for action, _, _ in pins)
    assert len(actions) == len(set(actions))
    strangers = [action for action in actions if not action.startswith("actions/")]
    assert strangers == ["aws-actions/configure-aws-credentials"]


@EACH
def test_no_expression_becomes_part_of_a_command(job: Job) -> None:
    """A branch's name or a title could hold one; in a variable it stays data."""
    assert not [script for script in job.scripts() if list(expressions(script))]


@EACH
def test_no_secret_is_stored_but_the_run_s_own_token(job: Job) -> None:
    text = json.dumps(job.node)
    assert "secrets." not in text and "AKIA" not in text and "aws-access-key-id" not in text
    holders = [step for step in job.steps if "github.token" in json.dumps(step)]
    assert all(set(step["env"]) >= {"GH_TOKEN"} and "run" in step for step in holders)
    assert not holders or {"issues", "pull-requests", "contents"} & set(WRITES[str(job)])


@EACH
def test_a_checkout_leaves_no_token_behind(job: Job) -> None:
    assert all(inputs.get("persist-credentials") is False for inputs in job.action("actions/checkout"))


def test_a_pull_request_s_code_runs_without_credentials_and_a_fork_gets_none() -> None:
    for job in JOBS:
        if job.workflow == "plan" and job.name != "synth":
            (checkout,) = job.action("actions/checkout")
            assert checkout["ref"] == "${{ github.event.pull_request.base.sha }}"
            assert "github.event.pull_request.head.repo.full_name == github.repository" in job.node["if"]


def test_what_a_pull_request_wrote_is_admitted_before_there_are_credentials() -> None:
    (job,) = [job for job in JOBS if str(job) == "plan:plan"]
    steps = [step.get("run") or step["uses"].partition("@")[0] for step in job.steps]
    admitted = steps.index(".venv/bin/python -m tools.ci admit")
    assert steps.index("actions/download-artifact") < admitted
    assert steps.index("aws-actions/configure-aws-credentials") == admitted + 1


def test_nothing_that_runs_with_a_role_comes_from_a_cache() -> None:
    """A cache can be written by any run of the branch or the pull request; an artifact belongs to its run."""
    cached = {job.workflow for job in JOBS if job.action("actions/cache")}
    assert cached == {"audit", "validate"}
    assert not [job for job in JOBS if job.workflow in cached and job.roles()]


def test_validate_runs_every_rung_of_make_test() -> None:
    (rungs,) = [job.node["strategy"]["matrix"]["rung"] for job in JOBS if str(job) == "validate:test"]
    rule = re.search(r"^test: (.*?) ##.*\n((?:\t.*\n)*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert rule is not None
    run = [*rule[1].split(), *re.sub(r"\$\(MAKE\)|-\S+|\b\d\b", "", rule[2]).split()]
    assert {*rungs, "check", "tools"} == set(run)


def test_an_exit_code_that_says_changes_does_not_end_the_job() -> None:
    """GitHub's shell ends a script at the first command that isn't 0, and 2 is an answer of these."""
    for job in JOBS:
        for script in job.scripts():
            lines = [line for line in script.splitlines() if " idp diff " in line or " tools.ci plan " in line]
            assert all(" || " in line for line in lines)
    answers = [script for job in JOBS for script in job.scripts() if " tools.ci plan " in script]
    assert len(answers) == 3 and all('test "$code" -ne 1' in script for script in answers)


def test_a_release_is_audited_and_says_what_it_is_made_of() -> None:
    release = {job.name: job for job in JOBS if job.workflow == "release"}
    assert release["audit"].uses() == ["./.github/workflows/audit.yml"]
    assert release["build"].node["needs"] == ["validate", "audit"]
    (made,) = [script for script in release["build"].scripts() if script.startswith("make sbom ")]
    assert 'TO="release/idp-$TAG.cdx.json"' in made
    assert "release/*.cdx.json" in release["publish"].scripts()[0]


def test_an_audit_starts_where_any_lock_changes() -> None:
    wanted = workflows()["audit"]["on"]["pull_request"]["paths"]
    locks = [*(lock.path for lock in LOCKS), "tools/go.sum", *map(str, npm_locks(ROOT)), "tools/audit/accepted.json"]
    # `**/` also stands for no directory at all.
    patterns = [each for pattern in wanted for each in (pattern, pattern.removeprefix("**/"))]
    assert [lock for lock in locks if not any(fnmatch.fnmatch(lock, each) for each in patterns)] == []


def test_no_job_runs_in_an_image_that_a_tag_names() -> None:
    images = [
        each for job in JOBS for each in (job.node.get("container"), *job.node.get("services", {}).values()) if each
    ]
    assert all(re.search(r"@sha256:[0-9a-f]{64}", json.dumps(each)) for each in images)

"""The server's files: what a pull request may decide, which rights each step has, and that no command goes around."""

from __future__ import annotations

import configparser
import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.loader import load_unlocked
from config.versions import TOOLS
from idp.atlantis import server
from tests.unit.idp.atlantis.keys import Env, Flags, RepositoryFile, Run, ServerSide, Stage, Workflow
from tools import atlantis_files

ROOT = Path(__file__).resolve().parent.parent.parent.parent.parent
GOLDEN = ROOT / "tests" / "golden"


def load(name: str) -> object:
    return YAML(typ="safe", pure=True).load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def repos() -> ServerSide:
    return ServerSide.model_validate(load("atlantis/repos.yaml"))


@pytest.fixture(scope="module")
def profiles() -> configparser.ConfigParser:
    found = configparser.ConfigParser()
    found.read(ROOT / "atlantis" / "aws-config")
    return found


def variables(stage: Stage) -> dict[str, str]:
    return {step.env.name: step.env.value for step in stage.steps if isinstance(step, Env)}


def steps(stage: Stage) -> list[str]:
    """Built-in steps by name, commands by their text; variables are left out."""
    commands = [step.run if isinstance(step, Run) else step for step in stage.steps if not isinstance(step, Env)]
    return [each if isinstance(each, str) else each.command for each in commands]


def test_a_pull_request_chooses_among_the_workflows_and_decides_nothing_else(repos: ServerSide) -> None:
    (repo,) = repos.repos
    assert repo.allowed_overrides == ["workflow"]
    assert not repo.allow_custom_workflows
    assert set(repo.allowed_workflows) == set(repos.workflows)
    assert repo.autodiscover.mode == "disabled"
    assert set(repo.apply_requirements) == {"approved", "mergeable", "undiverged"}
    assert re.fullmatch(repo.branch[1:-1], "main") and not re.search(repo.branch[1:-1], "main2")


def test_each_project_has_a_workflow_that_the_server_knows(repos: ServerSide) -> None:
    projects = RepositoryFile.model_validate(load("atlantis.yaml")).projects
    assert {project.workflow for project in projects} == set(repos.workflows)


def test_a_plan_is_made_by_the_planner_and_applied_by_the_deployer(
    repos: ServerSide, profiles: configparser.ConfigParser
) -> None:
    for name, workflow in repos.workflows.items():
        (golden,) = GOLDEN.glob(f"*/{name}-bootstrap.json")
        roles = json.loads(golden.read_text(encoding="utf-8"))["resource"]["aws_iam_role"]
        for stage, role in ((workflow.plan, "planner"), (workflow.apply, "deployer")):
            given = variables(stage)
            assert given["AWS_CONFIG_FILE"] == "/opt/idp/atlantis/aws-config"
            arn = profiles[f"profile {given['AWS_PROFILE']}"]["role_arn"]
            assert arn.rpartition("/")[2] == roles[role]["name"]
        assert variables(workflow.policy_check) == {}


def test_json_is_guarded_before_the_engine_reads_it(repos: ServerSide) -> None:
    for workflow in repos.workflows.values():
        assert steps(workflow.plan) == ['/opt/idp/images/atlantis/idp-atlantis guard "$DIR"', "init", "plan"]
        assert steps(workflow.apply) == ["apply"]


def test_each_policy_set_is_a_step_in_its_place_and_says_so_where_it_ends_with_an_error(repos: ServerSide) -> None:
    (repo,) = repos.repos
    assert repo.policy_check and repo.custom_policy_check
    for workflow in repos.workflows.values():
        show, *checks = steps(workflow.policy_check)
        assert show == "show" and len(checks) == len(repos.policies.policy_sets)
        for command, policy in zip(checks, repos.policies.policy_sets, strict=True):
            assert f"idp-atlantis {policy.name} " in command and "|| echo FAIL" in command


def test_no_command_gets_around_plan_and_policies() -> None:
    flags = Flags.model_validate(load("atlantis/server.yaml"))
    assert set(flags.allow_commands.split(",")) == {"version", "plan", "apply", "unlock", "cancel"}
    assert not flags.allow_fork_prs and flags.policy_checks and flags.fail_on_hook
    assert flags.checkout_strategy == "merge"  # without it `undiverged` asks nothing
    assert flags.version == f"v{TOOLS['opentofu']}" and flags.distribution == "opentofu" and not flags.download
    # Else every file that the hook writes would count as one that the pull request changes.
    assert not flags.untracked


def test_the_hook_and_all_commands_are_those_of_the_image(repos: ServerSide) -> None:
    (repo,) = repos.repos
    runs = [hook.run for hook in repo.pre_workflow_hooks]
    stages = [stage for each in repos.workflows.values() for stage in (each.plan, each.policy_check, each.apply)]
    runs += [each for stage in stages for each in steps(stage) if " " in each]
    assert len(runs) == 1 + 3 * len(repos.workflows)
    for run in runs:
        program = Path(run.split()[0])
        assert (ROOT / program.relative_to(server.HOME)).stat().st_mode & 0o111, program
    assert [hook.commands for hook in repo.pre_workflow_hooks] == ["plan"]


@pytest.mark.parametrize(("ignored", "hooks"), [("cdktf.out/\n", 1), (".venv/\n", 0)])
def test_committed_json_is_planned_without_the_hook(ignored: str, hooks: int, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text(ignored)
    hook = atlantis_files.ignored(tmp_path / ".gitignore")
    deployments = [deployment for _, deployment in load_unlocked(ROOT / "cdktf.json")]
    text = server.repos(deployments, hook=hook)
    file = ServerSide.model_validate(YAML(typ="safe", pure=True).load(text))
    assert [len(repo.pre_workflow_hooks) for repo in file.repos] == [hooks]


def test_models_refuse_a_key_that_atlantis_does_not_know() -> None:
    with pytest.raises(ValueError, match="aply"):
        Workflow.model_validate({"plan": {"steps": []}, "policy_check": {"steps": []}, "aply": {"steps": []}})

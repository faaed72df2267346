"""The keys of Atlantis' files that we use, with what each may hold: a key that isn't here is a mistake in one of them.

Source: server/core/config/raw of runatlantis/atlantis, and its documentation, "Repo Level atlantis.yaml Config",
"Server Side Repo Config", "Custom Workflows", "Server Configuration" (read 2026-11). Atlantis refuses unknown keys too.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Requirement = Literal["approved", "mergeable", "undiverged"]
Override = Literal[
    "plan_requirements",
    "apply_requirements",
    "import_requirements",
    "workflow",
    "delete_source_branch_on_merge",
    "repo_locking",
    "repo_locks",
    "policy_check",
    "custom_policy_check",
    "silence_pr_comments",
]
Name = r"^[A-Za-z0-9_.~/-]+$"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Autoplan(Strict):
    enabled: bool
    when_modified: list[str] = Field(min_length=1)


class Project(Strict):
    name: str = Field(pattern=Name)
    dir: str = Field(pattern=r"^[a-z0-9][a-z0-9./-]*$")
    workspace: Literal["default"]
    terraform_distribution: Literal["opentofu", "terraform"]
    workflow: str
    execution_order_group: int = Field(ge=0)
    depends_on: list[str]
    autoplan: Autoplan


class RepositoryFile(Strict):
    version: Literal[3]
    parallel_plan: bool
    parallel_apply: bool
    abort_on_execution_order_fail: bool
    projects: list[Project]


class Hook(Strict):
    run: str
    description: str
    commands: str


class Locks(Strict):
    mode: Literal["on_plan", "on_apply", "disabled"]


class Autodiscover(Strict):
    mode: Literal["auto", "enabled", "disabled"]


class Repo(Strict):
    id: str
    branch: str = Field(pattern=r"^/.*/$")
    workflow: str
    allowed_overrides: list[Override]
    allowed_workflows: list[str]
    allow_custom_workflows: bool
    apply_requirements: list[Requirement]
    import_requirements: list[Requirement]
    policy_check: bool
    custom_policy_check: bool
    repo_locks: Locks
    autodiscover: Autodiscover
    pre_workflow_hooks: list[Hook]


class Command(Strict):
    command: str
    output: Literal["show", "hide", "strip_refreshing"]


class Run(Strict):
    run: str | Command


class Variable(Strict):
    name: str
    value: str


class Env(Strict):
    env: Variable


Step = Literal["init", "plan", "show", "policy_check", "apply"] | Run | Env


class Stage(Strict):
    steps: list[Step]


class Workflow(Strict):
    plan: Stage
    policy_check: Stage
    apply: Stage


class Owners(Strict):
    teams: list[str]


class PolicySet(Strict):
    name: str
    path: str
    source: Literal["local"]


class Policies(Strict):
    owners: Owners
    policy_sets: list[PolicySet]


class ServerSide(Strict):
    repos: list[Repo]
    workflows: dict[str, Workflow]
    policies: Policies


# Flags by their names in a file for --config.
class Flags(Strict):
    repo_allowlist: str = Field(alias="repo-allowlist", pattern=r"^github\.com/[^*]+$")
    repo_config: str = Field(alias="repo-config")
    allow_commands: str = Field(alias="allow-commands")
    allow_fork_prs: bool = Field(alias="allow-fork-prs")
    checkout_strategy: Literal["branch", "merge"] = Field(alias="checkout-strategy")
    distribution: Literal["opentofu", "terraform"] = Field(alias="default-tf-distribution")
    version: str = Field(alias="default-tf-version", pattern=r"^v\d+\.\d+\.\d+$")
    download: bool = Field(alias="tf-download")
    policy_checks: bool = Field(alias="enable-policy-checks")
    fail_on_hook: bool = Field(alias="fail-on-pre-workflow-hook-error")
    untracked: bool = Field(alias="include-git-untracked-files")
    discard_approval: bool = Field(alias="discard-approval-on-plan")
    pool: int = Field(alias="parallel-pool-size", ge=1)
    git_credentials: bool = Field(alias="write-git-creds")

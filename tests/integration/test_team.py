"""Rung 3: a team comes and goes by the commands of docs/TEAM_ONBOARDING.md, and nobody else's stack changes."""

from __future__ import annotations

import dataclasses
import os
import shlex
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.loader import load
from constructs_lib.synth import synthesize
from idp import apply as applying
from idp import team as teams
from idp.cli import app
from idp.held import Holdings
from idp.operation import Operation
from idp.options import configured
from idp.output import stacks_of
from idp.workspace import Workspace
from sandbox import process
from sandbox.environment import environment
from sandbox.unapplied import filtered_copy
from stacks.layers import build
from tests import onboarding
from tests.config_copy import copied
from tests.integration.conftest import Box

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1800)]

STACK = "idp-teams-alpha"
# What the page's first command leaves out.
MORE = ("--owner", "alpha@example.com", "--secret", "database", "--budget", "500")


def made_again(applied: Box, config: Path, directory: Path) -> Operation:
    """What `make synth` writes of ``config``, as the sandbox applies it."""
    synthesize(load(config), build, directory / "cdktf.out")
    filtered_copy(directory / "cdktf.out", directory / "applied")
    return dataclasses.replace(
        applied.operation,
        workspace=Workspace(root=directory / "work"),
        stacks=stacks_of(directory / "applied", deployment="idp"),
    )


def point_at(applied: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands of this process ask the sandbox's server."""
    server = process.running(applied.sandbox.directory)
    assert server is not None
    given = environment(server.port, os.environ)
    for name in os.environ.keys() - given.keys():
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)


def test_a_team_comes_and_goes(applied: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = copied(tmp_path)
    before = config.read_bytes()
    assert CliRunner().invoke(app, [*onboarding.idp("team", "add"), *MORE, "--config", str(config)]).exit_code == 0

    operation = made_again(applied, config, tmp_path)
    assert onboarding.idp("apply") == ["apply", "--deployment", "idp", "--stack", STACK]
    applying.apply(operation, [STACK])
    assert not applying.plan(operation, [STACK, "idp-teams-platform", "idp-teams-shared", "idp-foundation-iam"])
    (stack,) = operation.chosen([STACK])
    present = set(operation.addresses(operation.init(stack)))
    assert {"aws_ecr_repository.repository_web", "aws_secretsmanager_secret.secret_database"} <= present
    assert {"aws_budgets_budget.budget", "aws_iam_role.developer", "aws_eks_access_entry.viewer"} <= present

    point_at(applied, monkeypatch)
    deployment = configured(config, "idp")
    holdings = Holdings(deployment=deployment, team=deployment.teams[-1])
    # What the stack has made is empty, until the team writes the value of a secret.
    assert holdings.aws() == []
    (tmp_path / "value.json").write_text("{}")
    (write,) = (line for line in onboarding.commands() if line.startswith("aws secretsmanager"))
    subprocess.run(shlex.split(write), cwd=tmp_path, check=True)
    assert holdings.aws() == ["a value of secret /idp/team/alpha/database"]

    teams.destroy(operation, applied.deployment, "alpha", confirmed=True)
    assert operation.addresses(operation.init(stack)) == []
    teams.without_team(teams.deployment_text(config, "idp"), "alpha").write()
    assert config.read_bytes() == before
    assert STACK not in {each.name for each in made_again(applied, config, tmp_path).stacks}

"""Teams by the command line: the file keeps its form, and what isn't valid or would lose data isn't done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from config.errors import ConfigError
from idp.cli import app
from idp.errors import OperationError
from idp.team import refuse_data
from tests import onboarding
from tests.config_copy import copied

ROOT = Path(__file__).resolve().parent.parent.parent.parent
MEMBER = ("--deployment", "idp", "--member", "octocat")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return copied(tmp_path)


def run(config: Path, *arguments: str) -> str:
    """The output of a command. Raises what it raised."""
    finished = CliRunner().invoke(app, ["team", *arguments, "--config", str(config)])
    if finished.exception and not isinstance(finished.exception, SystemExit):
        raise finished.exception
    assert finished.exit_code == 0, finished.output
    return finished.output


def teams(config: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(config.read_text(encoding="utf-8"))["context"]["deployment:teams"]
    return found


def test_a_team_is_added_last_and_no_other_line_changes(config: Path) -> None:
    before = config.read_text(encoding="utf-8").splitlines()
    said = run(config, "add", "alpha", *MEMBER, "--repository", "web", "--source", "example-org/web")
    after = config.read_text(encoding="utf-8").splitlines()
    assert teams(config)[-1] == {
        "name": "alpha",
        "size": "small",
        "members": ["octocat"],
        "repositories": ["web"],
        "sources": ["example-org/web"],
    }
    # The line before only gets its comma.
    assert [line for line in before if line not in after] == [line for line in before if '"name": "platform"' in line]
    assert "Makes stack idp-teams-alpha" in said
    assert "apply --deployment idp --stack idp-teams-alpha" in said
    assert '+      { "name": "alpha"' in said or '+        "name": "alpha"' in said


def test_quotas_stand_in_place_of_a_size(config: Path) -> None:
    run(config, "add", "alpha", *MEMBER, "--cpu", "2", "--memory", "4Gi")
    assert teams(config)[-1]["quotas"] == {"cpu": "2", "memory": "4Gi"}
    assert "size" not in teams(config)[-1]


def test_pull_requests_of_a_source_get_previews(config: Path) -> None:
    document = json.loads(config.read_text(encoding="utf-8"))
    document["context"]["deployment:github:app"] = {"id": "123456", "installation": "7654321"}
    config.write_text(json.dumps(document, indent=2))
    run(config, "add", "alpha", *MEMBER, "--source", "example-org/web", "--preview", "example-org/web")
    assert teams(config)[-1]["previews"] == ["example-org/web"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("staging", *MEMBER), "is reserved"),
        (("Alpha", *MEMBER), "lower-case"),
        (("platform", *MEMBER), "names a team 2 times"),
        (("alpha", *MEMBER, "--size", "huge"), "must be one of small, medium, large"),
        (("alpha", *MEMBER, "--cpu", "9999", "--memory", "1Gi"), "what the pools without a taint hold"),
        (("alpha", *MEMBER, "--source", "web"), "owner/name"),
        (("alpha", *MEMBER, "--preview", "example-org/web"), "must be one of the team's sources"),
        (("a" * 50, *MEMBER), "must have at most 45 characters"),
    ],
)
def test_what_is_not_valid_is_not_written(config: Path, arguments: tuple[str, ...], said: str) -> None:
    before = config.read_bytes()
    with pytest.raises(ConfigError, match=said):
        run(config, "add", *arguments)
    assert config.read_bytes() == before


def test_the_list_shows_quotas_and_members(config: Path) -> None:
    run(config, "add", "alpha", *MEMBER, "--size", "medium")
    lines = run(config, "list", "--deployment", "idp").splitlines()
    assert [line.split() for line in lines] == [
        ["platform", "8", "cpu", "16Gi", "octocat"],
        ["alpha", "8", "cpu", "16Gi", "octocat"],
    ]


def test_a_deployment_that_nobody_declares_is_said(config: Path) -> None:
    with pytest.raises(OperationError, match="declares no deployment 'other'") as caught:
        run(config, "add", "alpha", "--deployment", "other", "--member", "octocat")
    assert caught.value.remedy.startswith("name one of: idp")


def test_an_unknown_team_is_not_removed(config: Path) -> None:
    with pytest.raises(OperationError, match=r"has no team 'gamma'(.|\n)*name one of: platform"):
        run(config, "remove", "gamma", "--deployment", "idp", "--yes-delete", "gamma")


def test_nothing_is_removed_while_nobody_can_tell_what_the_namespace_holds(config: Path, tmp_path: Path) -> None:
    before = config.read_bytes()
    with pytest.raises(OperationError, match="can't tell what team platform still holds"):
        run(config, "remove", "platform", "--deployment", "idp", "--out", str(tmp_path), "--context", "nowhere")
    assert config.read_bytes() == before


def test_nothing_is_removed_whose_stack_is_not_in_the_output(config: Path, shipped: Any) -> None:
    run(config, "add", "alpha", *MEMBER)
    before = config.read_bytes()
    with pytest.raises(OperationError, match="the output has no stack idp-teams-alpha"):
        run(
            config,
            *("remove", "alpha", "--deployment", "idp", "--yes-delete", "alpha"),
            *("--out", str(shipped.directory), "--engine", "/bin/false"),
        )
    assert config.read_bytes() == before


def test_a_team_that_holds_data_is_kept() -> None:
    with pytest.raises(
        OperationError, match=r"team alpha still holds data: volume a, volume b(.|\n)*--yes-delete alpha"
    ):
        refuse_data("alpha", ["volume a", "volume b"])
    refuse_data("alpha", [])


def test_the_onboarding_page_needs_three_commands_and_they_are_ours(config: Path) -> None:
    first = onboarding.blocks()[0].splitlines()
    assert len(first) == 3
    said = run(config, *onboarding.idp("team", "add")[1:])
    # What the command itself says to do next is what the page says.
    assert said.splitlines()[-1] == f"Next: {first[1]}; {first[2]}"


def test_the_page_s_way_out_is_a_command_of_ours(config: Path) -> None:
    run(config, *onboarding.idp("team", "add")[1:])
    with pytest.raises(OperationError, match="can't tell what team alpha still holds"):
        run(config, *onboarding.idp("team", "remove")[1:], "--context", "nowhere")

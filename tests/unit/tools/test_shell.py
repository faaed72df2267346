"""Commands that pages give to people."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.shell import Asked, put_secret


def run(command: str, directory: Path, answers: str = "") -> dict[str, str]:
    """What the command hands to the AWS CLI, for which a stand-in prints its input."""
    (directory / "aws").write_text("#!/bin/sh\nexec cat\n")
    (directory / "aws").chmod(0o755)
    script = command.removeprefix("```sh account\n").removesuffix("```\n")
    environment = {"PATH": f"{directory}:/usr/bin:/bin"}
    finished = subprocess.run(
        ["bash", "-euc", script], input=answers, text=True, env=environment, capture_output=True, check=True
    )
    found: dict[str, str] = json.loads(finished.stdout[finished.stdout.index("{") :])
    return found


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is needed to run the commands")
def test_what_is_known_is_in_the_command_and_not_asked_for(tmp_path: Path) -> None:
    command = put_secret("/idp/x", "us-west-2", Asked(keys=("app-id", "token"), known={"app-id": "a 'b' $c"}))
    assert "read -rsp 'app-id: '" not in command
    assert run(command, tmp_path, "secret\n") == {"app-id": "a 'b' $c", "token": "secret"}


def test_names_in_camel_case_become_variables_of_the_shell() -> None:
    command = put_secret("x", "us-west-2", Asked(keys=("accessToken",)))
    assert '"accessToken": env.ACCESS_TOKEN' in command

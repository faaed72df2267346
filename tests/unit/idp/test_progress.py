"""Tests of counts, logs and what is shown while steps run, with small programs in the engine's place."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from idp import apply as applying
from idp.engine import Engine
from idp.errors import OperationError
from idp.events import Progress
from idp.log import LOG
from idp.operation import Operation
from idp.output import stacks_of
from idp.screen import Live
from idp.tally import Tally
from idp.walk import upwards
from idp.workspace import Workspace
from tests.unit.idp.output import write_output

# Fails in the stacks that FAIL names, as the engine does for a state that nobody has written.
PLANS = """
import os, pathlib, sys
name = pathlib.Path.cwd().name
pathlib.Path(".terraform").mkdir(exist_ok=True)
if sys.argv[1:3] == ["state", "pull"]:
    instance = '{"attributes": {"id": "SECRET"}}'
    print('{"resources": [{"mode": "managed", "type": "t", "name": "n", "instances": [' + instance + "]}]}")
elif sys.argv[1] == "plan" and name in os.environ.get("FAIL", "").split():
    print(os.environ["WORDS"])
    raise SystemExit(1)
"""


def operation(root: Path, lines: list[str], **variables: str) -> Operation:
    write_output(root / "out", {"idp-bootstrap": [], "idp-vpc": [], "idp-data": ["idp-vpc"], "idp-iam": ["idp-data"]})
    program = root / "engine"
    program.write_text(f"#!{sys.executable}\n{PLANS}")
    program.chmod(0o755)
    again = "python -m idp apply --deployment idp"
    engine = Engine(program=program, environment=os.environ | variables, report=lines.append, again=again)
    return Operation(engine=engine, workspace=Workspace(root=root / "work"), stacks=stacks_of(root / "out", "idp"))


def test_each_step_is_counted_and_the_last_line_says_where_logs_are(tmp_path: Path) -> None:
    lines: list[str] = []
    applying.apply(operation(tmp_path, lines))
    assert [line.split()[4] for line in lines[:-1]] == ["1/4", "2/4", "3/4", "4/4"]
    assert lines[-1].startswith("4 of 4 stacks in ")
    assert lines[-1].endswith(f"; logs: {tmp_path}/work/<stack>/{LOG}")


def test_a_failure_names_the_stack_its_log_the_command_and_what_was_not_begun(tmp_path: Path) -> None:
    lines: list[str] = []
    failing = operation(tmp_path, lines, FAIL="idp-data", WORDS="no quota")
    with pytest.raises(OperationError, match="idp-data: engine plan failed\nno quota") as caught:
        applying.apply(failing)
    assert "2 of 4 stacks" in lines[-1] and "stopped at idp-data; not begun: idp-iam" in lines[-1]
    assert str(tmp_path / "work" / "idp-data" / LOG) in caught.value.remedy
    assert "run `python -m idp apply --deployment idp` again" in caught.value.remedy


def test_what_reads_a_stack_that_isnt_applied_is_planned_later(tmp_path: Path) -> None:
    lines: list[str] = []
    early = operation(tmp_path, lines, FAIL="idp-data", WORDS="Error: Unable to find remote state")
    assert applying.plan(early) == ["idp-data"]
    assert any(line.startswith("idp-data") and "not yet: of idp-vpc, one isn't applied" in line for line in lines)


@pytest.mark.parametrize("verb", [applying.plan, applying.apply])
def test_a_stack_that_isnt_there_is_said_before_anything_is_asked(tmp_path: Path, verb: Callable[..., object]) -> None:
    with pytest.raises(OperationError, match="no stack idp-none"):
        verb(operation(tmp_path, []), ["idp-none"])
    assert not (tmp_path / "work").exists()


def test_a_kept_plan_is_its_owners(tmp_path: Path) -> None:
    running = operation(tmp_path, [])
    (vpc,) = running.chosen(["idp-vpc"])
    vpc.document["resource"] = {"aws_vpc": {"vpc": {}}}
    applying.plan(running, ["idp-vpc"], keep=tmp_path)
    assert stat.S_IMODE((tmp_path / "idp-vpc.json").stat().st_mode) == 0o600


def test_values_of_a_state_reach_no_log_and_logs_are_their_owners(tmp_path: Path) -> None:
    running = operation(tmp_path, [])
    assert running.remote_state(running.bootstrap) is not None
    log = tmp_path / "work" / "idp-bootstrap" / LOG
    assert "$ engine state pull" in log.read_text()
    assert "SECRET" not in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_terminal_shows_what_runs_and_keeps_the_lines(tmp_path: Path) -> None:
    screen = io.StringIO()
    live = Live(Console(file=screen, force_terminal=True, width=120))
    shown = Operation(
        engine=Engine(program=tmp_path, report=live.line),
        workspace=Workspace(root=tmp_path),
        stacks=[],
        tally=Tally(screen=live),
    )
    write_output(tmp_path, {"idp-vpc": []})
    (vpc,) = stacks_of(tmp_path, "idp")

    def work(_stack: object) -> None:
        with shown.step(vpc, "apply") as note:
            live.state("idp-vpc", Progress(add=4, done=1, running={"aws_vpc.vpc": "create"}))
            note["counts"] = "+4 ~0 -0"

    shown.each([vpc], upwards([vpc]), work)
    text = screen.getvalue()
    assert "1 of 4 done, waiting for aws_vpc.vpc" in text
    assert "1/1    +4 ~0 -0" in text
    assert text.endswith(f"1 of 1 stacks in 0 s; logs: {tmp_path}/<stack>/{LOG}\n")

"""Tests of working on stacks in order and at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from idp.engine import LOG, Engine
from idp.errors import OperationError, StateNotStored
from idp.output import Stack
from idp.walk import downwards, unordered, upwards, walk
from idp.workspace import ERRORED_STATE
from tests.unit.idp.output import stack
from tests.unit.idp.test_engine import PATIENT

BOOTSTRAP, VPC, DATA, ACCOUNT = (
    stack("idp-bootstrap"),
    stack("idp-vpc"),
    stack("idp-data", reads=["idp-vpc"]),
    stack("idp-account"),
)
STACKS = [BOOTSTRAP, ACCOUNT, VPC, DATA]
ENGINE = Engine(program=Path("tofu"))


def names(graph: object, stacks: list[Stack], jobs: int = 1) -> list[str]:
    done: list[str] = []
    walk(stacks, graph, lambda each: done.append(each.name), engine=ENGINE, jobs=jobs)  # type: ignore[arg-type]
    return done


def test_upwards_a_stack_follows_what_it_reads() -> None:
    assert names(upwards(STACKS), STACKS) == ["idp-bootstrap", "idp-account", "idp-vpc", "idp-data"]


def test_downwards_a_stack_follows_what_reads_it() -> None:
    done = names(downwards(STACKS), list(reversed(STACKS)), jobs=3)
    assert done[-1] == "idp-bootstrap"
    assert done.index("idp-data") < done.index("idp-vpc")


def test_stacks_that_could_swap_run_at_once_and_no_more_than_jobs() -> None:
    together, most = threading.Barrier(2, timeout=10), [0]
    running = [0]

    def work(_each: Stack) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        together.wait()
        running[0] -= 1

    walk(STACKS, unordered(STACKS), work, engine=ENGINE, jobs=2)
    assert most == [2]


def test_after_a_failure_nothing_new_begins_and_what_runs_is_waited_for() -> None:
    done: list[str] = []

    def work(each: Stack) -> None:
        if each is ACCOUNT:
            raise OperationError("no", remedy="none")
        time.sleep(0.2)
        done.append(each.name)

    with pytest.raises(OperationError, match="no"):
        walk(STACKS, upwards(STACKS), work, engine=ENGINE, jobs=2)
    assert done == ["idp-bootstrap", "idp-vpc"]


def test_ctrl_c_interrupts_every_command_that_runs_and_waits(tmp_path: Path) -> None:
    program = tmp_path / "engine"
    program.write_text(f"#!{sys.executable}\n" + PATIENT.replace('"ready"', '"ready" + " " * 10000'))
    program.chmod(0o755)
    engine = Engine(program=program, environment=dict(os.environ), report=lambda _line: None)
    directories = {each.name: tmp_path / each.name for each in (ACCOUNT, VPC)}
    for directory in directories.values():
        directory.mkdir()
    # As the engine leaves it where it can't store its state.
    (directories[VPC.name] / ERRORED_STATE).touch()

    def ready(directory: Path) -> bool:
        return (directory / LOG).exists() and "ready" in (directory / LOG).read_text()

    def press() -> None:
        while not all(map(ready, directories.values())):
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    both = [ACCOUNT, VPC]
    thread = threading.Thread(target=press)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        thread.start()
        with pytest.raises(StateNotStored, match=ERRORED_STATE):
            walk(both, unordered(both), lambda e: _run(engine, directories[e.name]), engine=engine, jobs=2)
    finally:
        thread.join()
        signal.signal(signal.SIGINT, before)
    for directory in directories.values():
        assert "released after 1" in (directory / LOG).read_text()


def _run(engine: Engine, directory: Path) -> None:
    engine.run(directory, "apply")

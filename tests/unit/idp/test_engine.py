"""Tests of running the engine, with a small program in its place: what is tested is how a process is ended and read."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from idp.engine import Engine, find_engine
from idp.errors import Interrupted, OperationError
from idp.log import LOG

# Ends in order on SIGINT, as the engine does, and counts how often it got one.
PATIENT = """
import signal, sys, time
count = 0
def interrupted(number, frame):
    global count
    count += 1
signal.signal(signal.SIGINT, interrupted)
print("ready", flush=True)
end = time.monotonic() + 30
while not count and time.monotonic() < end:
    time.sleep(0.02)
time.sleep(0.3)
print(f"released after {count}", flush=True)
"""


def engine(tmp_path: Path, program: str, **options: float) -> Engine:
    path = tmp_path / "engine"
    path.write_text(f"#!{sys.executable}\n{program}")
    path.chmod(0o755)
    return Engine(program=path, environment=dict(os.environ), report=lambda _line: None, **options)  # type: ignore[arg-type]


def test_a_timeout_interrupts_once_and_waits_for_the_end(tmp_path: Path) -> None:
    with pytest.raises(Interrupted, match="after 1 s"):
        engine(tmp_path, PATIENT, timeout=1).run(tmp_path, "apply")
    assert "released after 1" in (tmp_path / LOG).read_text()


def test_an_interrupted_engine_that_couldnt_store_its_state_says_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "errored.tfstate").touch()
    with pytest.raises(Interrupted, match="its state couldn't be stored") as caught:
        engine(tmp_path, PATIENT, timeout=1).run(tmp_path, "apply")
    assert f"{tmp_path / 'errored.tfstate'} holds what was made: keep it" in caught.value.remedy


def test_ctrl_c_interrupts_once_and_waits_for_the_end(tmp_path: Path) -> None:
    def press_twice() -> None:
        while "ready" not in ((tmp_path / LOG).read_text() if (tmp_path / LOG).exists() else ""):
            time.sleep(0.02)
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1)

    # Line buffering lets the other thread see when the program is ready.
    program = PATIENT.replace('print("ready", flush=True)', 'print("ready" + " " * 10000, flush=True)')
    thread = threading.Thread(target=press_twice)
    # A test run that a shell started in the background inherits SIGINT as ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        thread.start()
        with pytest.raises(Interrupted, match="by the user"):
            engine(tmp_path, program).run(tmp_path, "apply")
        thread.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert "released after 1" in (tmp_path / LOG).read_text()


def test_a_failure_is_told_with_what_the_engine_printed_and_where_the_log_is(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="no such bucket") as caught:
        engine(tmp_path, "print('no such bucket'); raise SystemExit(1)").run(tmp_path, "init")
    assert str(tmp_path / LOG) in caught.value.remedy


def test_a_lock_error_says_how_to_release_the_lock(tmp_path: Path) -> None:
    with pytest.raises(OperationError) as caught:
        engine(tmp_path, "print('Error acquiring the state lock'); raise SystemExit(1)").run(tmp_path, "plan")
    assert "idp unlock --stack" in caught.value.remedy


@pytest.mark.parametrize("said", ["Instance cannot be destroyed", "Resource instance cannot be destroyed"])
def test_what_may_not_be_replaced_is_kept_by_recover_where_it_was_cut_short(tmp_path: Path, said: str) -> None:
    with pytest.raises(OperationError) as caught:
        engine(tmp_path, f"print('Error: {said}'); raise SystemExit(1)").run(tmp_path, "plan")
    assert f"`python -m idp recover --stack {tmp_path.name}` keeps it" in caught.value.remedy


def test_an_accepted_exit_code_is_an_answer(tmp_path: Path) -> None:
    assert engine(tmp_path, "raise SystemExit(2)").run(tmp_path, "plan", accept=(0, 2)).code == 2


def test_variables_that_would_change_the_meaning_dont_reach_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_WORKSPACE", "other")
    program = "import os; print('TF_WORKSPACE' in os.environ, os.environ['TF_IN_AUTOMATION'])"
    assert engine(tmp_path, program).run(tmp_path, "plan").text == "False 1\n"


def test_the_engine_that_is_named_is_used(tmp_path: Path) -> None:
    assert find_engine(tmp_path / "tofu") == tmp_path / "tofu"

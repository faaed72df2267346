"""Tests of the measurement, on small programs of Python alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.measure import Program, measure, resident_mib

MIB = 1 << 20


def program(code: str, *arguments: str) -> Program:
    command = [sys.executable, "-S", "-c", code, *arguments]
    return Program(label="", command=command, environment={"PATH": os.environ["PATH"]})


def test_memory_of_children_is_told_apart_from_its_own() -> None:
    held = f"import sys; held = bytearray({100 * MIB}); print(flush=True); sys.stdin.read()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {held!r}])"
    with subprocess.Popen([sys.executable, "-S", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # of the child: it holds its memory now, and ends with the input
        own, children = resident_mib(process.pid)
        process.communicate()
    assert children >= 100 > own > 0
    assert resident_mib(process.pid) == (0, 0)


def test_what_processes_of_one_program_share_counts_once() -> None:
    waiting = "import sys; print(flush=True); sys.stdin.read()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {waiting!r}])"
    with subprocess.Popen([sys.executable, "-S", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        child = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]
        status = dict(line.split(":", 1) for line in Path(f"/proc/{child}/status").read_text().splitlines())
        anonymous, of_files = (int(status[key].split()[0]) / 1024 for key in ("RssAnon", "RssFile"))
        _, beside = resident_mib(process.pid)
        process.communicate()
    # The parent has loaded a little more of the program than the child, or as much.
    assert anonymous <= beside < anonymous + of_files


def test_the_peak_is_that_of_both_at_once() -> None:
    found = measure(program("import subprocess; subprocess.run(['sleep', '1'])"))
    assert 0 < found.own_mib <= found.peak_mib <= found.own_mib + found.children_mib


def test_processor_time_of_children_counts_and_time_asleep_does_not() -> None:
    work = "import time\nwhile time.process_time() < 0.3: pass"
    code = "import subprocess, sys, time; time.sleep(1); subprocess.run([sys.executable, '-S', '-c', sys.argv[1]])"
    found = measure(program(code, work))
    assert found.cpu_seconds >= 0.3
    assert found.seconds >= 1.3


def test_a_program_that_fails_says_what_it_printed() -> None:
    with pytest.raises(RuntimeError, match="that is why"):
        measure(program("import sys; sys.exit('that is why')"))


def test_more_output_than_a_pipe_holds_blocks_nothing() -> None:
    assert measure(program("import sys; sys.stderr.write('x' * 1_000_000)")).seconds > 0


def test_a_program_runs_in_its_directory_with_its_environment_only(tmp_path: Path) -> None:
    code = "import os, pathlib; pathlib.Path('found').write_text(os.environ['NAMED'] + str('HOME' in os.environ))"
    command = [sys.executable, "-S", "-c", code]
    measure(Program(label="", command=command, environment={"NAMED": "here"}, directory=tmp_path))
    assert (tmp_path / "found").read_text() == "hereFalse"

"""The output stays one whole output: with no room on the disk, with several writers at once, with one killed."""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.exclusive import OutputBusyError, exclusive
from constructs_lib.written import MANIFEST, STAGED, write
from idp.errors import OperationError
from idp.output import read_output

WAIT_SECONDS = 120
fork = multiprocessing.get_context("fork")


def files(text: str, stacks: int = 40) -> dict[str, str]:
    return {MANIFEST: f"{text}\n", **{f"stacks/idp-{n}/cdk.tf.json": f"{text}\n" for n in range(stacks)}}


def tree(directory: Path) -> dict[str, str]:
    return {str(path.relative_to(directory)): path.read_text() for path in directory.rglob("*") if path.is_file()}


def in_a_process(work: Callable[..., Any], *arguments: Any) -> int | None:
    """Run ``work`` in a process of its own. Returns its exit code, which is minus the signal that ended it."""
    process = fork.Process(target=work, args=arguments)
    process.start()
    process.join(WAIT_SECONDS)
    return process.exitcode


def with_small_files_only(given: Mapping[str, str], outdir: Path, most: int) -> None:
    """Write while the system lets no file grow beyond ``most`` bytes; exits with the number of its error."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        write(given, outdir)
    except OSError as error:
        assert STAGED in str(error.filename)
        os._exit(error.errno or 1)


def test_with_no_room_the_output_is_as_before(tmp_path: Path) -> None:
    write(files("before"), tmp_path)
    before = tree(tmp_path)
    longer = {**files("after"), "stacks/idp-new/cdk.tf.json": "{}\n", "stacks/idp-39/cdk.tf.json": "x" * 2000}
    assert in_a_process(with_small_files_only, longer, tmp_path, 1000) == errno.EFBIG
    assert tree(tmp_path) == before
    assert not (tmp_path / "stacks" / "idp-new").exists()
    write(longer, tmp_path)
    assert tree(tmp_path) == longer


def killed_at(given: Mapping[str, str], outdir: Path, moves: int) -> None:
    """Write, and be killed before file number ``moves`` + 1 takes its place."""
    move, left = Path.replace, iter(range(moves))

    def replace(self: Path, target: Path) -> Path:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return move(self, target)

    Path.replace = replace  # type: ignore[method-assign, assignment]
    write(given, outdir)


@pytest.mark.parametrize("moves", [0, 1, 20, 40])
def test_a_synth_that_is_killed_leaves_nothing_to_apply_and_the_next_one_mends_it(tmp_path: Path, moves: int) -> None:
    write(files("before"), tmp_path)
    assert in_a_process(killed_at, files("after"), tmp_path, moves) == -signal.SIGKILL
    with pytest.raises(OperationError, match="a synth was stopped while it wrote"):
        read_output(tmp_path)
    write(files("after"), tmp_path)
    assert tree(tmp_path) == files("after")


def writes_often(text: str, outdir: Path) -> None:
    for _ in range(15):
        with exclusive(outdir):
            write(files(text), outdir)
            if set(tree(outdir).values()) != {f"{text}\n"}:
                os._exit(1)


def test_of_several_at_once_each_writes_a_whole_output(tmp_path: Path) -> None:
    processes = [fork.Process(target=writes_often, args=(str(n), tmp_path)) for n in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(WAIT_SECONDS)
    assert [process.exitcode for process in processes] == [0] * 4
    assert len(tree(tmp_path)) == 41
    assert len(set(tree(tmp_path).values())) == 1


def test_a_directory_that_another_holds_is_waited_for_and_then_refused(tmp_path: Path) -> None:
    busy = pytest.raises(OutputBusyError, match="another synth has been writing there for 0 s(?s:.)*Next: ")
    with exclusive(tmp_path), busy, exclusive(tmp_path, wait=0):
        pytest.fail("two hold it")
    with exclusive(tmp_path, wait=0):
        assert list(tmp_path.iterdir()) == []


def test_a_holder_that_died_holds_nothing(tmp_path: Path) -> None:
    def die() -> None:
        with exclusive(tmp_path):
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_process(die) == -signal.SIGKILL
    with exclusive(tmp_path, wait=0):
        pass

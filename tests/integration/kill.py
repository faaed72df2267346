"""Kill an apply half way, and go on as the refusal of the next one says."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from idp import apply as applying
from idp.errors import OperationError
from idp.operation import Operation
from idp.output import Stack
from idp.workspace import identities

# Takes the provider 25 s, and what follows it takes 25 s more. The engine stores the state once the queue is there;
# what it begins then (a policy, event targets) is put again without harm.
MIDDLE = "aws_sqs_queue.interruptions"
WAIT_SECONDS = 180


@dataclass(frozen=True, kw_only=True)
class Killed:
    """``before`` are the addresses in the state when the engine was killed; ``refusal`` is what the next apply said."""

    before: frozenset[str]
    after: frozenset[str]
    refusal: OperationError


def kill_half_way(operation: Operation, stack: Stack) -> Killed:
    """SIGKILL an apply of ``stack``, see the next one refused, release the lock as it says, and apply to the end."""
    engine = operation.engine
    directory = operation.init(stack)
    before = _killed(operation, directory)
    refusal = _refusal(operation, stack)
    found = re.search(r"ID: +([0-9a-f-]{36})", str(refusal))
    assert found is not None, f"no lock in: {refusal}"
    engine.run(directory, "force-unlock", "-force", found.group(1))
    applying.apply(operation, [stack.name])
    return Killed(before=before, after=frozenset(operation.addresses(directory)), refusal=refusal)


def _killed(operation: Operation, directory: Path) -> frozenset[str]:
    engine = operation.engine
    process = subprocess.Popen(
        [engine.program, "apply", "-auto-approve", "-input=false", f"-parallelism={engine.parallelism}"],
        cwd=directory,
        env=dict(engine.environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + WAIT_SECONDS
        stored: set[str] = set()
        while MIDDLE not in stored and time.monotonic() < deadline:
            time.sleep(0.5)
            # A pull takes no lock.
            text = engine.run(directory, "state", "pull").text
            stored = {address for address, _ in identities(json.loads(text))} if text.strip() else set()
        assert process.poll() is None, "the apply ended before it could be killed"
    finally:
        # The whole group: the provider's process must not go on by itself.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return frozenset(stored)


def _refusal(operation: Operation, stack: Stack) -> OperationError:
    try:
        applying.apply(operation, [stack.name])
    except OperationError as error:
        return error
    raise AssertionError("the lock of the killed apply was not there")

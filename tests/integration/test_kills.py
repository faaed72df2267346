"""The long rest of rung 3: applies of the real network stack, killed again and again, and cut off from AWS.

Each time the way on is the documented one: unlock, recover, apply. In the end everything is there once, the plan is
empty, and a teardown leaves the account as it was: what an apply made and no state held would still be there.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import random
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from idp.output import Stack
from idp.teardown import teardown_stack
from idp.unlock import held
from sandbox import inventory, process
from tests.integration.conftest import Box, change
from tests.integration.proxy import Line, line
from tests.integration.user import COMMAND_SECONDS, User

pytestmark = [pytest.mark.integration, pytest.mark.soak, pytest.mark.timeout(3000)]

STACK = "idp-foundation-vpc"
ONLY = ("--stack", STACK)
BOUNDARIES, MOMENTS = 8, 12
SEED = 20261127
# How many requests that make something are answered between two kills; the stack makes 80.
STEP = 9
# After how many things made the network is cut, and how often the provider then tries: by its own count, 25 times, it
# does for many minutes (AWS provider documentation, max_retries).
CUTS, TRIES = (5, 40), 2
CUT_SECONDS = 10


@pytest.fixture
def network(box: Box, tmp_path: Path) -> Iterator[User]:
    """Somebody who applies the network; afterwards it is destroyed, and the account is as it was."""
    environment = box.operation.engine.environment
    before = inventory.listed(environment)
    user = User(box=box, out=box.sandbox.output, directory=tmp_path)
    yield user
    assert "no changes" in user.runs("plan", *ONLY)
    assert len(box.operation.addresses(user.work(STACK))) == len(list(_stack(box).resources()))
    teardown_stack(box.operation, STACK, "drop")
    assert inventory.listed(environment) == before


def _stack(box: Box) -> Stack:
    return next(each for each in box.operation.stacks if each.name == STACK)


def killed(user: User, *, makes: int | None = None, asked: int | None = None, both: bool = False) -> str:
    """Apply, and kill the engine with its providers, by their process group, at a count of answers; return its words.

    ``both``: the command itself as well, as when a machine dies. Empty where it ended before.
    """
    with _line(user) as between:
        started = _through(between, user)
        done = threading.Event()
        running: list[subprocess.Popen[str]] = []
        hit: list[int] = []

        def kill() -> None:
            done.wait(COMMAND_SECONDS)
            hit.extend(_groups(running[0].pid))
            for group in [*hit, *([running[0].pid] if both else [])]:
                os.killpg(group, signal.SIGKILL)

        between.at, between.then = (makes, asked), kill
        running.append(started.start("apply", *ONLY))
        done.set()
        printed, _ = running[0].communicate(timeout=COMMAND_SECONDS)
        print(f"killed {len(hit)} at {len(between.made)} made, {between.asked} asked; {printed[-300:]}")
    assert "Traceback" not in printed
    return printed if hit else ""


def _through(between: Line, user: User) -> User:
    return dataclasses.replace(user, extra={**user.extra, "AWS_ENDPOINT_URL": between.address})


def _line(user: User) -> contextlib.AbstractContextManager[Line]:
    server = process.running(user.box.sandbox.directory)
    assert server is not None
    return line(server.port)


def _groups(parent: int) -> list[int]:
    """Process groups of the children: the engine's, which holds its providers."""
    found = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text().split()]


def goes_on(user: User) -> str:
    """The documented way on, but for the last apply. What ``recover`` says."""
    environment = user.box.operation.engine.environment
    for lock in held(_stack(user.box), lambda service: inventory.client_of(service, environment)):
        # Other tests' engines run on this machine: the ID says that this one's was looked for.
        user.runs("unlock", *ONLY, "--yes-lock", lock.id)
    return user.runs("recover", *ONLY)


def test_killed_at_boundaries(network: User) -> None:
    for count in range(BOUNDARIES):
        said = killed(network, makes=1 if count == 0 else STEP, both=count % 2 == 1)
        if said and count % 2 == 0:
            assert "it was killed by signal 9" in said
            assert f"python -m idp recover --deployment idp --stack {STACK}" in said
        if count == 0:
            refused = network.fails("apply", *ONLY)
            assert f"python -m idp unlock --deployment idp --stack {STACK}" in refused
        goes_on(network)
    network.runs("apply", *ONLY)


def test_killed_at_random(network: User) -> None:
    chosen = random.Random(SEED)
    print(f"seed {SEED}")
    for count in range(MOMENTS):
        killed(network, asked=chosen.randint(20, 160), both=count % 2 == 1)
        goes_on(network)
    network.runs("apply", *ONLY)


def _trying_less(user: User, out: Path) -> Path:
    """The same output, but for how often the stack's provider tries."""

    def less(document: dict[str, Any]) -> None:
        document["provider"]["aws"][0]["max_retries"] = TRIES

    shutil.copytree(user.out, out)
    change(out, STACK, less)
    return out


@pytest.mark.parametrize("made", CUTS)
def test_network_cut(network: User, made: int) -> None:
    """Nothing gets through any more from the middle of the apply on, answers and the state included."""
    impatient = dataclasses.replace(network, out=_trying_less(network, network.directory / "out"))
    with _line(network) as between:
        between.at, between.then = (made, None), between.cut_off
        said = _through(between, impatient).fails("apply", *ONLY)
        print(f"cut at {len(between.made)} made, {between.asked} asked; {said[-300:]}")
    assert f"{network.work(STACK) / 'errored.tfstate'} holds what was made" in said
    assert f"python -m idp unlock --deployment idp --stack {STACK}" in network.fails("apply", *ONLY)
    assert "couldn't store is in its bucket now" in goes_on(network)
    network.runs("apply", *ONLY)


def test_network_back(network: User) -> None:
    """An interruption that ends before the engine gives up needs nobody."""
    with _line(network) as between:
        between.at, between.then = (None, 60), lambda: between.cut_off(CUT_SECONDS)
        _through(between, network).runs("apply", *ONLY)

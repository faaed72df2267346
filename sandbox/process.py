"""Start and stop the local AWS server; the file ``server.json`` in the sandbox's directory says where it is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from idp.errors import OperationError
from sandbox.environment import endpoint

START_SECONDS = 60
STOP_SECONDS = 10
WHO = "/sandbox/who"


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that answers: its process id and loopback port."""

    pid: int
    port: int


def running(directory: Path) -> Server | None:
    """The server of ``directory``, if it answers and says that it is the one recorded there."""
    record = directory / "server.json"
    if not record.exists():
        return None
    found = Server(**json.loads(record.read_text()))
    try:
        # No proxy of the environment: the address is on the loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{endpoint(found.port)}{WHO}", timeout=10) as answer:
            same = bool(json.loads(answer.read()) == {"pid": found.pid})
    except (OSError, ValueError):
        return None
    return found if same else None


def start(directory: Path) -> Server:
    """Start a server of ``directory``; it outlives this process. Raises OperationError where it doesn't answer."""
    directory.mkdir(parents=True, exist_ok=True)
    record, log = directory / "server.json", directory / "server.log"
    record.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sandbox.server", "--ready", str(record.resolve())]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = running(directory)
        if found is not None:
            return found
        time.sleep(0.1)
    raise OperationError("the local AWS server doesn't answer", remedy=f"read {log}")


def stop(directory: Path) -> None:
    """Stop the server of ``directory`` and wait for its end; its state is gone. No server is no error."""
    found = running(directory)
    if found is not None:
        os.kill(found.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while running(directory) is not None and time.monotonic() < deadline:
            time.sleep(0.1)
    (directory / "server.json").unlink(missing_ok=True)

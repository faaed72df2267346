"""Chromium, driven by the DevTools protocol over a pair of pipes: messages are JSON, each ends in a zero byte.

Source: Chrome DevTools Protocol documentation, and Chromium's --remote-debugging-pipe (it reads from file descriptor 3
and writes to 4).
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import signal
import time
from pathlib import Path
from typing import Any

# Seconds that one command may take, on a busy machine.
TIMEOUT = 180.0
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    # Containers have 64 MiB there.
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
# Descriptors above those that are given to the browser.
_HIGH = 10


class Chromium:
    """A running browser with one page open. ``errors`` and ``requests`` are what that page caused so far."""

    def __init__(self, program: Path, profile: Path) -> None:
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._last = 0
        self._pending = b""
        self._process = self._start(program, profile)
        target = self._send("Target.createTarget", {"url": "about:blank", "width": 1400, "height": 1000})["targetId"]
        self._session = ""
        self._session = self._send("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def open(self, url: str) -> None:
        """Load ``url`` and wait until its scripts have run."""
        self.send("Page.navigate", {"url": url})
        self.until(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, as JSON has it. Raises AssertionError for one that throws."""
        answer = self.send("Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until ``expression`` is true."""
        end = time.monotonic() + TIMEOUT
        while not self.evaluate(expression):
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.05)

    def click(self, selector: str) -> None:
        """Click with the mouse in the middle of what ``selector`` finds first, if nothing lies over it."""
        found = json.dumps(selector)
        x, y, hit = self.evaluate(
            f"(() => {{ const e = document.querySelector({found}); e.scrollIntoView({{block: 'center'}});"
            " const [r] = e.getClientRects(); const [x, y] = [r.x + r.width / 2, r.y + r.height / 2];"
            " return [x, y, e.contains(document.elementFromPoint(x, y))]; })()"
        )
        assert hit, f"{selector} can't be clicked"
        for kind in ("mousePressed", "mouseReleased"):
            event = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
            self.send("Input.dispatchMouseEvent", event)

    def press(self, key: str, text: str = "") -> None:
        """Press and release a key; ``text`` is what it types."""
        code = {"Enter": 13, "Tab": 9}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            event = {"type": kind, "key": key, "windowsVirtualKeyCode": code}
            self.send("Input.dispatchKeyEvent", event | ({"text": text} if text and kind == "keyDown" else {}))

    def type(self, text: str) -> None:
        """Put text where the focus is."""
        self.send("Input.insertText", {"text": text})

    def screenshot(self, path: Path) -> None:
        """Write what the window shows as a PNG."""
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot")["data"]))

    def send(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer to a command about the page."""
        return self._send(method, parameters or {})

    def close(self) -> None:
        """End the browser and what it started."""
        os.killpg(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        for pipe in (self._in, self._out):
            os.close(pipe)

    def _start(self, program: Path, profile: Path) -> int:
        theirs_in, self._in = os.pipe()
        self._out, theirs_out = os.pipe()
        given = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, _HIGH) for each in (theirs_in, theirs_out)]
        log = os.open(profile.with_suffix(".log"), os.O_CREAT | os.O_WRONLY, 0o644)
        started = os.posix_spawn(
            program,
            [program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            os.environ,
            file_actions=[
                *((os.POSIX_SPAWN_DUP2, log, number) for number in (1, 2)),
                *((os.POSIX_SPAWN_DUP2, each, number) for number, each in enumerate(given, start=3)),
            ],
            setpgroup=0,
        )
        for each in (theirs_in, theirs_out, log, *given):
            os.close(each)
        return started

    def _send(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if getattr(self, "_session", ""):
            message["sessionId"] = self._session
        os.write(self._in, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._last:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return dict(answer["result"])
            self._note(answer.get("method", ""), answer.get("params", {}))

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._pending:
            ready, _, _ = select.select([self._out], [], [], TIMEOUT)
            more = os.read(self._out, 1 << 20) if ready else b""
            assert more, "the browser says nothing"
            self._pending += more
        message, _, self._pending = self._pending.partition(b"\0")
        return dict(json.loads(message))

    def _note(self, event: str, parameters: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif event == "Runtime.exceptionThrown":
            self.errors.append(str(parameters["exceptionDetails"]))
        elif event == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.errors.append(str(parameters["entry"]))
        elif event == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "assert"):
            self.errors.append(str(parameters["args"]))

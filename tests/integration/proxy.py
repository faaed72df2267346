"""What stands between the engine and the server: counts what is asked, calls back at a count, and can be cut."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.loopback import HOST, serving

# Operations that make something. Writes of states and locks, to S3 and DynamoDB, aren't among them.
_MAKES = re.compile(r"^(Create|Run|Allocate|Authorize|Associate|Attach|Replace|PutRolePolicy)")
_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
_HOP = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive", "proxy-connection"})


def operation(headers: http.client.HTTPMessage, body: bytes) -> str:
    """The operation of a query or a JSON protocol; empty for others."""
    found = _ACTION.search(body)
    return found.group(1).decode() if found else str(headers.get("X-Amz-Target", "")).rpartition(".")[2]


@dataclass(kw_only=True)
class Line:
    """The line to the server at ``port``. ``made`` are answered requests that make something, ``asked`` all others too.

    ``at`` says at which of the two counts ``then`` is called, once, when that answer is on its way. While ``cut`` is
    set nothing gets through: no request, and no answer to what was asked before.
    """

    port: int
    made: list[str] = field(default_factory=list)
    asked: int = 0
    at: tuple[int | None, int | None] = (None, None)
    then: Callable[[], None] = lambda: None
    address: str = ""
    cut: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cut_off(self, seconds: float | None = None) -> None:
        """For so long; without a time, for good."""
        self.cut = True
        if seconds is not None:
            threading.Timer(seconds, self.join).start()

    def join(self) -> None:
        self.cut = False

    def passed(self, name: str) -> None:
        with self._lock:
            self.asked += 1
            if _MAKES.match(name):
                self.made.append(name)
            makes, all_of_them = self.at
            if len(self.made) == makes or self.asked == all_of_them:
                self.at = (None, None)
                self.then()


def _handler(line: Line) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if line.cut:
                self.close_connection = True
                return
            upstream = http.client.HTTPConnection(HOST, line.port, timeout=120)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in {"connection", "keep-alive"}}
            upstream.request(self.command, self.path, body, headers)
            answer = upstream.getresponse()
            content = answer.read()
            upstream.close()
            if line.cut:
                self.close_connection = True
                return
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            length = answer.headers["Content-Length"] if self.command == "HEAD" else str(len(content))
            self.send_header("Content-Length", length or "0")
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else content)
            self.wfile.flush()
            line.passed(operation(self.headers, body))

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_PATCH = _pass

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    return Handler


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed closes its connections; that is what these tests do."""
        del request, client_address


@contextmanager
def line(port: int) -> Iterator[Line]:
    """A line to the server on ``port`` of the loopback."""
    made = Line(port=port)
    with serving(_Quiet((HOST, 0), _handler(made))) as address:
        made.address = f"http://{address}"
        yield made

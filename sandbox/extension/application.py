"""The WSGI layer in front of moto: our routes first, then moto; what it can't do is an error that nobody retries."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sandbox.environment import account_of
from sandbox.extension.retries import Answer, Retries
from sandbox.process import WHO

StartResponse = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request as a route sees it: ``parts`` of its path, and ``service`` and ``region`` of its signature."""

    method: str
    path: str
    parts: tuple[str, ...]
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    service: str
    region: str
    account: str

    @property
    def target(self) -> str:
        """The operation of a JSON protocol, such as ``CreatePullThroughCacheRule``."""
        return self.headers.get("x-amz-target", "").rpartition(".")[2]

    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body or b"{}")
        return parsed


@dataclass(frozen=True, kw_only=True)
class Response:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


Route = Callable[[Request], Response | None]

_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
# A route that moto has no address for.
_NOT_FOUND = 404
# Its receivers wait within their request for messages that others send.
_WAITING = "sqs"


def answer(value: Mapping[str, Any], status: int = 200) -> Response:
    return Response(status=status, body=json.dumps(value, separators=(",", ":")).encode())


def failure(code: str, message: str, status: int = 400) -> Response:
    """An error as the JSON protocols word it."""
    body = json.dumps({"__type": code, "message": message}).encode()
    return Response(status=status, body=body, headers={"Content-Type": "application/json", "x-amzn-ErrorType": code})


class Application:
    """Tries ``routes`` in order, then ``inner``. A crash or an unknown operation inside moto is answered with 400:
    the provider retries a 500 up to 25 times.

    One request at a time: moto goes through its dictionaries while other threads change them, and fails then.
    """

    def __init__(self, inner: Any, routes: Sequence[Route]) -> None:
        self.inner = inner
        self.routes = routes
        self.retries = Retries()
        self._turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == WHO:
            return _send(_plain(answer({"pid": os.getpid()})), start_response)
        request = _request(environ)
        earlier = self.retries.earlier(request.headers)
        if earlier is not None:
            print(
                f"sent again, answered as before: {request.service} {request.method} {request.target or request.path}"
            )
            return _send(earlier, start_response)
        with contextlib.nullcontext() if request.service == _WAITING else self._turn:
            given = self._answer(request, environ)
        self.retries.keep(request.headers, given)
        return _send(given, start_response)

    def _answer(self, request: Request, environ: dict[str, Any]) -> Answer:
        try:
            for route in self.routes:
                response = route(request)
                if response is not None:
                    return _plain(response)
            return self._inner(request, environ)
        except Exception as error:
            traceback.print_exc()
            message = f"the local server can't do {request.service} {request.target or request.path}: {error!r}"
            return _plain(failure("NotImplementedInSandbox", message))

    def _inner(self, request: Request, environ: dict[str, Any]) -> Answer:
        status: list[Any] = []

        def note(line: str, headers: Any, exc_info: Any = None) -> None:
            del exc_info
            status[:] = [line, headers]

        body = b"".join(self.inner(environ, note))
        line, headers = status
        code = int(line.split()[0])
        if code >= 500 or (code == _NOT_FOUND and b"<title>404 Not Found</title>" in body):
            what = request.target or f"{request.method} {request.path} {request.body[:80].decode(errors='replace')}"
            print(f"not implemented: {request.service} {what} {body[:300]!r}")
            return _plain(failure("NotImplementedInSandbox", f"{request.service}: {what}"))
        return Answer(line=line, headers=headers, body=body)


def _request(environ: dict[str, Any]) -> Request:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    # Chunked uploads have no length; no route of ours reads those.
    body = environ["wsgi.input"].read(length) if length else b""
    if length:
        environ["wsgi.input"] = io.BytesIO(body)
    found = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    access_key, region, service = found.groups() if found else ("", "", "")
    headers = {k[5:].replace("_", "-").lower(): str(v) for k, v in environ.items() if k.startswith("HTTP_")}
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", ""),
        parts=_parts(environ),
        query=parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True),
        headers=headers,
        body=body,
        service=service,
        region=region,
        account=account_of(access_key) or "",
    )


def _parts(environ: Mapping[str, Any]) -> tuple[str, ...]:
    """The path's parts, each decoded, since an ARN in a path holds encoded slashes. A proxied path is a whole URL."""
    raw = str(environ.get("REQUEST_URI", environ.get("PATH_INFO", "")))
    return tuple(unquote(part) for part in urlsplit(raw).path.strip("/").split("/"))


def _plain(response: Response) -> Answer:
    headers = [*response.headers.items(), ("Content-Length", str(len(response.body)))]
    return Answer(line=f"{response.status} SANDBOX", headers=headers, body=response.body)


def _send(given: Answer, start_response: StartResponse) -> Iterable[bytes]:
    start_response(given.line, given.headers)
    return [given.body]

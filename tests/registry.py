"""A registry of images on loopback, to read from and to push to, as the Distribution Specification says.

It asks for a token as public registries do, and refuses a manifest that names what it lacks.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests import loopback

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_TOKEN = "of-loopback"


def digest_of(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Store:
    """What a registry holds. ``requests`` are method and path of all that were asked, but for tokens. Where it is
    ``signed``, blobs are read at another host, as public registries do.
    """

    def __init__(self) -> None:
        self.address = ""
        self.signed = False
        self.blobs: dict[str, dict[str, bytes]] = {}
        self.manifests: dict[tuple[str, str], tuple[bytes, str]] = {}
        self.requests: list[tuple[str, str]] = []

    def image(self, repository: str, tag: str, layers: tuple[bytes, ...] = (b"layer",)) -> str:
        """Put in an image of one platform; returns its digest."""
        config = json.dumps({"architecture": "amd64", "os": "linux", "of": f"{repository}:{tag}"}).encode()
        parts = [{"digest": self._blob(repository, each), "size": len(each)} for each in (config, *layers)]
        content = json.dumps(
            {"schemaVersion": 2, "mediaType": MANIFEST, "config": parts[0], "layers": parts[1:]}
        ).encode()
        return self.put(repository, tag, content, MANIFEST)

    def index(self, repository: str, tag: str, platforms: tuple[str, ...]) -> str:
        """Put in an index of an image for each platform; returns its digest."""
        digests = [self.image(repository, f"{tag}-{name}", (name.encode(),)) for name in platforms]
        for name in platforms:
            del self.manifests[repository, f"{tag}-{name}"]
        document = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [{"digest": each} for each in digests]}
        return self.put(repository, tag, json.dumps(document).encode(), INDEX)

    def put(self, repository: str, reference: str, content: bytes, media_type: str) -> str:
        digest = digest_of(content)
        for name in {reference, digest}:
            self.manifests[repository, name] = content, media_type
        return digest

    def lacks(self, repository: str, content: bytes) -> list[str]:
        """Digests that a manifest names and the repository hasn't."""
        document: dict[str, Any] = json.loads(content)
        blobs = [each["digest"] for each in (document.get("config"), *document.get("layers", ())) if each]
        children = [each["digest"] for each in document.get("manifests", ())]
        return [each for each in blobs if each not in self.blobs.get(repository, {})] + [
            each for each in children if (repository, each) not in self.manifests
        ]

    def _blob(self, repository: str, content: bytes) -> str:
        self.blobs.setdefault(repository, {})[digest_of(content)] = content
        return digest_of(content)


class _Server(ThreadingHTTPServer):
    def __init__(self, store: Store) -> None:
        super().__init__((loopback.HOST, 0), _Handler)
        self.store = store
        self.uploads: dict[str, bytes] = {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        if self.path.startswith("/token"):
            return self._answer(200, json.dumps({"token": _TOKEN}).encode())
        if self.path.startswith("/signed/"):
            return self._signed()
        if not self._admitted():
            return None
        repository, kind, reference = self._parts()
        if kind == "blobs" and self.server.store.signed and self.command == "GET":
            port = self.server.server_port
            return self._answer(307, location=f"http://localhost:{port}/signed/{repository}/{reference}")
        if kind == "blobs":
            content = self.server.store.blobs.get(repository, {}).get(reference)
            found = None if content is None else (content, "application/octet-stream")
        else:
            found = self.server.store.manifests.get((repository, reference))
        return self._answer(404, b"{}") if found is None else self._answer(200, *found)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        if self._admitted():
            self.server.uploads[str(len(self.server.uploads))] = b""
            repository = self.path.removeprefix("/v2/").removesuffix("/blobs/uploads/")
            self._answer(202, location=f"/v2/{repository}/blobs/uploads/{len(self.server.uploads) - 1}?state=1")

    def do_PATCH(self) -> None:
        if self._admitted():
            self.server.uploads[self._upload()] += self._body()
            self._answer(202, location=self.path)

    def do_PUT(self) -> None:
        if not self._admitted():
            return None
        repository, kind, reference = self._parts()
        if kind == "manifests":
            content = self._body()
            if self.server.store.lacks(repository, content):
                return self._answer(400, b'{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}')
            self.server.store.put(repository, reference, content, str(self.headers["Content-Type"]))
            return self._answer(201, location=self.path)
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["digest"][0]
        content = self.server.uploads[self._upload()] + self._body()
        if digest_of(content) != asked:
            return self._answer(400, b'{"errors":[{"code":"DIGEST_INVALID"}]}')
        self.server.store.blobs.setdefault(repository, {})[asked] = content
        return self._answer(201, location=self.path)

    def _signed(self) -> None:
        """A store's address, which has its login in itself and refuses another."""
        repository, _, digest = self.path.removeprefix("/signed/").rpartition("/")
        if self.headers["Authorization"]:
            return self._answer(400, b"two logins")
        return self._answer(200, self.server.store.blobs[repository][digest])

    def _admitted(self) -> bool:
        if self.headers["Authorization"] == f"Bearer {_TOKEN}":
            self.server.store.requests.append((self.command, self.path))
            return True
        self._body()
        self._answer(
            401, b"{}", challenge=f'Bearer realm="http://{self.server.store.address}/token",service="loopback"'
        )
        return False

    def _parts(self) -> tuple[str, str, str]:
        path = urllib.parse.urlsplit(self.path).path.removeprefix("/v2/")
        name = path.split("/blobs/")[0].split("/manifests/")[0]
        kind, _, reference = path.removeprefix(f"{name}/").partition("/")
        return name, kind, reference

    def _upload(self) -> str:
        return urllib.parse.urlsplit(self.path).path.rpartition("/")[2]

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def _answer(
        self,
        status: int,
        content: bytes = b"",
        kind: str = "application/json",
        *,
        location: str = "",
        challenge: str = "",
    ) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(content))}
        headers |= {"Location": location} if location else {}
        headers |= {"WWW-Authenticate": challenge} if challenge else {}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: requests are no output of a test."""


@contextlib.contextmanager
def serving() -> Iterator[Store]:
    """An empty registry; ``address`` is its host and port."""
    store = Store()
    with loopback.serving(_Server(store)) as store.address:
        yield store

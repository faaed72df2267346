"""A registry of images on loopback that nobody has signed, for policies that ask for signatures."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.loopback import HOST, serving

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}).encode()


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _manifest() -> bytes:
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "size": len(_CONFIG), "digest": _digest(_CONFIG)}
    return json.dumps({"schemaVersion": 2, "mediaType": _MANIFEST, "config": config, "layers": []}).encode()


class _Handler(BaseHTTPRequestHandler):
    """Source: OCI Distribution Specification 1.1, "Pull". Every image is there, but for tags of signatures."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, reference = self.path.split("/")[-2:] if self.path.count("/") > 2 else ("", "")
        if not kind:
            self._answer(200, b"{}", "application/json")
        elif kind == "blobs":
            self._answer(200, _CONFIG, "application/octet-stream")
        elif kind == "manifests" and not reference.startswith("sha256-"):
            self._answer(200, _manifest(), _MANIFEST)
        else:
            self._answer(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}', "application/json")

    do_HEAD = do_GET

    def _answer(self, status: int, content: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Docker-Content-Digest", _digest(content))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: requests are no output of a test."""


@contextlib.contextmanager
def unsigned() -> Iterator[str]:
    """Its host and port."""
    with serving(ThreadingHTTPServer((HOST, 0), _Handler)) as address:
        yield address

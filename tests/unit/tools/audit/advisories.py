"""Publishers of advisories on loopback: OSV's interface, npm's, and a database of Go as files."""

from __future__ import annotations

import contextlib
import gzip
import json
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.loopback import HOST, serving


@dataclass(kw_only=True)
class Publisher:
    """``osv`` and ``npm`` hold name of a package → advisory; ``asked`` are the packages that were asked for."""

    osv: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    npm: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""


@contextlib.contextmanager
def publishing() -> Iterator[Publisher]:
    """A publisher who knows nothing yet."""
    publisher = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            zipped = self.headers["Content-Encoding"] == "gzip"
            self._answer(json.loads(gzip.decompress(body) if zipped else body))

        def _answer(self, question: dict[str, Any]) -> None:
            found: Any
            if self.path == "/v1/query":
                name = question["package"]["name"]
                publisher.asked.append(name)
                found = {"vulns": [publisher.osv[name]]} if name in publisher.osv else {}
            else:
                publisher.asked += sorted(question)
                found = {name: [publisher.npm[name]] for name in question if name in publisher.npm}
            self._send(found)

        def do_GET(self) -> None:
            """What versions there are of a package that has an advisory: npm looks for one without."""
            name = urllib.parse.unquote(self.path.lstrip("/"))
            self._send({"name": name, "dist-tags": {}, "versions": {}})

        def _send(self, found: Any) -> None:
            content = json.dumps(found).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: requests are no output of a test."""

    with serving(ThreadingHTTPServer((HOST, 0), Handler)) as address:
        publisher.address = f"http://{address}"
        yield publisher


def go_database(directory: Path, module: str, fixed: str) -> Path:
    """A database in which versions of ``module`` before ``fixed`` have GO-2026-0001 (go.dev/security/vuln/database)."""
    changed = "2026-01-01T00:00:00Z"
    affected = {
        "package": {"ecosystem": "Go", "name": module},
        "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
        "ecosystem_specific": {},
    }
    entry = {
        "schema_version": "1.3.1",
        "id": "GO-2026-0001",
        "modified": changed,
        "published": changed,
        "aliases": ["CVE-2026-0001"],
        "summary": "made up",
        "details": "made up",
        "affected": [affected],
    }
    files = {
        "index/db.json": {"modified": changed},
        "index/modules.json": [{"path": module, "vulns": [{"id": entry["id"], "modified": changed, "fixed": fixed}]}],
        "index/vulns.json": [{"id": entry["id"], "modified": changed, "aliases": entry["aliases"]}],
        f"ID/{entry['id']}.json": entry,
    }
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    return directory

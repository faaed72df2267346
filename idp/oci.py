"""A client of registries of container images, as far as copying images from one to another needs it.

Source: Open Container Initiative, Distribution Specification 1.1; Docker documentation, "Token Authentication
Specification".
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import re
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from idp.errors import OperationError
from idp.oci_login import Login, stored

INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
_MANIFESTS = ("application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json")
_CHUNK = 1 << 20
_TIMEOUT_SECONDS = 120
_NOT_FOUND, _UNAUTHORIZED = 404, 401
# The name by which images say it, and the host that answers.
_SPOKEN = {"docker.io": "registry-1.docker.io"}
_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1)(:\d+)?")
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """``content`` byte by byte, since its digest is the image's."""

    content: bytes
    media_type: str

    @property
    def digest(self) -> str:
        return digest_of(self.content)

    @property
    def manifests(self) -> tuple[str, ...]:
        """Digests of the manifests of an index, each for a platform; none of others."""
        found = json.loads(self.content).get("manifests", []) if self.media_type in INDEXES else []
        return tuple(each["digest"] for each in found)

    @property
    def blobs(self) -> tuple[str, ...]:
        """Digests of configuration and layers; none of an index."""
        if self.media_type in INDEXES:
            return ()
        document: Mapping[str, Any] = json.loads(self.content)
        return tuple(dict.fromkeys(each["digest"] for each in [document["config"], *document.get("layers", [])]))


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Registries send to stores whose addresses are signed: a login is none of theirs, and they refuse a second one."""

    def redirect_request(self, *given: Any) -> urllib.request.Request | None:
        found = super().redirect_request(*given)
        if found is not None and urllib.parse.urlsplit(found.full_url).netloc != given[0].host:
            found.remove_header("Authorization")
        return found


class Registry:
    """The registry at ``host``; by plain HTTP on loopback only. Every method raises OperationError."""

    def __init__(self, host: str, login: Callable[[str], Login | None] = stored) -> None:
        self.host = host
        address = _SPOKEN.get(host, host)
        self._base = f"{'http' if _LOOPBACK.fullmatch(address) else 'https'}://{address}"
        self._login = login
        self._headers: dict[str, str] = {}
        self._opener = urllib.request.build_opener(_Redirects)

    def manifest(self, repository: str, reference: str) -> Manifest | None:
        """The manifest of a tag or digest; None where there is none."""
        accept = {"Accept": ", ".join((*INDEXES, *_MANIFESTS))}
        with self._open("GET", repository, f"manifests/{reference}", headers=accept) as answer:
            if answer is None:
                return None
            found = Manifest(content=answer.read(), media_type=answer.headers.get_content_type())
        if reference.startswith("sha256:") and found.digest != reference:
            raise self._wrong(f"{repository}@{reference}", f"answered with content of digest {found.digest}")
        return found

    def has(self, repository: str, digest: str) -> bool:
        """Whether there is blob ``digest``."""
        with self._open("HEAD", repository, f"blobs/{digest}") as answer:
            return answer is not None

    @contextlib.contextmanager
    def blob(self, repository: str, digest: str) -> Iterator[IO[bytes]]:
        """Blob ``digest`` as a file, whose content has that digest."""
        with tempfile.TemporaryFile() as file:
            found = hashlib.sha256()
            with self._open("GET", repository, f"blobs/{digest}") as answer:
                while answer is not None and (chunk := answer.read(_CHUNK)):
                    found.update(chunk)
                    file.write(chunk)
            if f"sha256:{found.hexdigest()}" != digest:
                raise self._wrong(
                    f"{repository}@{digest}", f"answered with content of digest sha256:{found.hexdigest()}"
                )
            file.seek(0)
            yield file

    def put_blob(self, repository: str, digest: str, file: IO[bytes]) -> None:
        """Upload what ``file`` holds from its start."""
        size = file.seek(0, 2)
        file.seek(0)
        with self._open("POST", repository, "blobs/uploads/", body=b"", push=True) as begun:
            place = self._location(begun)
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        with self._open("PATCH", repository, place, headers=headers, body=file, push=True) as sent:
            place = self._location(sent)
        place += f"{'&' if '?' in place else '?'}digest={urllib.parse.quote(digest, safe='')}"
        with self._open("PUT", repository, place, body=b"", push=True) as ended:
            self._location(ended)

    def put_manifest(self, repository: str, reference: str, manifest: Manifest) -> None:
        """Store ``manifest`` under a tag, or under its own digest."""
        headers = {"Content-Type": manifest.media_type}
        path = f"manifests/{reference}"
        with self._open("PUT", repository, path, headers=headers, body=manifest.content, push=True) as answer:
            self._location(answer)

    def _location(self, answer: http.client.HTTPResponse | None) -> str:
        if answer is None:
            raise self._wrong("an upload", "there is no such repository")
        return urllib.parse.urljoin(self._base, answer.headers.get("Location", ""))

    @contextlib.contextmanager
    def _open(
        self,
        method: str,
        repository: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | IO[bytes] | None = None,
        push: bool = False,
    ) -> Iterator[http.client.HTTPResponse | None]:
        """The answer; None where it is that there is no such thing. ``path`` is below the repository, or an address."""
        url = path if "://" in path else f"{self._base}/v2/{repository}/{path}"
        scope = f"repository:{repository}:{'pull,push' if push else 'pull'}"
        for first in (True, False):
            authorized = {"Authorization": self._headers[scope]} if scope in self._headers else {}
            request = urllib.request.Request(url, body, {**(headers or {}), **authorized}, method=method)
            try:
                with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                    yield answer
                return
            except urllib.error.HTTPError as error:
                with error:
                    if error.code == _NOT_FOUND:
                        yield None
                        return
                    if error.code != _UNAUTHORIZED or not first:
                        raise self._wrong(url, f"{error.code} {error.reason} {_said(error)}") from None
                    self._headers[scope] = self._authorization(error.headers.get("WWW-Authenticate", ""), scope)
            except OSError as error:
                raise self._wrong(url, str(error)) from None

    def _authorization(self, challenge: str, scope: str) -> str:
        """The header that ``challenge`` asks for."""
        kind, _, rest = challenge.partition(" ")
        login = self._login(self.host)
        basic = "" if login is None else base64.b64encode(f"{login.name}:{login.secret}".encode()).decode()
        if kind.lower() == "basic" and basic:
            return f"Basic {basic}"
        asked = dict(_PARAMETER.findall(rest))
        if kind.lower() != "bearer" or "realm" not in asked:
            raise self._wrong(self.host, "it asks for a login")
        query = urllib.parse.urlencode({"service": asked.get("service", ""), "scope": scope})
        request = urllib.request.Request(f"{asked['realm']}?{query}")
        if basic:
            request.add_header("Authorization", f"Basic {basic}")
        try:
            with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                given = json.load(answer)
        except (OSError, ValueError) as error:
            raise self._wrong(asked["realm"], str(error)) from None
        return f"Bearer {given.get('token') or given.get('access_token')}"

    def _wrong(self, what: str, why: str) -> OperationError:
        return OperationError(
            f"registry {self.host}: {what}: {why}",
            remedy=f"see that it is reached from here, and log in by `docker login {self.host}` or a credential helper",
        )


def _said(error: urllib.error.HTTPError) -> str:
    """What the registry says of an error, shortened."""
    return error.read(500).decode("utf-8", "replace")

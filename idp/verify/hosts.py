"""Addresses of components, asked as a browser would."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from config.components import WebComponent
from config.deployment import Deployment
from constructs_lib.components.component import Host
from constructs_lib.components.registry import enabled
from idp.findings import Finding, Unseen, fail, ok, unknown, warn

_SECONDS = 20.0
_SOON = 30
_DAY = 86400.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """``days`` are left of the certificate, which is valid for the host."""

    status: int
    days: float


class BadCertificate(Exception):
    """The certificate isn't valid for the host, or isn't valid any more."""


# (host, path) → its answer to a GET. Raises BadCertificate, or Unseen where nothing answers.
Fetch = Callable[[str, str], Answer]


def fetch(host: str, path: str) -> Answer:
    """Ask for real, with the certificates that this machine trusts. Redirects aren't followed."""
    connection = http.client.HTTPSConnection(host, timeout=_SECONDS, context=ssl.create_default_context())
    try:
        connection.connect()
        certificate = connection.sock.getpeercert() or {}
        connection.request("GET", path)
        status = connection.getresponse().status
    except ssl.SSLCertVerificationError as error:
        raise BadCertificate(error.verify_message) from error
    except (OSError, http.client.HTTPException) as error:
        raise Unseen(f"{host}: {error}") from error
    finally:
        connection.close()
    return Answer(status=status, days=(ssl.cert_time_to_seconds(str(certificate["notAfter"])) - time.time()) / _DAY)


def hosts(deployment: Deployment, ask: Fetch) -> Iterator[Finding]:
    """Every host of a component that is on. That of Backstage is the seed's phase test."""
    settings = deployment.components.hosts()
    for name, component in enabled(deployment).items():
        if name in settings and component.host is not None:
            phase = "Backstage accessible" if name == "backstage" else "platform"
            yield _host(f"{phase}: {settings[name].domain}", settings[name], component.host, ask)


def _host(check: str, settings: WebComponent, host: Host, ask: Fetch) -> Finding:
    try:
        answer = ask(settings.domain, host.health_path)
    except BadCertificate as error:
        return fail(check, f"its certificate: {error}", "`python -m idp doctor --after` looks at the certificate")
    except Unseen as error:
        if settings.exposure == "internal":
            return unknown(check, str(error), "it answers in the VPC only: ask from the access host")
        return fail(check, str(error), "look at the Ingress' events, and for its record in the zone")
    seen = f"{host.health_path} answers {answer.status}, the certificate is valid for {answer.days:.0f} days"
    if not _matches(answer.status, host.success_codes):
        return fail(check, f"{seen}; {host.success_codes} is well", "look at the pods and the target group's health")
    if answer.days < _SOON:
        return warn(check, seen, "ACM renews 60 days before: look why it didn't")
    return ok(check, seen)


def _matches(status: int, codes: str) -> bool:
    """``codes`` as a target group has them: ``200``, ``200,302`` or ``200-399``."""
    for part in codes.split(","):
        least, _, most = part.partition("-")
        if int(least) <= status <= int(most or least):
            return True
    return False

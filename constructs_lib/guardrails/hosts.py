"""Guardrail on host names: each lies in the deployment's zone, under its certificate, and somebody answers for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from constructs_lib.guardrails.estate import Estate, estates
from constructs_lib.guardrails.rule import Document, Files
from constructs_lib.guardrails.values import Placed

Found = Iterator[tuple[str, str, str]]

INGRESS = "component-ingress"
# Last keys, in lower case, of addresses by which browsers come back from signing in, or find the component.
CALLBACKS = frozenset({"baseurl", "callbackurl", "issuer", "origin", "redirecturi", "redirecturis", "redirecturl"})
# Last keys, in lower case, of what must be the zone itself.
ZONES = frozenset({"dnszones", "domainfilters"})
# Last keys of where images come from: a registry in the zone is somebody's own, and no component.
_IMAGES = frozenset({"image", "registry", "repository"})
_NAME = re.compile(r"^[A-Za-z0-9.-]+$")
_HOST = re.compile(r"https?://([A-Za-z0-9.-]+)")
# The same in settings that are a text of their own, such as Dex's: a key and the addresses that follow it.
_INNER = re.compile(
    r"\b(?:redirectUR[IL]s?|callbackURL|issuer)\s*:((?:\s*-?\s*[\"']?https?://[^\s\"',]+[\"']?)+)", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class _Names:
    """``zones`` and names of certificates; both empty where another deployment has them. ``answered``: host → who."""

    zones: frozenset[str]
    certified: frozenset[str]
    answered: Mapping[str, list[Placed]]

    def in_zone(self, host: str) -> bool:
        return any(host == zone or host.endswith(f".{zone}") for zone in self.zones)

    def is_certified(self, host: str) -> bool:
        """A wildcard stands for one label (RFC 6125, 6.4.3)."""
        return host in self.certified or f"*.{host.partition('.')[2]}" in self.certified


def hosts_meet(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """Every host is in the zone and under the certificate, and every address of the zone is one that is answered."""
    for estate in estates(stacks, files):
        names = _names(estate)
        for host, answering in sorted(names.answered.items()):
            for placed in answering:
                for message in _host_faults(names, host, placed, answering):
                    yield placed.stack, placed.address, f"{placed.values_file}: host: {message}"
        for placed in estate.releases:
            for key, message in _address_faults(names, placed):
                yield placed.stack, placed.address, f"{placed.values_file}: {key}: {message}"


def _address_faults(names: _Names, placed: Placed) -> Iterator[tuple[str, str]]:
    for path, value in placed.leaves:
        if path and isinstance(value, str) and path[-1] not in _IMAGES and ("." in value or "://" in value):
            for message in _leaf_faults(names, path[-1], value):
                yield ".".join(path), message


def _names(estate: Estate) -> _Names:
    certified: set[str] = set()
    for _, given in estate.resources("aws_acm_certificate"):
        certified |= {str(given.get("domain_name")), *given.get("subject_alternative_names", ())}
    zones = {str(given.get("name")) for _, given in estate.resources("aws_route53_zone")}
    zones |= {name for name in certified if not name.startswith("*")}
    answered: dict[str, list[Placed]] = {}
    for placed in estate.releases:
        if placed.is_own and placed.chart == INGRESS:
            answered.setdefault(str(placed.values.get("host")), []).append(placed)
    return _Names(zones=frozenset(zones), certified=frozenset(certified), answered=answered)


def _host_faults(names: _Names, host: str, placed: Placed, answering: list[Placed]) -> Iterator[str]:
    if names.zones and not names.in_zone(host):
        yield f"{host} is not in {_all(names.zones)}: change the component's domain in the deployment file"
    if names.certified and not names.is_certified(host):
        yield (
            f"{host} is not under the certificate of {_all(names.certified)}: take a name one level below the domain, "
            "or add it in constructs_lib/dns/zone.py"
        )
    others = [f"{each.stack} {each.address}" for each in answering if each is not placed]
    if others:
        yield f"{host} is answered by {', '.join(others)}, too: give each component a domain of its own"


def _leaf_faults(names: _Names, key: str, value: str) -> Iterator[str]:
    said = set(_HOST.findall(value))
    back = (
        said if key.lower() in CALLBACKS else {host for text in _INNER.findall(value) for host in _HOST.findall(text)}
    )
    for host in sorted(back - names.answered.keys()):
        yield f"nobody answers for {host}, where browsers are sent: take it from hosts[...] of a component that is on"
    whole = {value} if _NAME.match(value) and names.in_zone(value) else set()
    for host in sorted(({host for host in said if names.in_zone(host)} | whole) - back):
        if host not in names.answered and host not in names.zones:
            yield f"nobody answers for {host}: take it from hosts[...] of a component that is on"
    if key.lower() in ZONES and names.zones and value not in names.zones:
        yield f"{value} is not the zone, {_all(names.zones)}: take it from deployment.platform.domain"


def _all(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))

"""Sets of ports of TCP, UDP and SCTP. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PROTOCOLS = ("TCP", "UDP", "SCTP")
_PORTS = 2**16


@dataclass(frozen=True)
class Ports:
    """A set of ports as bits: port p of the n-th protocol is bit n × 65536 + p."""

    bits: int = 0

    def __or__(self, other: Ports) -> Ports:
        return Ports(self.bits | other.bits)

    def __and__(self, other: Ports) -> Ports:
        return Ports(self.bits & other.bits)

    def __bool__(self) -> bool:
        return bool(self.bits)

    def __contains__(self, port: tuple[str, int]) -> bool:
        """Whether ``("TCP", 443)`` is in the set."""
        return bool(self.bits & ports(port[1], protocol=port[0]).bits)

    def __str__(self) -> str:
        """``TCP 53, 8000-8010; UDP 53``, or ``every port``."""
        if self == EVERY_PORT:
            return "every port"
        found = []
        for index, protocol in enumerate(PROTOCOLS):
            own = (self.bits >> index * _PORTS) & (2**_PORTS - 1)
            if own:
                spans = (f"{first}" if first == last else f"{first}-{last}" for first, last in _spans(own))
                found.append(f"{protocol} {', '.join(spans)}")
        return "; ".join(found) or "no port"


EVERY_PORT = Ports(2 ** (len(PROTOCOLS) * _PORTS) - 1)
NO_PORT = Ports()


def ports(first: int, last: int | None = None, *, protocol: str = "TCP") -> Ports:
    """Ports ``first`` to ``last``. Raises ValueError for a protocol that policies don't have."""
    count = (first if last is None else last) - first + 1
    return Ports(((1 << count) - 1) << (PROTOCOLS.index(protocol) * _PORTS + first))


def of_rule(stated: Sequence[Mapping[str, Any]] | None) -> Ports:
    """Ports of a rule of a NetworkPolicy; none stated are all.

    Raises ValueError for a named port: the VPC CNI skips those where a peer is a block of addresses.
    """
    if not stated:
        return EVERY_PORT
    found = NO_PORT
    for each in stated:
        protocol, port = each.get("protocol", "TCP"), each.get("port")
        if isinstance(port, str):
            raise ValueError(f"port {port!r} is a name: state its number")
        found |= ports(0, _PORTS - 1, protocol=protocol) if port is None else _stated(each, port, protocol)
    return found


def _stated(each: Mapping[str, Any], port: int, protocol: str) -> Ports:
    return ports(port, each.get("endPort"), protocol=protocol)


def _spans(bits: int) -> Iterator[tuple[int, int]]:
    """First and last of each run of set bits."""
    position = 0
    while bits:
        zeros = (bits & -bits).bit_length() - 1
        bits >>= zeros
        ones = (~bits & (bits + 1)).bit_length() - 1
        position += zeros
        yield position, position + ones - 1
        bits >>= ones
        position += ones

"""Who may open a connection to whom, by NetworkPolicies as the VPC CNI enforces them. Pure: imports no engine.

Kubernetes documentation, "Network Policies": a pod that no policy selects in a direction is open in it; policies add
up; a connection needs the allowance of both ends. Amazon EKS User Guide, "Limit Pod traffic with Kubernetes network
policies", and the controller's endpoint resolver: egress is checked before a Service's address is translated; the
address of a Service is allowed where a peer's ``podSelector`` matches the Service's own selector, and not of headless
ones. Nodes and pods on their network are addresses, and are restricted by nothing.

Pods have addresses of the VPC, so a block may hold them: Kubernetes leaves open whether it then means them. A rule is
read both ways (``blocks_hold_pods``): what must work has to work without, what must not has to be shut with it.
"""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.reachability.policy import Direction, Labels, Policy, matches
from constructs_lib.reachability.ports import EVERY_PORT, NO_PORT, Ports

Network = ipaddress.IPv4Network


def networks(*cidrs: str) -> tuple[Network, ...]:
    return tuple(ipaddress.IPv4Network(each) for each in cidrs)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Addresses that are no pods of their own: those of ``blocks`` that aren't in ``without``."""

    name: str
    blocks: tuple[Network, ...]
    without: tuple[Network, ...] = ()

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True, kw_only=True)
class Pod:
    """A pod in its own network namespace, whose address is one of ``addresses``."""

    name: str
    namespace: str
    labels: Labels = field(default_factory=dict)
    addresses: Place

    def __hash__(self) -> int:
        return hash((self.name, self.namespace))


@dataclass(frozen=True, kw_only=True)
class Service:
    """A Service with an address of its own, in front of the pods that ``selector`` selects."""

    namespace: str
    selector: Labels
    address: Place

    def __hash__(self) -> int:
        return hash((self.namespace, *sorted(self.selector.items())))


End = Pod | Place


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Ports at which ``some`` and at which ``every`` address of the peer may be reached."""

    some: Ports
    every: Ports

    def __and__(self, other: Reach) -> Reach:
        return Reach(some=self.some & other.some, every=self.every & other.every)


_OPEN = Reach(some=EVERY_PORT, every=EVERY_PORT)


class Evaluator:
    """``namespaces`` holds the labels of each namespace. ``blocks_hold_pods``: whether a block means pods, too."""

    def __init__(
        self, policies: Iterable[Policy], namespaces: Mapping[str, Labels], *, blocks_hold_pods: bool = True
    ) -> None:
        self._policies: dict[str, list[Policy]] = {}
        for each in policies:
            self._policies.setdefault(each.namespace, []).append(each)
        self._namespaces = namespaces
        self._blocks_hold_pods = blocks_hold_pods
        self._blocks = _Blocks(each for own in self._policies.values() for each in own)
        self._known: dict[tuple[Direction, Pod, End | Service], Reach] = {}

    def reach(self, source: End, destination: End) -> Reach:
        """At which ports ``source`` may connect to ``destination`` by its own address."""
        out = self._direction("egress", source, destination)
        return out & self._direction("ingress", destination, source) if out.some else out

    def reach_by(self, service: Service, source: End, destination: Pod) -> Reach:
        """The same by a Service, whose ports are those of its pods."""
        return self._direction("egress", source, service) & self.reach(source, destination)

    def isolated(self, pod: Pod, direction: Direction) -> bool:
        return any(direction in each.rules for each in self._selecting(pod))

    def _selecting(self, pod: Pod) -> list[Policy]:
        return [each for each in self._policies.get(pod.namespace, ()) if each.selects(pod.namespace, pod.labels)]

    def _direction(self, direction: Direction, pod: End, peer: End | Service) -> Reach:
        if isinstance(pod, Place):
            return _OPEN
        key = direction, pod, peer
        if key not in self._known:
            self._known[key] = self._allowed(direction, pod, peer)
        return self._known[key]

    def _allowed(self, direction: Direction, pod: Pod, peer: End | Service) -> Reach:
        isolating = [each for each in self._selecting(pod) if direction in each.rules]
        if not isolating:
            return _OPEN
        found = _Sum(peer)
        for each in isolating:
            for rule in each.rules[direction]:
                if rule.peers is None:
                    found.everywhere |= rule.ports
                    continue
                for stated in rule.peers:
                    self._add(found, stated, rule.ports, each.namespace)
        return found.reach(self._blocks)

    def _add(self, found: _Sum, stated: Mapping[str, Any], allowed: Ports, namespace: str) -> None:
        if "ipBlock" in stated:
            if self._blocks_hold_pods or not isinstance(found.peer, Pod):
                found.blocks.append((stated["ipBlock"], allowed))
        elif not isinstance(found.peer, Place) and self._named(stated, found.peer, namespace):
            found.everywhere |= allowed

    def _named(self, stated: Mapping[str, Any], peer: Pod | Service, namespace: str) -> bool:
        """Whether selectors of a peer match: for a Service its own selector counts as its labels."""
        chosen = stated.get("namespaceSelector")
        if chosen is None:
            if peer.namespace != namespace:
                return False
        elif not matches(chosen, self._namespaces.get(peer.namespace, {})):
            return False
        return matches(stated.get("podSelector") or {}, peer.labels if isinstance(peer, Pod) else peer.selector)


class _Sum:
    """Allowances for one peer: those for all of its addresses, and those of blocks."""

    def __init__(self, peer: End | Service) -> None:
        self.peer = peer
        self.everywhere = NO_PORT
        self.blocks: list[tuple[Mapping[str, Any], Ports]] = []

    def reach(self, blocks: _Blocks) -> Reach:
        place = _addresses(self.peer)
        if not self.blocks:
            return Reach(some=self.everywhere, every=self.everywhere)
        some, every = NO_PORT, EVERY_PORT
        for address in blocks.samples(place):
            here = self.everywhere
            for stated, allowed in self.blocks:
                if _holds_address(stated, address):
                    here |= allowed
            some, every = some | here, every & here
        return Reach(some=some, every=every)


def _addresses(end: End | Service) -> Place:
    if isinstance(end, Place):
        return end
    return end.addresses if isinstance(end, Pod) else end.address


class _Blocks:
    """All blocks of all policies: between two of their borders every address is treated alike."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        rules = (rule for each in policies for rules in each.rules.values() for rule in rules)
        blocks = (peer["ipBlock"] for rule in rules for peer in rule.peers or () if "ipBlock" in peer)
        self._cidrs = {cidr for block in blocks for cidr in (block["cidr"], *(block.get("except") or ()))}
        self._samples: dict[Place, Sequence[int]] = {}

    def samples(self, place: Place) -> Sequence[int]:
        """One address of ``place`` between each two borders."""
        if place not in self._samples:
            inside, outside = [_ends(each) for each in place.blocks], [_ends(each) for each in place.without]
            cut = {*map(_parsed, self._cidrs), *inside, *outside}
            borders = sorted({first for first, _ in cut} | {last + 1 for _, last in cut})
            self._samples[place] = [each for each in borders if _in(inside, each) and not _in(outside, each)]
        return self._samples[place]


def _holds_address(block: Mapping[str, Any], address: int) -> bool:
    excepted = map(_parsed, block.get("except") or ())
    return _in([_parsed(block["cidr"])], address) and not _in(excepted, address)


@functools.cache
def _parsed(cidr: str) -> tuple[int, int]:
    return _ends(ipaddress.IPv4Network(cidr))


def _ends(network: Network) -> tuple[int, int]:
    return int(network.network_address), int(network.broadcast_address)


def _in(blocks: Iterable[tuple[int, int]], address: int) -> bool:
    return any(first <= address <= last for first, last in blocks)

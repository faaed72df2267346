"""How much of a node is left for pods: reserves, network limits, and what the pools may take of the subnets. Pure.

Sources: bootstrap code of Bottlerocket and Amazon Linux (255 MiB and 11 MiB a pod; eviction at 100 MiB; 6 % of the
first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest); Amazon EC2 User Guide, "Network
specifications" (interfaces and addresses); memory as the operating system sees it, estimated for 4, 8 and 16 GiB.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

System = Literal["bottlerocket", "al2023"]

_RESERVED_MIB = 255
_RESERVED_MIB_PER_POD = 11
_EVICTION_MIB = 100
_VISIBLE_MIB = {4096: 3851, 8192: 7815, 16384: 15763}
# Karpenter's own guess of what the hypervisor takes, until it has seen a node (settings.vmMemoryOverheadPercent).
_HYPERVISOR_SHARE = 0.075
# Amazon EKS User Guide, "Assign more IP addresses to Amazon EKS nodes with prefixes": a prefix is a /28.
PREFIX_ADDRESSES = 16
# Amazon EKS User Guide, "Choose an optimal Amazon EC2 node instance type": the limit that Kubernetes scales to.
_MOST_PODS, _MOST_PODS_LARGE, _LARGE_VCPU = 110, 250, 30


@dataclass(frozen=True, kw_only=True)
class InstanceType:
    """``memory_mib`` is the nominal size. ``interfaces`` × ``addresses`` is what the VPC lets it have."""

    arch: Literal["amd64", "arm64"]
    vcpu: int
    memory_mib: int
    interfaces: int
    addresses: int

    @property
    def pods_without_prefixes(self) -> int:
        """Each interface keeps one address to itself; two pods use the host's network."""
        return self.interfaces * (self.addresses - 1) + 2

    @property
    def most_pods(self) -> int:
        """What prefixes and Kubernetes allow."""
        limit = _MOST_PODS if self.vcpu < _LARGE_VCPU else _MOST_PODS_LARGE
        return min(limit, self.interfaces * (self.addresses - 1) * PREFIX_ADDRESSES + 2)

    @property
    def recommended_pods(self) -> int:
        """The reserve grows with the number of pods: small nodes get a cap that fits their memory (docs/adr/0006)."""
        if self.memory_mib <= 4096:
            return 29
        return 58 if self.memory_mib <= 8192 else _MOST_PODS

    @property
    def visible_mib(self) -> int:
        """Memory as the operating system sees it: of the table, else nominal less Karpenter's estimate."""
        return _VISIBLE_MIB.get(self.memory_mib, math.floor(self.memory_mib * (1 - _HYPERVISOR_SHARE)))

    @property
    def allocatable_cpu(self) -> int:
        """Millicores that pods may request."""
        shares = (60, 10, 5, 5)
        reserved = sum(shares[: self.vcpu]) + 2.5 * max(0, self.vcpu - len(shares))
        return self.vcpu * 1000 - math.ceil(reserved)

    def allocatable_mib(self, max_pods: int, system: System = "bottlerocket") -> int:
        """Memory that pods may request, in MiB. Bottlerocket reserves by ``max_pods``, AL2023 by the interfaces."""
        counted = max_pods if system == "bottlerocket" else self.pods_without_prefixes
        return self.visible_mib - _RESERVED_MIB - _RESERVED_MIB_PER_POD * counted - _EVICTION_MIB


_SIZES = {"medium": (1, 2, 4), "large": (2, 3, 10), "xlarge": (4, 4, 15), "2xlarge": (8, 4, 15), "4xlarge": (16, 8, 30)}


def _family(
    name: str, arch: Literal["amd64", "arm64"], gib_per_vcpu: int, sizes: Sequence[str]
) -> dict[str, InstanceType]:
    """Types of one family of the fixed-performance kind: they share interfaces and addresses by size."""
    found = {}
    for size in sizes:
        vcpu, interfaces, addresses = _SIZES[size]
        found[f"{name}.{size}"] = InstanceType(
            arch=arch,
            vcpu=vcpu,
            memory_mib=vcpu * gib_per_vcpu * 1024,
            interfaces=interfaces,
            addresses=addresses,
        )
    return found


def _burstable(name: str, arch: Literal["amd64", "arm64"]) -> dict[str, InstanceType]:
    rows = {"medium": (2, 4, 3, 6), "large": (2, 8, 3, 12), "xlarge": (4, 16, 4, 15), "2xlarge": (8, 32, 4, 15)}
    return {
        f"{name}.{size}": InstanceType(
            arch=arch, vcpu=vcpu, memory_mib=gib * 1024, interfaces=interfaces, addresses=addresses
        )
        for size, (vcpu, gib, interfaces, addresses) in rows.items()
    }


_FIXED = ("large", "xlarge", "2xlarge", "4xlarge")

INSTANCE_TYPES: Mapping[str, InstanceType] = {
    **_burstable("t3a", "amd64"),
    **_burstable("t3", "amd64"),
    **_burstable("t4g", "arm64"),
    **_family("m6a", "amd64", 4, _FIXED),
    **_family("m6i", "amd64", 4, _FIXED),
    **_family("c6a", "amd64", 2, _FIXED),
    **_family("r6a", "amd64", 8, _FIXED),
    **_family("m6g", "arm64", 4, ("medium", *_FIXED)),
    **_family("m7g", "arm64", 4, ("medium", *_FIXED)),
}


# Families whose instances encrypt what they send to each other (AES-256, by the Nitro hardware): both ends must be of
# one of these, in one VPC or in peered ones. A family that isn't here counts as one that doesn't, as T3, T3a and M6g.
# Source: Amazon EC2 User Guide, "Encryption in transit"; EC2 API, NetworkInfo.EncryptionInTransitSupported.
ENCRYPTING_FAMILIES: frozenset[str] = frozenset(
    (
        *("m5dn", "m5n", "m5zn", "m6a", "m6i", "m6id", "m6idn", "m6in", "m7a", "m7g", "m7gd", "m7i", "m7i-flex"),
        *("m8a", "m8g", "m8gb", "m8gd", "m8gn", "m8i", "m8i-flex", "m8id"),
        *("c5a", "c5ad", "c5n", "c6a", "c6gn", "c6i", "c6id", "c6in", "c7a", "c7g", "c7gd", "c7gn", "c7i", "c7i-flex"),
        *("c8a", "c8g", "c8gb", "c8gd", "c8gn", "c8i", "c8i-flex", "c8id"),
        *("r5dn", "r5n", "r6a", "r6i", "r6id", "r6idn", "r6in", "r7a", "r7g", "r7gd", "r7i", "r7iz"),
        *("r8a", "r8g", "r8gb", "r8gd", "r8gn", "r8i", "r8i-flex", "r8id", "x2idn", "x2iedn", "x2iezn", "x8g"),
        *("d3", "d3en", "i3en", "i4g", "i4i", "i7i", "i7ie", "i8g", "i8ge", "im4gn", "is4gen"),
        *("g4dn", "g5", "g6", "g6e", "gr6", "inf1", "inf2", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "trn1", "trn2"),
    )
)


def encrypts_between_hosts(name: str) -> bool:
    """Whether instances of type ``name`` (``m6a.large``) encrypt traffic to others that do too."""
    return name.partition(".")[0] in ENCRYPTING_FAMILIES


@dataclass(frozen=True, kw_only=True)
class Overhead:
    """What one DaemonSet takes of every node: millicores, MiB, and a pod slot (host network counts too)."""

    name: str
    cpu: int
    mib: int


# Requests of the pods that run on every node; those without requests are estimated from use.
BASE_DAEMONS: tuple[Overhead, ...] = (
    Overhead(name="aws-node", cpu=50, mib=128),
    Overhead(name="kube-proxy", cpu=100, mib=64),
    Overhead(name="eks-pod-identity-agent", cpu=10, mib=32),
    Overhead(name="ebs-csi-node", cpu=30, mib=120),
    Overhead(name="alloy-logs", cpu=60, mib=178),
    Overhead(name="node-exporter", cpu=20, mib=32),
)
# Further ones by the component that brings them.
COMPONENT_DAEMONS: Mapping[str, Overhead] = {"falco": Overhead(name="falco", cpu=100, mib=512)}
# GuardDuty's agent, where the detector is the deployment's own: what the add-on asks for at least.
GUARDDUTY_AGENT = Overhead(name="aws-guardduty-agent", cpu=200, mib=256)


@dataclass(frozen=True, kw_only=True)
class Room:
    """What is left for pods: millicores, MiB, number of pods."""

    cpu: int
    mib: int
    pods: int


def daemons(components: Iterable[str], *, guardduty: bool = False) -> tuple[Overhead, ...]:
    """What runs on every node where ``components`` are on, with GuardDuty's agent or without."""
    on = set(components)
    found = (*BASE_DAEMONS, *(each for name, each in COMPONENT_DAEMONS.items() if name in on))
    return (*found, GUARDDUTY_AGENT) if guardduty else found


def room(kind: InstanceType, max_pods: int, daemons: Iterable[Overhead] = ()) -> Room:
    """What a Bottlerocket node of ``kind`` has left after ``daemons``."""
    taken = tuple(daemons)
    return Room(
        cpu=kind.allocatable_cpu - sum(daemon.cpu for daemon in taken),
        mib=kind.allocatable_mib(max_pods) - sum(daemon.mib for daemon in taken),
        pods=max_pods - len(taken),
    )


def prefixes(nodes: int, max_pods: int, kinds: Iterable[InstanceType]) -> int:
    """/28 blocks that ``nodes`` nodes may hold: their pods', one kept warm, and the interfaces' own addresses.

    Source: Amazon VPC CNI, WARM_PREFIX_TARGET (1: one free prefix is attached ahead of need).
    """
    own = math.ceil(nodes * max(kind.interfaces for kind in kinds) / PREFIX_ADDRESSES)
    return nodes * (math.ceil(max_pods / PREFIX_ADDRESSES) + 1) + own


def available_prefixes(prefix_length: int, subnets: int) -> int:
    """/28 blocks of ``subnets`` subnets of ``/prefix_length``, less the first and the last of each.

    AWS keeps the first four addresses and the last one (Amazon VPC User Guide, "Subnet CIDR blocks").
    """
    return subnets * max(0, int(2 ** (28 - prefix_length)) - 2)


def recommended_pods(types: Iterable[str]) -> int:
    """max-pods for a pool of instance ``types``: what suits the smallest. Unknown types count as small."""
    known = [INSTANCE_TYPES[name].recommended_pods for name in types if name in INSTANCE_TYPES]
    return min(known, default=29)

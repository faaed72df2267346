"""What a node holds: the rows that sizes and pools were chosen by."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import moto
import pytest

from config.capacity import (
    BASE_DAEMONS,
    ENCRYPTING_FAMILIES,
    INSTANCE_TYPES,
    Room,
    available_prefixes,
    daemons,
    encrypts_between_hosts,
    prefixes,
    recommended_pods,
    room,
)

# Type, pods without prefixes, our cap; allocatable MiB: plain, at 110, at our cap, AL2023.
ROWS = [
    ("t3a.medium", 17, 29, 3309, 2286, 3177, 3309),
    ("t3a.large", 35, 58, 7075, 6250, 6822, 7075),
    ("m6a.large", 29, 58, 7141, 6250, 6822, 7141),
    ("t3a.xlarge", 58, 110, 14770, 14198, 14198, 14770),
    ("m6a.xlarge", 58, 110, 14770, 14198, 14198, 14770),
]


@pytest.mark.parametrize(("name", "plain_pods", "cap", "plain", "at_110", "at_cap", "al2023"), ROWS)
def test_allocatable_memory_follows_the_reserve(
    name: str, plain_pods: int, cap: int, plain: int, at_110: int, at_cap: int, al2023: int
) -> None:
    kind = INSTANCE_TYPES[name]
    assert (kind.pods_without_prefixes, kind.recommended_pods, kind.most_pods) == (plain_pods, cap, 110)
    assert kind.allocatable_mib(plain_pods) == plain
    assert kind.allocatable_mib(110) == at_110
    assert kind.allocatable_mib(cap) == at_cap
    assert kind.allocatable_mib(110, "al2023") == al2023


@pytest.mark.parametrize(
    ("name", "millicores"),
    [("t3a.medium", 1930), ("t3a.xlarge", 3920), ("m6a.2xlarge", 7910), ("m6g.medium", 940)],
)
def test_allocatable_cpu_follows_the_cores(name: str, millicores: int) -> None:
    assert INSTANCE_TYPES[name].allocatable_cpu == millicores


@pytest.mark.parametrize(
    ("name", "pods", "left"),
    [
        ("t3a.medium", 17, Room(cpu=1660, mib=2755, pods=11)),
        ("t3a.large", 35, Room(cpu=1660, mib=6521, pods=29)),
        ("m6a.large", 29, Room(cpu=1660, mib=6587, pods=23)),
        ("t3a.xlarge", 58, Room(cpu=3650, mib=14216, pods=52)),
    ],
)
def test_daemons_take_their_share_of_every_node(name: str, pods: int, left: Room) -> None:
    assert room(INSTANCE_TYPES[name], pods, BASE_DAEMONS) == left


def test_a_component_with_a_pod_on_every_node_takes_more() -> None:
    assert daemons(["velero", "argocd"]) == BASE_DAEMONS
    found = daemons(["falco", "velero"])
    assert (sum(each.cpu for each in found), sum(each.mib for each in found), len(found)) == (370, 1066, 7)


def test_a_size_that_nobody_measured_counts_less_than_its_name() -> None:
    assert INSTANCE_TYPES["m6a.2xlarge"].visible_mib == 30310


def test_a_pool_gets_the_cap_of_its_smallest_type() -> None:
    assert recommended_pods(["m6a.2xlarge", "t3a.large"]) == 58
    assert recommended_pods(["m6a.2xlarge"]) == 110
    assert recommended_pods(["unknown.type"]) == 29


def test_a_node_takes_its_pods_prefixes_one_spare_and_its_own_addresses() -> None:
    assert prefixes(1, 29, [INSTANCE_TYPES["t3a.medium"]]) == 2 + 1 + 1
    assert prefixes(100, 110, [INSTANCE_TYPES["m6a.xlarge"]]) == 100 * (7 + 1) + 25


def test_the_first_and_the_last_block_of_a_subnet_hold_no_prefix() -> None:
    assert available_prefixes(19, 3) == 3 * 510


@pytest.mark.parametrize(
    ("name", "encrypts"),
    [("m6a.large", True), ("m7g.xlarge", True), ("t3a.large", False), ("m6g.large", False), ("x9q.large", False)],
)
def test_which_families_encrypt_between_hosts(name: str, encrypts: bool) -> None:
    assert encrypts_between_hosts(name) is encrypts


def test_encrypting_families_are_those_that_ec2_describes_so() -> None:
    """The local server answers DescribeInstanceTypes with what EC2 answered."""
    with gzip.open(Path(moto.__file__).parent / "ec2/resources/instance_types.json.gz") as file:
        described = json.load(file)
    answers = {
        name.split(".")[0]: kind["NetworkInfo"]["EncryptionInTransitSupported"] for name, kind in described.items()
    }
    assert {family for family in ENCRYPTING_FAMILIES if not answers[family]} == set()
    ours = {name.split(".")[0] for name in INSTANCE_TYPES}
    assert {family for family in ours if answers[family]} == ours & ENCRYPTING_FAMILIES


def test_guarddutys_agent_takes_its_share_of_every_node() -> None:
    beside = room(INSTANCE_TYPES["m6a.large"], 58, daemons(["falco"], guardduty=True))
    without = room(INSTANCE_TYPES["m6a.large"], 58, daemons(["falco"]))
    assert (without.cpu - beside.cpu, without.mib - beside.mib, without.pods - beside.pods) == (200, 256, 1)

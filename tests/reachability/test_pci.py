"""The shipped PCI deployment: its network policies allow what was expected of them, and the default is to deny."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load
from constructs_lib.addons.namespaces import KUBE_SYSTEM
from constructs_lib.reachability.evaluator import Pod
from constructs_lib.reachability.policies import manifests
from constructs_lib.reachability.policy import Direction
from constructs_lib.reachability.ways import evaluator, ways
from constructs_lib.reachability.world import World, world
from tests.reachability.expectations import PCI, expected

ROOT = Path(__file__).resolve().parent.parent.parent
BOTH: tuple[Direction, ...] = ("ingress", "egress")


@pytest.fixture(scope="module")
def pci() -> Deployment:
    return next(each for each in load(ROOT / "cdktf.json") if each.policy.standard == "pci-dss")


@pytest.fixture(scope="module")
def inhabited(pci: Deployment) -> World:
    return world(pci)


@pytest.mark.proves("1.2.5", "1.3.1", "1.3.2")
@pytest.mark.parametrize("blocks_hold_pods", [True, False])
def test_what_is_expected_is_allowed_and_nothing_else(
    pci: Deployment, inhabited: World, blocks_hold_pods: bool
) -> None:
    found = ways(evaluator(manifests(pci), inhabited, blocks_hold_pods=blocks_hold_pods), inhabited)
    stated = expected((each.name for each in inhabited.strangers), PCI)
    allowed = {way: reach.some for way, reach in found.items()}
    missing = {way: str(wanted) for way, wanted in stated.items() if allowed.get(way) != wanted}
    further = {way: str(reach) for way, reach in allowed.items() if way not in stated}
    assert (missing, further) == ({}, {})


def test_every_pod_has_its_expectation(inhabited: World) -> None:
    assert {each.name for each in (*inhabited.pods, *inhabited.teams)} == set(PCI["pods"])


@pytest.mark.proves("1.3.1", "1.3.2")
def test_every_namespace_but_kube_system_denies_by_default(pci: Deployment, inhabited: World) -> None:
    found = evaluator(manifests(pci), inhabited)
    open_ones = [
        namespace
        for namespace, pod in _unknown(inhabited)
        if not all(found.isolated(pod, direction) for direction in BOTH)
    ]
    assert open_ones == [KUBE_SYSTEM]


def test_without_its_default_a_namespace_of_the_platform_is_open(pci: Deployment, inhabited: World) -> None:
    stated: list[Mapping[str, Any]] = [each for each in manifests(pci) if each["metadata"]["name"] != "default-deny"]
    found = evaluator(stated, inhabited)
    assert not [pod.name for pod in inhabited.strangers if all(found.isolated(pod, direction) for direction in BOTH)]


def _unknown(inhabited: World) -> Iterator[tuple[str, Pod]]:
    """A pod that nobody knows in each namespace."""
    for namespace in inhabited.namespaces:
        labels = {"app": "unknown"}
        yield namespace, Pod(name="unknown", namespace=namespace, labels=labels, addresses=inhabited.place("nodes"))

"""What must be shut is shut, however blocks are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from config.deployment import Deployment
from config.names import team_namespace
from constructs_lib.addons.namespaces import KUBE_SYSTEM
from constructs_lib.reachability.evaluator import Pod, networks
from constructs_lib.reachability.policies import manifests
from constructs_lib.reachability.policy import Direction
from constructs_lib.reachability.ports import NO_PORT
from constructs_lib.reachability.ways import Ways, evaluator
from constructs_lib.reachability.world import World, world
from tests.reachability.deployments import Build

DENY = "default-deny"
BOTH: tuple[Direction, ...] = ("ingress", "egress")


def isolating(stated: Sequence[dict[str, Any]], inhabited: World, namespace: str) -> bool:
    """Whether a pod of ``namespace`` that nobody knows is isolated in both directions."""
    pod = Pod(name="unknown", namespace=namespace, labels={"app": "unknown"}, addresses=inhabited.place("nodes"))
    found = evaluator(stated, inhabited)
    return all(found.isolated(pod, each) for each in BOTH)


@pytest.mark.proves("1.3.1", "1.3.2")
def test_every_namespace_but_kube_system_denies_by_default(deployment: Deployment, inhabited: World) -> None:
    stated = manifests(deployment)
    open_ones = [each for each in inhabited.namespaces if not isolating(stated, inhabited, each)]
    assert open_ones == [KUBE_SYSTEM]


def test_the_default_of_a_platform_namespace_hangs_on_one_policy(deployment: Deployment, inhabited: World) -> None:
    for stranger in inhabited.strangers:
        less = [
            each
            for each in manifests(deployment)
            if each["metadata"] != {"name": DENY, "namespace": stranger.namespace}
        ]
        assert not isolating(less, inhabited, stranger.namespace)


def test_all_pods_that_the_platform_knows_are_isolated(deployment: Deployment, inhabited: World) -> None:
    found = evaluator(manifests(deployment), inhabited)
    assert [(pod.name, each) for pod in inhabited.everybody for each in BOTH if not found.isolated(pod, each)] == []


def test_a_pod_that_nobody_knows_asks_for_names_and_is_reached_by_nobody(table: Ways, inhabited: World) -> None:
    for stranger in inhabited.strangers:
        assert [way for way in table if stranger.name in way] == [(stranger.name, "coredns")]


@pytest.mark.parametrize("place", ["instance metadata", "rest of link-local", "other private networks"])
def test_some_addresses_are_reached_by_nobody(table: Ways, place: str) -> None:
    assert [way for way in table if place in way] == []


def test_instance_metadata_stays_shut_where_a_team_asks_for_everything(reached_with: Build) -> None:
    """Declared ways out leave link-local addresses out, whatever block holds them."""
    team = {
        "name": "greedy",
        "size": "small",
        "members": ["octocat"],
        "internet": True,
        "egress": [{"cidr": cidr, "ports": [80]} for cidr in ("168.0.0.0/6", "169.0.0.0/8")],
    }
    changed = reached_with({"deployment:teams": [team]})
    inhabitants = world(changed)
    for reading in (True, False):
        found = evaluator(manifests(changed), inhabitants, blocks_hold_pods=reading)
        for source in inhabitants.everybody:
            assert found.reach(source, inhabitants.place("instance metadata")).some == NO_PORT, source.name


@pytest.mark.proves("1.3.1", "1.3.2")
def test_a_team_reaches_no_other_team_and_no_component(table: Ways, inhabited: World) -> None:
    own = {each.name: each.namespace for each in inhabited.teams}
    others = {each.name: each.namespace for each in inhabited.everybody}
    crossing = {
        (source, destination)
        for source, destination in table
        if source in own and destination in others and others[destination] not in (own[source], KUBE_SYSTEM)
    }
    builds = {(name, "buildkitd") for name in own if name.startswith("team-") and name.endswith("/workflow")}
    assert {way for way in table if way[1] == "buildkitd" and way[0] in own} == builds
    assert crossing == telemetry(table) | builds
    assert {
        destination for source, destination in table if source in own and others.get(destination) == KUBE_SYSTEM
    } == {"coredns"}


def telemetry(table: Ways) -> set[tuple[str, str]]:
    """What teams send to the collector, at its ports and no others."""
    found = {way for way in table if way[0].endswith(("/pod", "/workflow")) and way[1].startswith("grafana-agent/")}
    assert all(str(table[way].some) == "TCP 4317-4318" for way in found)
    return found


def test_without_its_own_way_a_team_reaches_nothing_outside_of_its_namespace(table: Ways) -> None:
    reached = {destination for source, destination in table if source == f"{team_namespace('beta')}/pod"}
    outside = {each for each in reached if not each.startswith((team_namespace("beta"), "grafana-agent/"))}
    assert outside == {"coredns"}


def test_places_hold_every_address_once(inhabited: World) -> None:
    borders = sorted(set(_borders(inhabited)))
    for address in (each for border in borders for each in (border - 1, border) if 0 <= each < 2**32):
        holding = [
            place.name for place in inhabited.places if _in(place.blocks, address) and not _in(place.without, address)
        ]
        assert len(holding) == 1, (address, holding)


def _borders(inhabited: World) -> Iterator[int]:
    for place in inhabited.places:
        for block in (*place.blocks, *place.without, *networks("0.0.0.0/0")):
            yield int(block.network_address)
            yield int(block.broadcast_address) + 1


def _in(blocks: Sequence[Any], address: int) -> bool:
    return any(int(each.network_address) <= address <= int(each.broadcast_address) for each in blocks)

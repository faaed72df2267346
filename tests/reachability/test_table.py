"""What the network policies of a deployment allow is what was expected of them, to the port."""

from __future__ import annotations

import pytest

from config.deployment import Deployment
from config.sizing import OPTIONAL
from constructs_lib.components.registry import CATALOG, enabled
from constructs_lib.reachability.evaluator import Place
from constructs_lib.reachability.policies import manifests
from constructs_lib.reachability.ports import ports
from constructs_lib.reachability.ways import Ways, evaluator, ways
from constructs_lib.reachability.world import World, row_name, world
from tests.closed import NOTHING_LEAVES
from tests.reachability.allowances import useless
from tests.reachability.deployments import TEAMS, Build
from tests.reachability.expectations import FILE, expected

# Allowances that another one holds as well: the team asked for the internet for all of its pods, and those of workflows
# have it in every team; those who scrape find each other at the port that is scraped.
TWICE = (
    "monitoring/grafana-agent-alloy-metrics ingress",
    "team-alpha/allow-workflows egress 3, to 0",
    "team-alpha/allow-workflows egress 3, ports 0",
)


@pytest.mark.proves("1.2.5", "1.3.1", "1.3.2")
def test_everything_that_is_expected_is_allowed_and_nothing_else(table: Ways, inhabited: World) -> None:
    stated = expected(each.name for each in inhabited.strangers)
    allowed = {way: reach.some for way, reach in table.items()}
    missing = {way: str(wanted) for way, wanted in stated.items() if allowed.get(way) != wanted}
    further = {way: str(found) for way, found in allowed.items() if way not in stated}
    assert (missing, further) == ({}, {})


def test_with_some_components_off_the_others_reach_what_they_did(reached_with: Build, deployment: Deployment) -> None:
    """What is off takes its own ways along and no others."""
    stated = {name: {"enabled": name not in OPTIONAL} for name in deployment.components.enabled()}
    hosts = {name: stated[name] | {"domain": each.domain} for name, each in deployment.components.hosts().items()}
    fewer = reached_with({"deployment:components": stated | hosts})
    left = world(fewer)
    ends = {each.name for each in (*left.everybody, *left.places)}
    found = {way: reach.some for way, reach in ways(evaluator(manifests(fewer), left), left).items()}
    wanted = expected(each.name for each in left.strangers)
    assert found == {way: reach for way, reach in wanted.items() if set(way) <= ends}


def test_a_place_is_open_as_a_whole_or_not_at_all(table: Ways) -> None:
    assert [way for way, reach in table.items() if reach.some != reach.every] == []


def test_every_pod_has_its_expectation(inhabited: World) -> None:
    known = {each.name for each in (*inhabited.pods, *inhabited.teams)}
    assert known == set(FILE["pods"])


def test_no_allowance_can_go_without_a_change_of_the_table(deployment: Deployment, inhabited: World) -> None:
    found = useless(manifests(deployment), inhabited)
    assert [each for each in found if not each.startswith(TWICE)] == []


def test_between_components_there_is_what_the_graph_says(table: Ways, deployment: Deployment) -> None:
    """Each flow at both of its ends, and no other way between pods but for metrics and names."""
    everyone = enabled(deployment)
    rows = {row_name(component, row): row for component in everyone.values() for row in component.running(deployment)}
    stated: dict[tuple[str, str], set[int]] = {}
    for name, row in rows.items():
        for flow in row.egress:
            other = everyone.get(flow.component)
            if flow.peer == "pods" and other is not None and other.row(flow.pods).when(deployment):
                stated.setdefault((name, row_name(other, other.row(flow.pods))), set()).update(flow.ports)
            if flow.peer == "metrics":
                for server, scraped in rows.items():
                    if scraped.metrics is not None:
                        stated.setdefault((name, server), set()).add(scraped.metrics)
    found = {way: reach.some for way, reach in table.items() if way[0] in rows and way[1] in rows}
    assert {way: str(reach) for way, reach in found.items()} == {
        way: str(ports_of(numbers)) for way, numbers in stated.items()
    }


def ports_of(numbers: set[int]) -> object:
    found = ports(min(numbers))
    for number in numbers:
        found |= ports(number)
    return found


def test_pods_are_reached_by_services_as_they_are_by_themselves(deployment: Deployment, inhabited: World) -> None:
    """The selector of a peer is part of the Service's, or the CNI wouldn't let its address through."""
    found = evaluator(manifests(deployment), inhabited)
    lost = [
        (source.name, pod.name)
        for pod, service in zip(inhabited.pods, inhabited.services, strict=True)
        for source in inhabited.everybody
        if found.reach_by(service, source, pod).every != found.reach(source, pod).some
    ]
    assert lost == []


def test_without_a_way_out_only_the_gateway_of_s3_is_left(reached_with: Build) -> None:
    """S3 has its public addresses behind the gateway endpoint."""
    closed = reached_with(
        {
            **NOTHING_LEAVES,
            "deployment:github:app": None,
            "deployment:teams": [team for team in TEAMS if not team.get("internet")],
        }
    )
    inhabitants = world(closed)
    found = ways(evaluator(manifests(closed), inhabitants), inhabitants)
    outside = {source for source, destination in found if destination == "internet"}
    callers = {
        row_name(component, row)
        for component in enabled(closed).values()
        for row in component.running(closed)
        if any("s3" in flow.services for flow in row.egress)
    }
    assert outside == callers == {"velero/server"}


@pytest.mark.parametrize("exposure", ["public", "internal"])
def test_a_host_is_reached_from_its_own_load_balancer_and_not_by_pods(reached_with: Build, exposure: str) -> None:
    changed = dict(reached_with().components.hosts())
    stated = {
        "deployment:components": {
            **{name: {"enabled": True} for name in reached_with().components.enabled() if name not in changed},
            **{name: {"enabled": True, "domain": each.domain, "exposure": exposure} for name, each in changed.items()},
        }
    }
    inhabitants = world(reached_with(stated))
    found = ways(evaluator(manifests(reached_with(stated)), inhabitants), inhabitants)
    places = {each.name for each in inhabitants.places if isinstance(each, Place)}
    for name in changed:
        host = CATALOG[name].host
        assert host is not None
        server = row_name(CATALOG[name], CATALOG[name].row(host.pods))
        sources = {
            source
            for (source, destination), reach in found.items()
            if destination == server and ("TCP", host.target_port) in reach.some
        }
        assert sources & places == {f"{exposure} load balancers"}
        assert not {source for source in sources if source.endswith(("/pod", "/workflow", "/other"))}

"""Where the pods of Argo Events may connect to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.components.catalog.argo_events import ARGO_EVENTS
from constructs_lib.components.policies import policies
from tests.teams import ALPHA

API_SERVER = "172.20.0.1/32"


@pytest.fixture
def found(deployment_with: Callable[..., Deployment]) -> dict[str, dict[str, Any]]:
    made = policies(ARGO_EVENTS, deployment_with({"deployment:teams": [ALPHA]}), {"argo-events": ARGO_EVENTS})
    return {each["name"].removeprefix("argo-events-"): each for each in made}


def peers(policy: dict[str, Any], direction: str, side: str) -> list[tuple[str, int]]:
    """(address or label, port) of a policy's rules, sorted."""
    return sorted(
        (peer["ipBlock"]["cidr"] if "ipBlock" in peer else peer["podSelector"]["matchLabels"]["platform/part"], port)
        for rule in policy[direction]
        for peer in rule[side]
        if "ipBlock" in peer or "podSelector" in peer
        for port in (each["port"] for each in rule["ports"])
    )


def test_what_the_internet_reaches_connects_to_the_bus_only(found: dict[str, dict[str, Any]]) -> None:
    assert peers(found["event-source"], "egress", "to") == [("event-bus", 4222)]


def test_sensors_reach_the_bus_and_the_api_server(found: dict[str, dict[str, Any]]) -> None:
    reached = peers(found["sensor"], "egress", "to")
    assert ("event-bus", 4222) in reached
    assert (API_SERVER, 443) in reached


def test_the_bus_is_reached_by_sources_sensors_and_itself(found: dict[str, dict[str, Any]]) -> None:
    clients = ("event-source", "queue-source", "sensor")
    assert peers(found["bus"], "ingress", "from") == [("event-bus", 6222), *((client, 4222) for client in clients)]


def test_where_no_team_has_repositories_there_are_no_sensors(deployment_with: Callable[..., Deployment]) -> None:
    made = policies(ARGO_EVENTS, deployment_with(), {"argo-events": ARGO_EVENTS})
    assert "argo-events-sensor" not in {each["name"] for each in made}


def test_nothing_here_reaches_the_internet_but_what_reads_queues_that_have_no_endpoint(
    found: dict[str, dict[str, Any]],
) -> None:
    reaching = {
        name for name, policy in found.items() if "0.0.0.0/0" in {to for to, _ in peers(policy, "egress", "to")}
    }
    assert reaching == {"queue-source"}


def test_what_reads_queues_reaches_neither_the_api_server_nor_is_reached(found: dict[str, dict[str, Any]]) -> None:
    reached = {to for to, _ in peers(found["queue-source"], "egress", "to")}
    assert reached == {"0.0.0.0/0", "169.254.170.23/32", "event-bus"}
    assert peers(found["queue-source"], "ingress", "from") == []


def test_where_no_events_are_received_nothing_reads_queues(deployment_with: Callable[..., Deployment]) -> None:
    made = policies(ARGO_EVENTS, deployment_with({"deployment:events:receive": None}), {"argo-events": ARGO_EVENTS})
    assert "argo-events-queue-source" not in {each["name"] for each in made}

"""What a deployment costs: the smallest profile stays within the architecture document's table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.cost.month import month

Build = Callable[..., Deployment]
# Architecture document, "Cost Optimization", estimated monthly cost.
MOST = 550
# What that table has: one NAT gateway, one database instance; endpoints in one zone.
SMALL: dict[str, Any] = {
    "deployment:sizing": "seed-cost",
    "deployment:vpc:natGateways": "single",
    "deployment:aurora:readers": 0,
    "deployment:vpc:endpoints": "basic_one_az",
}

COPIES = {"deployment:shared:images": "copies"}


def total(deployment: Deployment) -> float:
    return sum(line.usd for line in month(deployment))


def test_seed_cost_stays_within_the_architecture_document_s_table(deployment_with: Build) -> None:
    assert 400 < total(deployment_with(SMALL)) <= MOST


def test_a_profile_with_more_nodes_costs_more(deployment_with: Build) -> None:
    assert total(deployment_with(SMALL | {"deployment:sizing": "ha"})) > total(deployment_with(SMALL)) + 50


@pytest.mark.parametrize(
    ("change", "more"),
    [
        ({"deployment:vpc:natGateways": "per_az"}, 2 * 0.05 * 730),
        ({"deployment:aurora:readers": 1}, 0.75 * 0.12 * 730),
    ],
    ids=["nat", "reader"],
)
def test_each_part_counts(deployment_with: Build, change: dict[str, Any], more: float) -> None:
    assert total(deployment_with(SMALL | change)) - total(deployment_with(SMALL)) == pytest.approx(more)


def test_a_firewall_counts_for_each_zone(deployment_with: Build) -> None:
    open_ways = {"deployment:vpc:natGateways": "per_az", "deployment:vpc:endpoints": "full"}
    restricted = deployment_with(SMALL | open_ways | {"deployment:vpc:egress": "firewall", **COPIES})
    more = total(restricted) - total(deployment_with(SMALL | open_ways | COPIES))
    # Three endpoints, 50 GiB through them, and a key for the firewall's logs.
    assert more == pytest.approx(3 * 0.395 * 730 + 50 * 0.065 + 1)

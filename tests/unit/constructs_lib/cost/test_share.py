"""What falls to a component: the larger share of a node, and its part of what is shared."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.sizing import SIZINGS
from constructs_lib.components.component import Component
from constructs_lib.components.pods import Container, Pods
from constructs_lib.components.registry import CATALOG, enabled
from constructs_lib.cost.prices import NODES, SERVICES
from constructs_lib.cost.share import BUCKETS, VOLUMES, nodes, of_nodes, own, total
from tests.synth import Synth

Build = Callable[..., Deployment]


def component(**changes: Any) -> Component:
    row = {"name": "x", "labels": {}, "containers": {"x": Container(cpu=193, mib=1)}, "source": "test"} | changes
    return Component(name="reloader", purpose="test", chart="reloader", pods=(Pods(**row),))


def test_a_pod_costs_the_larger_of_its_shares(deployment_with: Build) -> None:
    deployment = deployment_with()
    node = nodes(deployment)["platform"]
    by_cpu = component(containers={"x": Container(cpu=node.cpu // 10, mib=1)})
    by_memory = component(containers={"x": Container(cpu=1, mib=node.mib // 2)})
    assert of_nodes(by_cpu, deployment) == pytest.approx(0.1 * 0.0752 * 730)
    assert of_nodes(by_memory, deployment) == pytest.approx(0.5 * 0.0752 * 730)


def test_replicas_count_and_jobs_do_not(deployment_with: Build) -> None:
    deployment = deployment_with()
    one = of_nodes(component(), deployment)
    assert of_nodes(component(replicas=3), deployment) == pytest.approx(3 * one)
    assert of_nodes(component(kind="Job"), deployment) == 0


def test_what_runs_on_every_node_is_paid_on_every_node(deployment_with: Build) -> None:
    deployment = deployment_with()
    there = nodes(deployment)
    found = of_nodes(component(pool="every", kind="DaemonSet", replicas=0), deployment)
    assert found == pytest.approx(sum(193 / node.cpu * node.usd * node.count for node in there.values()))


@pytest.mark.parametrize("profile", sorted(SIZINGS))
def test_components_cost_no_more_than_the_nodes_they_run_on(deployment_with: Build, profile: str) -> None:
    deployment = deployment_with({"deployment:sizing": profile})
    paid = sum(of_nodes(each, deployment) for each in enabled(deployment).values())
    assert 0 < paid <= sum(node.usd * node.count for node in nodes(deployment).values())


@pytest.mark.parametrize(
    ("what", "usd"),
    [
        # 0.0225 and one capacity unit at 0.008 and three addresses at 0.005 an hour.
        ("load balancer", 0.0455 * 730),
        # Two instances.
        ("database", 2 * 0.75 * 0.12 * 730),
    ],
)
def test_the_parts_of_what_is_shared_make_up_the_whole(deployment_with: Build, what: str, usd: float) -> None:
    deployment = deployment_with()
    lines = [line for each in enabled(deployment).values() for line in own(each, deployment) if line.what == what]
    assert len(lines) > 1
    assert sum(line.usd for line in lines) == pytest.approx(usd)


def test_an_internal_load_balancer_has_no_public_addresses(
    deployment_with: Build, shipped_context: dict[str, Any]
) -> None:
    components = shipped_context["deployment:components"]
    hidden = components | {"argocd": components["argocd"] | {"exposure": "internal"}}
    (line,) = (
        line
        for line in own(CATALOG["argocd"], deployment_with({"deployment:components": hidden}))
        if line.what == "load balancer"
    )
    assert line.usd == pytest.approx((0.0225 + 0.008) * 730)


def test_a_secret_read_each_minute_costs_its_readings(deployment_with: Build) -> None:
    deployment = deployment_with()
    (line,) = (line for line in own(CATALOG["argo-workflows"], deployment) if line.what == "secrets")
    # db/argo-workflows is kept, and read each minute.
    assert line.usd == pytest.approx(0.40 + 730 * 60 * 0.08 / 10_000)


def test_a_secret_of_many_namespaces_is_read_for_each(deployment_with: Build) -> None:
    teams = [{"name": name, "quotas": {"cpu": "1", "memory": "2Gi"}, "members": ["octocat"]} for name in ("a", "b")]
    deployment = deployment_with({"deployment:teams": teams})
    (line,) = (line for line in own(CATALOG["argo-rollouts"], deployment) if line.what == "secrets")
    # Staging and two teams, each once an hour.
    assert line.usd == pytest.approx(0.40 + 730 * 3 * 0.08 / 10_000)


def test_the_total_is_nodes_and_own_costs(deployment_with: Build) -> None:
    deployment = deployment_with()
    backstage = CATALOG["backstage"]
    parts = [line.usd for line in own(backstage, deployment)]
    assert total(backstage, deployment) == pytest.approx(of_nodes(backstage, deployment) + sum(parts))


def test_volumes_are_those_of_the_values(shipped: Synth) -> None:
    assert set(VOLUMES) == {("argo-events", "bus")}
    size = shipped.values("idp-platform-argo-events", "events")["bus"]["persistence"]["volumeSize"]
    assert size == f"{VOLUMES['argo-events', 'bus']}Gi"


def test_every_bucket_is_one_of_the_platforms(shipped: Synth) -> None:
    made = shipped.stack("idp-foundation-data").of_type("aws_s3_bucket")
    assert set(BUCKETS) <= set(made)


def test_every_price_says_where_it_is_from_and_most_say_when_they_were_read() -> None:
    found = {**NODES, **SERVICES}
    assert all(price.usd > 0 and price.unit and price.source for price in found.values())
    # What is paid by the hour all month is read, but for the firewall.
    unread = {name for name, price in found.items() if price.read is None}
    assert {name for name in unread if found[name].unit.startswith("hour")} == {
        "firewall endpoint",
        "t3a.xlarge",
        "t4g.small",
    }
    read = [price.read for price in found.values() if price.read]
    assert datetime.date(2026, 1, 1) <= min(read) <= max(read) <= datetime.date(2026, 12, 31)


def test_every_profiles_nodes_have_a_price() -> None:
    for sizing in SIZINGS.values():
        assert {*sizing.system_instance_types, *sizing.platform_instance_types} <= set(NODES)

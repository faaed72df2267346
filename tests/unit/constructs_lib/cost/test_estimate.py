"""What is counted, by line, component and team: bounds in order, changes that cancel out, amounts as in the JSON."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.deployment import Deployment
from config.loader import load, load_one
from config.sizing import SIZINGS
from config.versions import MINORS
from constructs_lib.cost.bounds import NOTHING, Bounds, Entry
from constructs_lib.cost.counts import interfaces, keys, nat_gateways, secrets, web_acls
from constructs_lib.cost.estimate import Estimate, delta, estimate
from constructs_lib.cost.prices import UnpricedError
from constructs_lib.cost.use import MUCH, TEAM_SHARE
from tests.conftest import ROOT
from tests.synth import Synth

Build = Callable[..., Deployment]
LATE = datetime.date(2027, 6, 1)
SIZES = ("small", "medium", "large")
# A few that the environment takes in any combination.
keys_of_files = st.fixed_dictionaries(
    {
        "deployment:sizing": st.sampled_from(sorted(SIZINGS)),
        "deployment:vpc:natGateways": st.sampled_from(("single", "per_az")),
        "deployment:vpc:endpoints": st.sampled_from(("none", "basic_one_az", "basic", "full")),
        "deployment:vpc:accessHost": st.booleans(),
        "deployment:aurora:readers": st.integers(0, 5),
        "deployment:aurora:maxCapacity": st.sampled_from((1, 4, 64)),
        "deployment:account:guardduty": st.sampled_from(("managed", "existing", "off")),
        "deployment:account:cloudtrail": st.sampled_from(("managed", "off")),
        "deployment:account:inspector": st.sampled_from(("managed", "existing", "off")),
        "deployment:backup:vault": st.booleans(),
        "deployment:ingress:waf": st.booleans(),
        "deployment:quotaOvercommit": st.just(1000.0),
        "deployment:eks:version": st.sampled_from(("1.34", "1.35")),
        "deployment:eks:supportType": st.sampled_from(("STANDARD", "EXTENDED")),
        "deployment:teams": st.lists(
            st.fixed_dictionaries(
                {"name": st.sampled_from(("alpha", "beta", "gamma")), "members": st.just(["octocat"])},
                optional={"secrets": st.just(["one", "two"])},
            ),
            max_size=3,
            unique_by=lambda team: team["name"],
        ),
    }
)
days = st.dates(datetime.date(2026, 1, 1), datetime.date(2029, 1, 1))


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    found = draw(keys_of_files)
    teams = [{**team, "size": draw(st.sampled_from(SIZES))} for team in found["deployment:teams"]]
    return {**found, "deployment:teams": teams}


def in_order(bounds: Bounds) -> bool:
    return 0 <= bounds.minimum <= bounds.expected + 1e-9 and bounds.expected <= bounds.maximum + 1e-9


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=files(), other=files(), day=st.none() | days)
def test_bounds_are_in_order_and_a_change_back_takes_away_what_the_change_brought(
    shipped_context: dict[str, Any], one: dict[str, Any], other: dict[str, Any], day: datetime.date | None
) -> None:
    before, after = (estimate(load_one(shipped_context | each, source="test.json"), day) for each in (one, other))
    for found in (before, after):
        for entry in (*found.lines, *found.components, *found.teams):
            assert in_order(entry.bounds), entry
        assert in_order(found.total)
    there, back = delta(before, after), delta(after, before)
    for part in ("lines", "components", "teams"):
        assert getattr(there, part) == {name: -bounds for name, bounds in getattr(back, part).items()}
    assert there.total == -back.total
    summed = sum((bounds for bounds in there.lines.values()), NOTHING)
    assert summed.maximum == pytest.approx(there.total.maximum, abs=0.01)
    assert delta(before, before).total == NOTHING and not delta(before, before).lines


def named(entries: tuple[Entry, ...]) -> Mapping[str, Bounds]:
    return {entry.what: entry.bounds for entry in entries}


def shipped_deployments() -> dict[str, Deployment]:
    return {each.id: each for each in load(ROOT / "cdktf.json")}


@pytest.mark.parametrize("name", ["idp", "idp-pci"])
def test_what_has_a_fixed_price_is_counted_as_often_as_the_json_has_it(shipped: Synth, name: str) -> None:
    deployment = shipped_deployments()[name]
    made: dict[str, list[Mapping[str, Any]]] = {}
    for stack in shipped.stacks():
        tags = stack.document["provider"]["aws"][0]["default_tags"][0]["tags"]
        if tags["deployment"] == name:
            for kind, _, arguments in stack.resources():
                made.setdefault(kind, []).append(arguments)
    assert keys(deployment) == len(made["aws_kms_key"])
    # RDS makes the database's master secret.
    assert secrets(deployment) == len(made["aws_secretsmanager_secret"]) + 1
    placed = [each for each in made["aws_vpc_endpoint"] if each.get("vpc_endpoint_type") == "Interface"]
    assert interfaces(deployment) == sum(len(each["subnet_ids"]) for each in placed)
    assert nat_gateways(deployment) == len(made["aws_nat_gateway"])
    assert web_acls(deployment) == len(made.get("aws_wafv2_web_acl", []))


@pytest.mark.parametrize("profile", sorted(SIZINGS))
def test_the_budget_of_a_profile_is_above_what_it_is_expected_to_cost_and_not_by_half(
    deployment_with: Build, profile: str
) -> None:
    deployment = deployment_with({"deployment:sizing": profile})
    expected = estimate(deployment, LATE).total.expected
    assert expected < deployment.cost.monthly_budget_usd < 1.5 * expected


def test_so_is_that_of_environment_pci() -> None:
    deployment = shipped_deployments()["idp-pci"]
    expected = estimate(deployment, LATE).total.expected
    assert expected < deployment.cost.monthly_budget_usd < 1.5 * expected


def test_extended_support_is_a_line_from_the_day_after_standard_support(deployment_with: Build) -> None:
    last = MINORS["1.34"].standard_until
    after = last + datetime.timedelta(days=1)
    for kind, day, there in (("EXTENDED", last, False), ("EXTENDED", after, True), ("STANDARD", after, False)):
        lines = named(estimate(deployment_with({"deployment:eks:supportType": kind}), day).lines)
        assert ("extended support" in lines) is there
        assert lines["control plane"].expected == pytest.approx(73)
    assert lines.get("extended support") is None
    found = named(estimate(deployment_with(), after).lines)["extended support"]
    assert found == Bounds(minimum=365, expected=365, maximum=365)


def test_a_team_costs_its_quotas_at_most_and_nothing_without_pods(deployment_with: Build) -> None:
    team = {"name": "alpha", "members": ["octocat"]}
    half, whole = (
        named(estimate(deployment_with({"deployment:teams": [{**team, "size": size}]})).teams)["alpha"]
        for size in ("medium", "large")
    )
    assert half.minimum == whole.minimum == 0
    assert whole.maximum == pytest.approx(2 * half.maximum)
    assert 0 < whole.expected < TEAM_SHARE * whole.maximum


def test_a_teams_secrets_cost_whatever_it_does(deployment_with: Build) -> None:
    team = {"name": "alpha", "size": "small", "members": ["octocat"], "secrets": ["one", "two"]}
    found = estimate(deployment_with({"deployment:teams": [team]}))
    assert named(found.teams)["alpha"].minimum == pytest.approx(0.80)
    without = estimate(deployment_with({"deployment:teams": [{**team, "secrets": []}]}))
    assert delta(without, found).lines["secrets"].expected == pytest.approx(0.80)


def test_teams_together_cost_no_more_than_their_pools_hold(deployment_with: Build) -> None:
    teams = [{"name": f"t{n}", "size": "large", "members": ["octocat"]} for n in range(8)]
    pools = [{"name": "workloads", "limits": {"nodes": 6}}]
    changes = {"deployment:teams": teams, "deployment:quotaOvercommit": 1000.0, "deployment:karpenter:pools": pools}
    found = estimate(deployment_with(changes))
    # Six of the dearest, m6a.xlarge, with 50 GiB each.
    assert named(found.lines)["nodes for teams"].maximum == pytest.approx(6 * (0.1728 * 730 + 50 * 0.08))
    assert sum(entry.bounds.maximum for entry in found.teams) > named(found.lines)["nodes for teams"].maximum


def test_a_service_of_the_landing_zone_is_not_ours_to_pay(deployment_with: Build) -> None:
    def lines(owner: str) -> set[str]:
        services = {f"deployment:account:{name}": owner for name in ("guardduty", "inspector", "cloudtrail")}
        return set(named(estimate(deployment_with(services)).lines))

    assert {"GuardDuty", "Inspector", "CloudTrail"} <= lines("managed")
    assert not {"GuardDuty", "Inspector", "CloudTrail"} & lines("existing")


def test_what_is_paid_by_use_costs_nothing_without_and_has_a_stated_most(deployment_with: Build) -> None:
    stored = named(estimate(deployment_with()).lines)["storage, images, names"]
    assert (stored.minimum, stored.maximum) == (0, MUCH * stored.expected)


def test_a_database_lies_between_its_capacities(deployment_with: Build) -> None:
    changes = {"deployment:aurora:minCapacity": 1, "deployment:aurora:maxCapacity": 2, "deployment:aurora:readers": 0}
    found = named(estimate(deployment_with(changes)).lines)["database"]
    assert found.minimum == pytest.approx(0.12 * 730)
    # Two units, and five times 20 GiB.
    assert found.maximum == pytest.approx(2 * 0.12 * 730 + 5 * 20 * 0.10)


def test_components_and_teams_are_parts_of_the_whole(deployment_with: Build) -> None:
    found: Estimate = estimate(deployment_with())
    for bound in ("minimum", "expected", "maximum"):
        parts = sum(getattr(entry.bounds, bound) for entry in found.components)
        assert 0 < parts < getattr(found.total, bound)


@pytest.mark.parametrize(
    ("changes", "named_type"),
    [
        ({"deployment:eks:systemInstanceTypes": ["m6i.large"]}, "m6i.large"),
        ({"deployment:karpenter:pools": [{"name": "workloads", "instanceTypes": ["r6a.large", "c6a.large"]}]}, "r6a"),
    ],
    ids=["system", "team"],
)
def test_a_type_without_a_price_is_named(deployment_with: Build, changes: dict[str, Any], named_type: str) -> None:
    with pytest.raises(UnpricedError, match=named_type):
        estimate(deployment_with(changes))

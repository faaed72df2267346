"""Tests of the budget and of the watch for unusual costs: whose costs, from when on, and who is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from stacks.bootstrap.account import AccountStack
from tests.synth import StackJson

Account = Callable[..., StackJson]
KINDS = ("aws_budgets_budget", "aws_ce_anomaly_monitor", "aws_ce_anomaly_subscription")


@pytest.fixture
def production(synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment]) -> Account:
    """The account stack of the deployment without a standard, with changes."""
    return lambda changes=None: synth_stack(AccountStack, deployment_with(changes or {}))


def made(stack: StackJson, kind: str) -> dict[str, Any]:
    return stack.resource(f"{kind}.deployment")


def test_the_budget_counts_what_carries_the_deployments_tag(production: Account) -> None:
    budget = made(production({"deployment:cost:monthlyBudgetUsd": 750}), "aws_budgets_budget")
    assert (budget["name"], budget["limit_amount"], budget["limit_unit"]) == ("idp-monthly-cost", "750", "USD")
    assert budget["cost_filter"] == [{"name": "TagKeyValue", "values": ["user:deployment$idp"]}]
    told = [(each["notification_type"], each["threshold"]) for each in budget["notification"]]
    assert told == [("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)]


def test_without_the_key_the_profile_decides(production: Account) -> None:
    limits = [
        int(made(production({"deployment:sizing": profile}), "aws_budgets_budget")["limit_amount"])
        for profile in ("seed-cost", "ha", "large")
    ]
    assert limits == sorted(set(limits))


def test_the_watch_looks_at_this_deployment_alone_and_tells_from_the_sum_on(production: Account) -> None:
    stack = production({"deployment:cost:anomalyUsd": 40})
    monitor = made(stack, "aws_ce_anomaly_monitor")
    # An account has one monitor of all services, and AWS makes it.
    assert monitor["monitor_type"] == "CUSTOM" and "monitor_dimension" not in monitor
    specification = json.loads(monitor["monitor_specification"])
    assert specification["Tags"] == {"Key": "deployment", "MatchOptions": None, "Values": ["idp"]}
    assert {name for name, value in specification.items() if value is None} == {
        "And",
        "CostCategories",
        "Dimensions",
        "Not",
        "Or",
    }
    subscription = made(stack, "aws_ce_anomaly_subscription")
    assert subscription["monitor_arn_list"] == ["${aws_ce_anomaly_monitor.deployment.arn}"]
    threshold = subscription["threshold_expression"]["dimension"]
    assert (threshold["key"], threshold["values"]) == ("ANOMALY_TOTAL_IMPACT_ABSOLUTE", ["40"])
    # By mail once a day: at once goes by SNS alone.
    assert subscription["frequency"] == "DAILY"
    assert {each["type"] for each in subscription["subscriber"]} == {"EMAIL"}


def told(stack: StackJson) -> list[list[str]]:
    by_budget = [each["subscriber_email_addresses"] for each in made(stack, KINDS[0])["notification"]]
    return [*by_budget, [each["address"] for each in made(stack, KINDS[2])["subscriber"]]]


def test_who_gets_alarms_is_told_else_the_first_administrator(
    production: Account, account_with: Callable[..., StackJson]
) -> None:
    assert told(production()) == [["admin@example.com"]] * 4
    emails = ["two@example.com", "one@example.com", "two@example.com"]
    assert told(account_with({"deployment:audit:alarmEmails": emails})) == [["one@example.com", "two@example.com"]] * 4


@pytest.mark.parametrize(
    ("key", "gone"),
    [("monthlyBudgetUsd", KINDS[:1]), ("anomalyUsd", KINDS[1:])],
)
def test_nought_switches_each_off_and_leaves_the_other(production: Account, key: str, gone: tuple[str, ...]) -> None:
    stack = production({f"deployment:cost:{key}": 0})
    assert [kind for kind in KINDS if not stack.of_type(kind)] == list(gone)

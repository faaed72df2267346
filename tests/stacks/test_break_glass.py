"""The role for emergencies: who becomes it, what it becomes, and that its use is told; without users there is none."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

import pytest

from config.loader import load_one
from stacks.bootstrap.account import AccountStack
from stacks.bootstrap.bootstrap import BootstrapStack
from stacks.foundation.iam import IamStack
from tests.iam_evaluator import Request, admitted, allowed
from tests.iam_json import policy
from tests.synth import StackJson, Synth

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/break-glass-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/idp-break-glass"
KEYS = {
    "deployment:access:breakGlass": [USER],
    "deployment:account:cloudtrail": "managed",
    "deployment:account:alarms": "managed",
}
MFA = "aws:MultiFactorAuthPresent"
Make = Callable[..., Any]


@pytest.fixture(scope="module")
def made(synth_stack: Make, shipped_context: dict[str, Any]) -> Callable[[type], StackJson]:
    """The stack of a class, synthesized once."""
    deployment = load_one(shipped_context | KEYS, source="test.json")
    return functools.cache(lambda kind: synth_stack(kind, deployment))


def trust(stack: StackJson, name: str) -> dict[str, Any]:
    """The trust policy of role ``name``. It names no resource: it is the role's own."""
    statements = policy(stack.statements(f"{name}_trust"))["Statement"]
    return {"Statement": [statement | {"Resource": "*"} for statement in statements]}


def test_without_users_nothing_knows_the_role(shipped: Synth) -> None:
    for name in ("bootstrap", "account", "foundation-iam"):
        assert "break-glass" not in json.dumps(shipped.stack(f"idp-{name}").document)


@pytest.mark.proves("8.2.2", "8.4.1")
@pytest.mark.parametrize(
    ("caller", "context", "right"),
    [
        (USER, {MFA: "true"}, True),
        (USER, {MFA: "false"}, False),
        (USER, {}, False),
        (f"arn:aws:iam::{ACCOUNT}:user/somebody", {MFA: "true"}, False),
        (ACCOUNT, {MFA: "true"}, False),
    ],
)
def test_a_declared_user_with_a_second_factor_becomes_it(
    made: Make, caller: str, context: dict[str, str], right: bool
) -> None:
    stack = made(BootstrapStack)
    request = Request(action="sts:AssumeRole", resource=ROLE, context=context)
    assert admitted(request, trust(stack, "break_glass"), caller) is right
    assert stack.resource("aws_iam_role.break_glass")["max_session_duration"] == 3600


@pytest.mark.proves("7.2.2")
def test_it_becomes_administrator_or_deployer_and_may_nothing_else(made: Make) -> None:
    stack = made(BootstrapStack)
    own = policy(stack.statements("break_glass"))
    for name, right in (("admin", True), ("deployer", True), ("planner", False), ("backstage-sa", False)):
        role = f"arn:aws:iam::{ACCOUNT}:role/idp-{name}"
        assert allowed(Request(action="sts:AssumeRole", resource=role), [own]) is right
    actions = {action for statement in stack.statements("break_glass") for action in statement["actions"]}
    assert actions == {"sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"}


@pytest.mark.parametrize(("kind", "name"), [(BootstrapStack, "deployer"), (IamStack, "admin")])
@pytest.mark.parametrize(("caller", "right"), [(ROLE, True), (f"{ROLE}-2", False)])
def test_both_let_it_in(made: Make, kind: type, name: str, caller: str, right: bool) -> None:
    request = Request(action="sts:AssumeRole", resource="*", context={"aws:PrincipalArn": caller})
    assert admitted(request, trust(made(kind), name), ACCOUNT) is right


def test_the_planner_operator_and_viewer_do_not(made: Make) -> None:
    request = Request(action="sts:AssumeRole", resource="*", context={"aws:PrincipalArn": ROLE})
    bootstrap, iam = made(BootstrapStack), made(IamStack)
    for stack, name in ((bootstrap, "planner"), (bootstrap, "auditor"), (iam, "operator"), (iam, "viewer")):
        assert not admitted(request, trust(stack, name), ACCOUNT), name


@pytest.mark.proves("10.2.1.2", "10.4.1.1")
def test_its_use_is_told_at_once_and_by_the_trail(made: Make) -> None:
    stack = made(AccountStack)
    rule = stack.resource("aws_cloudwatch_event_rule.break_glass_role")
    # AssumeRole only reads: a rule that is merely enabled never matches it.
    assert rule["state"] == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    assert json.loads(rule["event_pattern"])["detail"]["$or"] == [
        {"requestParameters": {"roleArn": [ROLE]}},
        {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": [ROLE]}}}},
    ]
    assert stack.resource("aws_cloudwatch_event_target.break_glass_role")["arn"] == "${aws_sns_topic.alarms.arn}"
    pattern = stack.resource("aws_cloudwatch_log_metric_filter.break_glass_role")["pattern"]
    assert pattern.count(f'"{ROLE}"') == 2
    alarm = stack.resource("aws_cloudwatch_metric_alarm.break_glass_role")
    assert alarm["alarm_actions"] == ["${aws_sns_topic.alarms.arn}"]


def test_alarms_of_the_account_s_own_are_left_to_it(synth_stack: Make, deployment_with: Make) -> None:
    stack = synth_stack(AccountStack, deployment_with(KEYS | {"deployment:account:alarms": "existing"}))
    assert not stack.of_type("aws_cloudwatch_metric_alarm")
    assert not [name for name in stack.of_type("aws_cloudwatch_event_rule") if "break_glass" in name]

"""Tests of alarms and rules over findings: each tells the topic, and nobody else may."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from constructs_lib.account.alarm_rules import ALARMS
from tests.iam_evaluator import Request, admitted
from tests.iam_json import policy
from tests.stacks.account.conftest import ACCOUNT
from tests.synth import StackJson

TOPIC = "arn:aws:sns:us-west-2:444455556666:idp-pci-alarms"
CONTEXT = "kms:EncryptionContext:aws:sns:topicArn"


@pytest.mark.proves("10.4.1.1", "10.7.2", "12.10.5")
def test_each_row_is_a_filter_on_the_trails_group_and_an_alarm_that_tells_the_topic(account: StackJson) -> None:
    filters = account.of_type("aws_cloudwatch_log_metric_filter")
    alarms = account.of_type("aws_cloudwatch_metric_alarm")
    assert len(filters) == len(alarms) == len(ALARMS)
    for rule in ALARMS:
        name = rule.name.replace("-", "_")
        metric = filters[name]["metric_transformation"]
        assert filters[name]["log_group_name"] == "${aws_cloudwatch_log_group.trail.name}"
        assert (alarms[name]["namespace"], alarms[name]["metric_name"]) == (metric["namespace"], metric["name"])
        assert alarms[name]["alarm_actions"] == ["${aws_sns_topic.alarms.arn}"]
        assert set(rule.requirements) < set(alarms[name]["//"]["controls"])


def test_quiet_is_no_alarm(account: StackJson) -> None:
    treated = {alarm["treat_missing_data"] for alarm in account.of_type("aws_cloudwatch_metric_alarm").values()}
    assert treated == {"notBreaching"}


@pytest.mark.proves("11.5.1", "12.10.5")
def test_severe_findings_of_each_service_go_to_the_topic(account: StackJson) -> None:
    rules = account.of_type("aws_cloudwatch_event_rule")
    # guardduty_findings is no alarm: it keeps what there was (test_findings_log).
    assert set(rules) == {"guardduty", "guardduty_findings", "security_hub", "inspector", "break_glass"}
    assert json.loads(rules["guardduty"]["event_pattern"])["detail"] == {"severity": [{"numeric": [">=", 7]}]}
    targets = account.of_type("aws_cloudwatch_event_target")
    for name in rules.keys() - {"guardduty_findings"}:
        target = targets[name]
        assert target["arn"] == "${aws_sns_topic.alarms.arn}"
        # EventBridge publishes by the topic's policy; a role would fail with an encrypted topic.
        assert "role_arn" not in target


def test_a_service_that_is_off_has_no_rule_and_one_of_a_landing_zone_has(
    account_with: Callable[..., StackJson],
) -> None:
    stack = account_with({f"{ACCOUNT}:guardduty": "existing", f"{ACCOUNT}:inspector": "existing"})
    assert {"guardduty", "inspector"} <= set(stack.of_type("aws_cloudwatch_event_rule"))


def test_people_are_told_by_mail(account_with: Callable[..., StackJson]) -> None:
    people = ["security@example.com", "on-call+pci@example.com", "on.call+pci@example.com"]
    found = account_with({"deployment:audit:alarmEmails": people}).of_type("aws_sns_topic_subscription")
    assert sorted(found) == [
        "mail_on_call_plus_pci_at_example_com",
        "mail_on_dash_call_plus_pci_at_example_com",
        "mail_security_at_example_com",
    ]
    assert {subscription["protocol"] for subscription in found.values()} == {"email"}


@pytest.mark.parametrize(
    ("caller", "context", "right"),
    [
        ("cloudwatch.amazonaws.com", {"aws:SourceAccount": "444455556666", "aws:SourceArn": "idp-pci-root-use"}, True),
        ("cloudwatch.amazonaws.com", {"aws:SourceAccount": "111122223333", "aws:SourceArn": "idp-pci-root-use"}, False),
        ("cloudwatch.amazonaws.com", {"aws:SourceAccount": "444455556666", "aws:SourceArn": "another"}, False),
        # It sends no source.
        ("events.amazonaws.com", {}, True),
        ("lambda.amazonaws.com", {}, False),
        ("111122223333", {}, False),
    ],
)
def test_only_alarms_and_findings_are_published(
    account: StackJson, caller: str, context: dict[str, str], right: bool
) -> None:
    if "aws:SourceArn" in context:
        alarm = f"arn:aws:cloudwatch:us-west-2:444455556666:alarm:{context['aws:SourceArn']}"
        context = context | {"aws:SourceArn": alarm}
    request = Request(action="sns:Publish", resource=TOPIC, context=context | {"aws:SecureTransport": "true"})
    assert admitted(request, policy(account.statements("alarms_topic")), caller) is right


@pytest.mark.parametrize("caller", ["cloudwatch.amazonaws.com", "events.amazonaws.com"])
@pytest.mark.parametrize(("topic", "right"), [(TOPIC, True), (TOPIC.replace("alarms", "others"), False)])
def test_the_topics_key_is_for_the_topic_alone(account: StackJson, caller: str, topic: str, right: bool) -> None:
    context = {"aws:SourceAccount": "444455556666", CONTEXT: topic}
    request = Request(action="kms:GenerateDataKey", resource="*", context=context)
    assert admitted(request, policy(account.statements("alarms_key")), caller) is right
    assert account.resource("aws_sns_topic.alarms")["kms_master_key_id"] == "${aws_kms_key.alarms.arn}"

"""Tests of the logs of GuardDuty: kept as audit logs are, and written by GuardDuty's events alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from stacks.bootstrap.account import AccountStack
from tests.iam_json import policy
from tests.stacks.account.conftest import ACCOUNT
from tests.synth import StackJson

GROUP = "/aws/events/idp-pci-guardduty-findings"
SCANS = "/aws/guardduty/malware-scan-events"
LOGS = "arn:aws:logs:us-west-2:444455556666:log-group"


def groups(stack: StackJson) -> dict[str, dict[str, Any]]:
    """Name → log group of what GuardDuty says."""
    found = stack.of_type("aws_cloudwatch_log_group")
    return {found[name]["name"]: found[name] for name in ("guardduty_findings", "malware_scans") if name in found}


def statements(stack: StackJson, document: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = policy(stack.document["data"]["aws_iam_policy_document"][document]["statement"])[
        "Statement"
    ]
    return found


@pytest.mark.proves("5.3.4")
def test_findings_and_scans_are_kept_a_year_under_the_audits_key(account: StackJson) -> None:
    found = groups(account)
    assert set(found) == {GROUP, SCANS}
    for group in found.values():
        assert group["retention_in_days"] == 400
        assert group["kms_key_id"] == "${aws_kms_key.audit.arn}"
        assert {"5.3.4", "10.5.1"} <= set(group["//"]["controls"])


def test_what_is_kept_for_less_than_a_year_doesnt_serve_the_requirement(
    synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment]
) -> None:
    # Environment pci refuses so few days; the construct says what is true all the same.
    changes = {f"{ACCOUNT}:guardduty": "managed", "deployment:audit:retentionDays": 90}
    stack = synth_stack(AccountStack, deployment_with(changes))
    assert groups(stack)["/aws/events/idp-guardduty-findings"]["//"]["controls"] == ["10.3.3"]
    assert stack.resource("aws_cloudwatch_event_rule.guardduty_findings")["//"]["controls"] == ["10.3.3"]


@pytest.mark.proves("5.3.4")
def test_every_finding_goes_there_whatever_its_severity(account: StackJson) -> None:
    rule = account.resource("aws_cloudwatch_event_rule.guardduty_findings")
    assert json.loads(rule["event_pattern"]) == {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]}
    target = account.resource("aws_cloudwatch_event_target.guardduty_findings")
    assert target["rule"] == "${aws_cloudwatch_event_rule.guardduty_findings.name}"
    assert target["arn"] == "${aws_cloudwatch_log_group.guardduty_findings.arn}"
    assert "role_arn" not in target
    assert target["depends_on"] == ["aws_cloudwatch_log_resource_policy.guardduty_findings"]


def test_eventbridge_alone_writes_and_for_this_rule_alone(account: StackJson) -> None:
    made = account.resource("aws_cloudwatch_log_resource_policy.guardduty_findings")
    assert "aws_iam_policy_document.guardduty_findings" in made["policy_document"]
    streams, events = statements(account, "guardduty_findings")
    for statement in (streams, events):
        assert statement["Resource"] == f"{LOGS}:{GROUP}:*"
        assert set(statement["Principal"]["Service"]) == {"delivery.logs.amazonaws.com", "events.amazonaws.com"}
    assert (streams["Action"], events["Action"]) == ("logs:CreateLogStream", "logs:PutLogEvents")
    rule = "arn:aws:events:us-west-2:444455556666:rule/idp-pci-guardduty-findings"
    assert events["Condition"] == {"ArnEquals": {"aws:SourceArn": rule}}


def test_the_key_serves_both_groups_and_no_other(account: StackJson) -> None:
    (grant,) = (s for s in statements(account, "audit_key") if s.get("Sid") == "FindingsLogGroups")
    arns = grant["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
    assert sorted(arns) == sorted((f"{LOGS}:{GROUP}", f"{LOGS}:{SCANS}"))


def test_a_detector_of_somebody_else_is_logged_by_its_owner(account_with: Callable[..., StackJson]) -> None:
    assert not groups(account_with({f"{ACCOUNT}:guardduty": "existing"}))


def test_a_detector_alone_has_the_audits_key(account_with: Callable[..., StackJson]) -> None:
    others = {f"{ACCOUNT}:{service}": "existing" for service in ("cloudtrail", "configRecorder", "alarms")}
    stack = account_with({**others, "deployment:audit:alarmEmails": []})
    assert set(groups(stack)) == {GROUP, SCANS}
    assert set(stack.of_type("aws_kms_key")) == {"audit"}

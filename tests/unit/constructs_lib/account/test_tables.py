"""Tests of the alarms' and findings' tables, of names and of the lock's mode."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.account.alarm_rules import ALARMS, PATTERN_MAX, AlarmRule
from constructs_lib.account.finding_rules import FINDINGS, wanted
from constructs_lib.account.grants import grants
from constructs_lib.account.names import lock_mode, trail_arn
from constructs_lib.evidence.catalog import unknown
from constructs_lib.naming import naming_of

# AWS CLI's botocore knows each API's operations; these events have names of their own.
NO_OPERATIONS = {"ConsoleLogin", "HeadBucket"}


@functools.cache
def operations(service: str) -> set[str]:
    from botocore.session import get_session

    return set(get_session().get_service_model(service).operation_names)


@pytest.mark.parametrize("rule", ALARMS, ids=lambda rule: rule.name)
def test_each_pattern_is_whole_and_short_enough(rule: AlarmRule) -> None:
    assert rule.pattern.startswith("{ ")
    assert rule.pattern.endswith(" }")
    assert rule.pattern.count("(") == rule.pattern.count(")")
    assert len(rule.pattern) <= PATTERN_MAX
    assert not unknown(rule.requirements)


@pytest.mark.parametrize("rule", ALARMS, ids=lambda rule: rule.name)
def test_each_pattern_names_calls_that_aws_has(rule: AlarmRule) -> None:
    names = set(re.findall(r"\$\.eventName = (\w+)", rule.pattern)) - NO_OPERATIONS
    services = re.findall(r"eventSource = ([a-z0-9]+)\.amazonaws\.com", rule.pattern) or ["ec2"]
    known = set[str]().union(*(operations(service) for service in services))
    # S3's lifecycle of 2012, and its first API of CORS and replication, keep their event names.
    assert {name for name in names if name not in known and "Bucket" not in name} == set()


def test_names_are_told_apart_and_cis_has_its_fifteen() -> None:
    assert len({rule.name for rule in ALARMS}) == len(ALARMS)
    assert [rule.cis for rule in ALARMS if rule.cis != "none"] == [f"4.{number}" for number in range(1, 16)]


def test_requirements_of_findings_are_of_the_standard() -> None:
    assert not unknown({each for rule in FINDINGS for each in rule.requirements})


def test_findings_of_a_service_that_is_off_are_not_waited_for(deployment_with: Callable[..., Deployment]) -> None:
    assert [rule.name for rule in wanted(deployment_with())] == ["break-glass"]
    there = deployment_with({"deployment:account:guardduty": "existing"})
    assert [rule.name for rule in wanted(there)] == ["guardduty", "break-glass"]


@pytest.mark.parametrize(
    ("changes", "mode"),
    [
        ({"deployment:audit:retentionDays": 365}, "COMPLIANCE"),
        ({"deployment:audit:retentionDays": 180}, "GOVERNANCE"),
        ({}, "COMPLIANCE"),
    ],
)
def test_a_years_logs_are_locked_for_everybody(
    deployment_with: Callable[..., Deployment], changes: dict[str, Any], mode: str
) -> None:
    assert lock_mode(deployment_with(changes)) == mode


def test_logs_of_a_deployment_that_may_drop_its_data_can_be_taken_away(
    deployment_with: Callable[..., Deployment],
) -> None:
    dropping = deployment_with().model_copy(update={"deletion_policy": "drop"})
    assert lock_mode(dropping) == "GOVERNANCE"


def test_each_grant_says_where_aws_documents_it_and_none_is_for_what_is_not_managed(
    deployment_with: Callable[..., Deployment],
) -> None:
    deployment = deployment_with({"deployment:account:cloudtrail": "managed"})
    rows = grants(deployment)
    assert {row.sid for row in rows} == {"ThisTrail", "TrailLogGroup", "AlarmsToTopic", "FindingsToTopic"}
    assert all(row.source and row.conditions for row in rows)
    (trail,) = (row for row in rows if row.sid == "ThisTrail")
    assert trail.conditions[0].values == (trail_arn(naming_of(deployment)),)

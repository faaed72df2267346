"""Tests of who owns each service: only what is managed is made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.deployment import Deployment
from stacks.bootstrap.account import AccountStack
from tests.stacks.account.conftest import ACCOUNT
from tests.synth import StackJson

# Key → types that it makes; the rest of the deployment's keys as they must then be.
MADE = {
    "cloudtrail": ("aws_cloudtrail", "aws_s3_bucket_object_lock_configuration"),
    "configRecorder": (
        "aws_config_configuration_recorder",
        "aws_config_conformance_pack",
        "aws_config_delivery_channel",
    ),
    "guardduty": (
        "aws_guardduty_detector",
        "aws_guardduty_detector_feature",
        # Where its findings are kept.
        "aws_cloudwatch_log_resource_policy",
    ),
    "securityHub": ("aws_securityhub_account", "aws_securityhub_standards_subscription"),
    "accessAnalyzer": ("aws_accessanalyzer_analyzer",),
    "alarms": ("aws_cloudwatch_metric_alarm", "aws_sns_topic", "aws_sns_topic_subscription"),
}
ALARMS_OFF = {f"{ACCOUNT}:alarms": "existing", "deployment:audit:alarmEmails": []}


@pytest.mark.parametrize("key", MADE)
def test_what_exists_is_not_made(account: StackJson, account_with: Callable[..., StackJson], key: str) -> None:
    without = account_with({f"{ACCOUNT}:{key}": "existing"} | (ALARMS_OFF if key in ("cloudtrail", "alarms") else {}))
    for kind in MADE[key]:
        assert account.of_type(kind), kind
        assert not without.of_type(kind), kind


def test_a_deployment_without_a_standard_makes_none_of_it(
    synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment]
) -> None:
    stack = synth_stack(AccountStack, deployment_with())
    made = {kind for kind, _, _ in stack.resources()}
    assert not made & {kind for kinds in MADE.values() for kind in kinds}
    assert not made & {"aws_s3_bucket", "aws_kms_key", "aws_macie2_account"}


def test_nothing_of_the_audit_is_made_where_the_landing_zone_has_trail_recorder_and_detector(
    account_with: Callable[..., StackJson],
) -> None:
    theirs = {f"{ACCOUNT}:{service}": "existing" for service in ("cloudtrail", "configRecorder", "guardduty")}
    stack = account_with(ALARMS_OFF | theirs)
    assert not stack.of_type("aws_s3_bucket")
    assert not stack.of_type("aws_kms_key")
    # What it watches is the landing zone's to record: Security Hub waits for nothing here.
    assert "depends_on" not in stack.resource("aws_securityhub_account.account")


@pytest.mark.proves("6.3.1", "11.3.1", "11.3.1.2")
def test_inspector_scans_instances_too_where_it_is_managed_by_the_one_enabler(
    account: StackJson, account_with: Callable[..., StackJson]
) -> None:
    assert {name: e["resource_types"] for name, e in account.of_type("aws_inspector2_enabler").items()} == {
        "registry": ["EC2", "ECR"]
    }
    existing = account_with({f"{ACCOUNT}:inspector": "existing"})
    assert not existing.of_type("aws_inspector2_enabler")
    assert "depends_on" not in existing.resource("aws_ecr_registry_scanning_configuration.registry")


def test_inspector_is_managed_without_the_registry(account_with: Callable[..., StackJson]) -> None:
    stack = account_with({f"{ACCOUNT}:ecrRegistry": "existing"})
    assert stack.resource("aws_inspector2_enabler.registry")["resource_types"] == ["EC2", "ECR"]
    assert not stack.of_type("aws_ecr_registry_scanning_configuration")


def test_macie_is_a_key_that_is_off(account: StackJson, account_with: Callable[..., StackJson]) -> None:
    assert not account.of_type("aws_macie2_account")
    assert account_with({f"{ACCOUNT}:macie": "managed"}).resource("aws_macie2_account.account")["status"] == "ENABLED"

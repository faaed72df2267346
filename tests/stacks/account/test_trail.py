"""Tests of the trail: what it logs, where to, and who may touch that."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.iam_evaluator import Request, admitted
from tests.iam_json import policy
from tests.stacks.account.conftest import ACCOUNT, ARCHIVE
from tests.synth import StackJson

TRAIL = "arn:aws:cloudtrail:us-west-2:444455556666:trail/idp-pci-trail"
BUCKET = "arn:aws:s3:::idp-pci-audit-example-org-444455556666-us-west-2"


def fields(selector: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {field["field"]: field for field in selector["field_selector"]}


@pytest.mark.proves("10.2.1", "10.3.2", "10.3.4")
def test_it_logs_all_regions_and_can_prove_that_nobody_changed_a_file(account: StackJson) -> None:
    trail = account.resource("aws_cloudtrail.trail")
    wanted = ("is_multi_region_trail", "include_global_service_events", "enable_log_file_validation", "enable_logging")
    assert all(trail[setting] is True for setting in wanted)
    assert trail["kms_key_id"] == "${aws_kms_key.audit.arn}"
    assert trail["depends_on"] == ["aws_iam_role_policy.trail", "aws_s3_bucket_policy.audit"]


@pytest.mark.proves("10.2.1", "10.2.1.1", "10.2.1.2", "10.2.1.3")
def test_it_logs_management_events_and_objects_of_own_buckets(account: StackJson) -> None:
    management, objects, logs = account.resource("aws_cloudtrail.trail")["advanced_event_selector"]
    assert fields(management) == {"eventCategory": {"field": "eventCategory", "equals": ["Management"]}}
    arns = fields(objects)["resources.ARN"]
    assert arns["starts_with"] == ["arn:aws:s3:::idp-pci-"]
    assert f"{BUCKET}/" in arns["not_starts_with"]
    assert fields(logs)["resources.ARN"]["starts_with"] == arns["not_starts_with"]
    assert fields(logs)["eventName"]["not_equals"] == ["PutObject"]


def test_insights_are_a_key_that_is_off(account: StackJson, account_with: Callable[..., StackJson]) -> None:
    assert "insight_selector" not in account.resource("aws_cloudtrail.trail")
    trail = account_with({f"{ACCOUNT}:cloudtrailInsights": True}).resource("aws_cloudtrail.trail")
    kinds = {selector["insight_type"] for selector in trail["insight_selector"]}
    assert kinds == {"ApiCallRateInsight", "ApiErrorRateInsight"}


@pytest.mark.proves("10.3.2", "10.5.1")
def test_nobody_can_shorten_a_years_logs(account: StackJson) -> None:
    assert account.resource("aws_s3_bucket.audit")["object_lock_enabled"] is True
    lock = account.resource("aws_s3_bucket_object_lock_configuration.audit")
    assert lock["rule"]["default_retention"] == {"mode": "COMPLIANCE", "days": 400}
    assert lock["depends_on"] == ["aws_s3_bucket_versioning.audit"]
    (rule,) = account.resource("aws_s3_bucket_lifecycle_configuration.audit")["rule"]
    assert rule["expiration"] == [{"days": 400}]


@pytest.mark.proves("10.2.1.3")
def test_a_bucket_of_the_audit_logs_who_reads_it(account: StackJson) -> None:
    for name in ("audit", "config"):
        logging = account.resource(f"aws_s3_bucket_logging.{name}")
        assert logging["target_bucket"] == "${aws_s3_bucket_policy.audit_logs.bucket}"


@pytest.mark.proves("10.3.1")
@pytest.mark.parametrize(
    ("source", "resource", "right"),
    [
        (TRAIL, f"{BUCKET}/AWSLogs/444455556666/CloudTrail/x", True),
        (TRAIL.replace("idp-pci-trail", "another"), f"{BUCKET}/AWSLogs/444455556666/CloudTrail/x", False),
        (TRAIL.replace("444455556666", "111122223333"), f"{BUCKET}/AWSLogs/444455556666/CloudTrail/x", False),
        (TRAIL, f"{BUCKET}/elsewhere", False),
    ],
)
def test_only_this_trail_writes_and_below_its_own_prefix(
    account: StackJson, source: str, resource: str, right: bool
) -> None:
    context = {"aws:SourceArn": source, "s3:x-amz-acl": "bucket-owner-full-control", "aws:SecureTransport": "true"}
    request = Request(action="s3:PutObject", resource=resource, context=context)
    document = policy(account.statements("audit_bucket"))
    assert admitted(request, document, "cloudtrail.amazonaws.com") is right


@pytest.mark.parametrize(("source", "right"), [(TRAIL, True), (TRAIL.replace("idp-pci-trail", "another"), False)])
@pytest.mark.parametrize("action", ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"])
def test_the_key_is_for_exactly_this_trail(account: StackJson, action: str, source: str, right: bool) -> None:
    request = Request(action=action, resource="*", context={"aws:SourceArn": source})
    assert admitted(request, policy(account.statements("audit_key")), "cloudtrail.amazonaws.com") is right


def test_the_key_serves_the_trails_log_group_and_no_other(account: StackJson) -> None:
    document = policy(account.statements("audit_key"))
    for group, right in (("/aws/cloudtrail/idp-pci-trail", True), ("/aws/eks/idp-pci/cluster", False)):
        context = {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:us-west-2:444455556666:log-group:{group}"}
        request = Request(action="kms:GenerateDataKey", resource="*", context=context)
        assert admitted(request, document, "logs.us-west-2.amazonaws.com") is right


def test_delivery_to_the_log_group_is_for_its_streams_alone(account: StackJson) -> None:
    (statement,) = account.statements("trail_delivery")
    (arn,) = statement["resources"]
    assert arn.endswith(":log-stream:444455556666_CloudTrail_us-west-2*")
    assert account.resource("aws_cloudwatch_log_group.trail")["retention_in_days"] == 400


def test_an_archive_takes_the_place_of_the_bucket(account_with: Callable[..., StackJson]) -> None:
    stack = account_with({"deployment:audit:logArchive": ARCHIVE})
    trail = stack.resource("aws_cloudtrail.trail")
    assert (trail["s3_bucket_name"], trail["kms_key_id"]) == (ARCHIVE["bucket"], ARCHIVE["key"])
    assert "audit" not in stack.of_type("aws_s3_bucket")
    assert stack.resource("aws_cloudwatch_log_group.trail")["kms_key_id"] == "${aws_kms_key.audit.arn}"
    assert stack.of_type("aws_cloudwatch_metric_alarm")


def test_it_says_which_requirements_it_helps_to_meet(account: StackJson) -> None:
    assert {"10.2.1", "10.2.1.3", "10.3.4"} <= set(account.resource("aws_cloudtrail.trail")["//"]["controls"])
    lock = account.resource("aws_s3_bucket_object_lock_configuration.audit")
    assert lock["//"]["controls"] == ["10.3.2", "10.5.1"]


def test_the_selectors_are_within_the_limit_of_cloudtrail(account: StackJson) -> None:
    """AWS CloudTrail User Guide, "Quotas": 500 conditions over all advanced event selectors of a trail."""
    selectors = account.resource("aws_cloudtrail.trail")["advanced_event_selector"]
    values = [v for s in selectors for f in s["field_selector"] for v in f.values() if isinstance(v, list)]
    assert sum(map(len, values)) < 500
    assert json.dumps(selectors).count("idp-pci-audit-example-org") == 2

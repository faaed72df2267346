"""Tests of AWS Config's recorder, its history, and the conformance pack."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from constructs_lib.account.conformance_rules import RULES
from tests.iam_evaluator import Request, admitted
from tests.iam_json import policy
from tests.synth import StackJson

HISTORY = "arn:aws:s3:::idp-pci-config-example-org-444455556666-us-west-2"


@pytest.mark.proves("2.2.1", "11.5.2", "12.5.1")
def test_everything_is_recorded_iam_too(account: StackJson) -> None:
    group = account.resource("aws_config_configuration_recorder.recorder")["recording_group"]
    assert group == {"all_supported": True, "include_global_resource_types": True}
    assert account.resource("aws_config_configuration_recorder_status.recorder")["is_enabled"] is True


def test_the_recorder_has_the_service_linked_role_which_security_hub_asks_for(account: StackJson) -> None:
    recorder = account.resource("aws_config_configuration_recorder.recorder")
    assert recorder["role_arn"] == "${aws_iam_service_linked_role.recorder.arn}"
    role = account.resource("aws_iam_service_linked_role.recorder")
    assert role["aws_service_name"] == "config.amazonaws.com"


def test_it_is_started_once_it_can_deliver(account: StackJson) -> None:
    channel = account.resource("aws_config_delivery_channel.recorder")
    assert channel["depends_on"] == ["aws_config_configuration_recorder.recorder", "aws_s3_bucket_policy.config"]
    running = account.resource("aws_config_configuration_recorder_status.recorder")
    assert running["depends_on"] == ["aws_config_delivery_channel.recorder"]
    pack = account.resource("aws_config_conformance_pack.pci_dss")
    assert pack["depends_on"] == ["aws_config_configuration_recorder_status.recorder"]


def test_its_bucket_has_no_object_lock_to_which_aws_config_cannot_deliver(account: StackJson) -> None:
    assert "config" not in account.of_type("aws_s3_bucket_object_lock_configuration")
    assert "object_lock_enabled" not in account.resource("aws_s3_bucket.config")


def test_aws_config_writes_for_this_account_alone(account: StackJson) -> None:
    document = policy(account.statements("config_bucket"))
    for source, right in (("444455556666", True), ("111122223333", False)):
        context = {
            "aws:SourceAccount": source,
            "s3:x-amz-acl": "bucket-owner-full-control",
            "aws:SecureTransport": "true",
        }
        request = Request(
            action="s3:PutObject", resource=f"{HISTORY}/AWSLogs/444455556666/Config/us-west-2/x", context=context
        )
        assert admitted(request, document, "config.amazonaws.com") is right


def test_the_pack_is_the_table_and_says_each_rules_requirement(account: StackJson) -> None:
    pack = account.resource("aws_config_conformance_pack.pci_dss")
    resources = YAML(typ="safe").load(pack["template_body"])["Resources"]
    found = {
        (each["Properties"]["Source"]["SourceIdentifier"], each["Properties"]["Description"].rpartition(" ")[2])
        for each in resources.values()
    }
    assert found == {(rule.identifier, rule.requirement) for rule in RULES}
    assert set(pack["//"]["controls"]) == {rule.requirement for rule in RULES}

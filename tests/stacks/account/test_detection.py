"""Tests of GuardDuty, Security Hub and IAM Access Analyzer."""

from __future__ import annotations

import pytest

from tests.synth import StackJson


@pytest.mark.proves("5.2.1", "5.2.2", "11.5.1")
def test_guardduty_watches_objects_clusters_volumes_and_sign_ins_to_the_database(account: StackJson) -> None:
    features = {f["name"]: f["status"] for f in account.of_type("aws_guardduty_detector_feature").values()}
    assert features == dict.fromkeys(
        (
            "S3_DATA_EVENTS",
            "EKS_AUDIT_LOGS",
            "EBS_MALWARE_PROTECTION",
            "RDS_LOGIN_EVENTS",
            "LAMBDA_NETWORK_LOGS",
            "RUNTIME_MONITORING",
        ),
        "ENABLED",
    )
    detector = {key: value for key, value in account.resource("aws_guardduty_detector.account").items() if key != "//"}
    assert detector == {"enable": True, "finding_publishing_frequency": "FIFTEEN_MINUTES"}


def test_guardduty_puts_no_agents_into_the_cluster_itself(account: StackJson) -> None:
    runtime = account.resource("aws_guardduty_detector_feature.runtime_monitoring")
    agents = {agent["name"]: agent["status"] for agent in runtime["additional_configuration"]}
    assert agents == dict.fromkeys(
        ("EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"), "DISABLED"
    )


def test_security_hub_has_one_standard_of_this_region_and_follows_the_recorder(account: StackJson) -> None:
    hub = account.resource("aws_securityhub_account.account")
    assert hub["enable_default_standards"] is False
    assert hub["depends_on"] == ["aws_config_configuration_recorder_status.recorder"]
    (standard,) = account.of_type("aws_securityhub_standards_subscription").values()
    assert standard["standards_arn"] == "arn:aws:securityhub:us-west-2::standards/pci-dss/v/4.0.1"
    assert standard["depends_on"] == ["aws_securityhub_account.account"]


def test_the_analyzer_looks_for_access_from_outside_and_for_nothing_that_costs(account: StackJson) -> None:
    analyzer = account.resource("aws_accessanalyzer_analyzer.account")
    assert (analyzer["type"], analyzer["analyzer_name"]) == ("ACCOUNT", "idp-pci-external-access")

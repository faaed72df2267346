"""Monitors of cost anomalies and their subscriptions on the local server, as the provider uses them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from sandbox.extension import cost_anomalies

TAG = {"Key": "deployment", "Values": ["idp"]}


@pytest.fixture
def ce(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "sandbox")
    cost_anomalies.patch()
    with mock_aws():
        yield boto3.client("ce", region_name="us-east-1")


def monitor(ce: Any) -> str:
    wanted = {"MonitorName": "idp-cost", "MonitorType": "CUSTOM", "MonitorSpecification": {"Tags": TAG}}
    arn: str = ce.create_anomaly_monitor(AnomalyMonitor=wanted, ResourceTags=[{"Key": "deployment", "Value": "idp"}])[
        "MonitorArn"
    ]
    return arn


def subscription(ce: Any, monitor_arn: str) -> str:
    arn: str = ce.create_anomaly_subscription(
        AnomalySubscription={
            "SubscriptionName": "idp-cost",
            "MonitorArnList": [monitor_arn],
            "Subscribers": [{"Type": "EMAIL", "Address": "a@example.com"}],
            "Frequency": "DAILY",
        }
    )["SubscriptionArn"]
    return arn


def test_what_was_made_is_found_with_its_tags_and_gone_once_deleted(ce: Any) -> None:
    arn = monitor(ce)
    (found,) = ce.get_anomaly_monitors(MonitorArnList=[arn])["AnomalyMonitors"]
    assert found["MonitorSpecification"]["Tags"] == TAG
    assert ce.list_tags_for_resource(ResourceArn=arn)["ResourceTags"] == [{"Key": "deployment", "Value": "idp"}]
    ce.delete_anomaly_monitor(MonitorArn=arn)
    assert ce.get_anomaly_monitors()["AnomalyMonitors"] == []
    with pytest.raises(ClientError, match="UnknownMonitorException"):
        ce.get_anomaly_monitors(MonitorArnList=[arn])


def test_a_subscription_changes_in_place_and_keeps_the_rest(ce: Any) -> None:
    arn = subscription(ce, monitor(ce))
    ce.update_anomaly_subscription(SubscriptionArn=arn, Frequency="WEEKLY")
    (found,) = ce.get_anomaly_subscriptions(SubscriptionArnList=[arn])["AnomalySubscriptions"]
    assert (found["Frequency"], found["Subscribers"][0]["Address"]) == ("WEEKLY", "a@example.com")
    ce.delete_anomaly_subscription(SubscriptionArn=arn)
    with pytest.raises(ClientError, match="UnknownSubscriptionException"):
        ce.update_anomaly_subscription(SubscriptionArn=arn, Frequency="DAILY")

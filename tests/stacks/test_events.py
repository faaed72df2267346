"""foundation-events: the sender's bus and rules, the receiver's queues; both under keys of their own, with alarms."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from config.deployment import Deployment
from stacks.layers import planned
from tests.synth import StackJson, Synth


@pytest.fixture(scope="module")
def sender(shipped: Synth) -> StackJson:
    return shipped.stack("idp-pci-foundation-events")


@pytest.fixture(scope="module")
def receiver(shipped: Synth) -> StackJson:
    return shipped.stack("idp-foundation-events")


def test_the_target_is_the_queue_that_the_receiver_makes(sender: StackJson, receiver: StackJson) -> None:
    (target,) = sender.of_type("aws_cloudwatch_event_target").values()
    names = {queue["name"] for queue in receiver.of_type("aws_sqs_queue").values()}
    assert target["arn"] in {f"arn:aws:sqs:us-west-2:111122223333:{name}" for name in names}
    assert target["role_arn"] == "${aws_iam_role.events_to_idp.arn}"
    assert target["dead_letter_config"] == {"arn": "${aws_sqs_queue.events_dead_letters.arn}"}


def test_the_role_of_the_sender_is_the_one_that_the_receiver_admits(sender: StackJson, receiver: StackJson) -> None:
    role = f"arn:aws:iam::444455556666:role/{sender.resource('aws_iam_role.events_to_idp')['name']}"
    for name in ("events_from_idp_pci", "events_from_idp_pci_key"):
        (admitted,) = [each for each in receiver.statements(name) if each["sid"] == "Sender"]
        assert {"test": "ArnEquals", "variable": "aws:PrincipalArn", "values": [role]} in admitted["condition"]
        assert admitted["principals"] == [{"type": "AWS", "identifiers": ["arn:aws:iam::444455556666:root"]}]


def test_no_path_leads_to_another_field_than_those_of_the_deployment_file(sender: StackJson) -> None:
    (target,) = sender.of_type("aws_cloudwatch_event_target").values()
    transformer = target["input_transformer"]
    found = {path for path in transformer["input_paths"].values() if path.startswith("$.detail")}
    assert found == {"$.detail-type", "$.detail.orderId", "$.detail.settledAt", "$.detail.status"}
    assert "aws.events" not in transformer["input_template"]


@pytest.mark.parametrize("side", ["sender", "receiver"])
def test_bus_and_queues_are_encrypted_by_keys_of_this_stack(side: str, request: pytest.FixtureRequest) -> None:
    found: StackJson = request.getfixturevalue(side)
    keys = {f"${{aws_kms_key.{name}.arn}}" for name in found.of_type("aws_kms_key")}
    assert {queue["kms_master_key_id"] for queue in found.of_type("aws_sqs_queue").values()} <= keys
    assert {bus["kms_key_identifier"] for bus in found.of_type("aws_cloudwatch_event_bus").values()} <= keys
    assert all(key["enable_key_rotation"] for key in found.of_type("aws_kms_key").values())


def test_what_nobody_can_handle_goes_to_dead_letters(receiver: StackJson) -> None:
    policy = json.loads(receiver.resource("aws_sqs_queue.events_from_idp_pci")["redrive_policy"])
    letters = "${aws_sqs_queue.events_from_idp_pci_dead_letters.arn}"
    assert policy == {"deadLetterTargetArn": letters, "maxReceiveCount": 5}


def test_alarms_ring_for_dead_letters_failures_and_readers_that_are_away(
    sender: StackJson, receiver: StackJson
) -> None:
    for stack, topic, metric in (
        (sender, "arn:aws:sns:us-west-2:444455556666:idp-pci-alarms", "FailedInvocations"),
        (receiver, "${aws_sns_topic.events.arn}", "ApproximateAgeOfOldestMessage"),
    ):
        alarms = stack.of_type("aws_cloudwatch_metric_alarm").values()
        assert {alarm["metric_name"] for alarm in alarms} == {"ApproximateNumberOfMessagesVisible", metric}
        assert all(alarm["alarm_actions"] == [topic] for alarm in alarms)


def test_the_topic_that_the_sender_s_alarms_tell_is_there(shipped: Synth) -> None:
    topics = shipped.stack("idp-pci-account").of_type("aws_sns_topic").values()
    assert "idp-pci-alarms" in {topic["name"] for topic in topics}


def test_rules_of_a_custom_bus_are_watched_by_bus_and_rule(sender: StackJson) -> None:
    alarm = sender.resource("aws_cloudwatch_metric_alarm.events_to_idp_settlements")
    assert alarm["dimensions"].keys() == {"EventBusName", "RuleName"}


def test_without_events_there_is_no_such_stack(deployment_with: Callable[..., Deployment]) -> None:
    assert "events" in {each.stack for each in planned(deployment_with())}
    assert "events" not in {each.stack for each in planned(deployment_with({"deployment:events:receive": None}))}

"""Events go from the sender's bus into the receiver's queue, and nothing goes any other way: by the policies of bus,
queues, keys and roles as they are synthesized, of both deployments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.iam_evaluator import Request, Value, admitted, allowed, allowed_across
from tests.iam_json import policy
from tests.synth import StackJson, Synth

PLATFORM, PCI = "111122223333", "444455556666"
# As the policy's own references stand for them (tests.iam_json).
QUEUE = f"arn:aws:sqs:us-west-2:{PLATFORM}:events_from_idp_pci"
REAL_QUEUE = f"arn:aws:sqs:us-west-2:{PLATFORM}:idp-events-from-idp-pci"

BUS = f"arn:aws:events:us-west-2:{PLATFORM}:event-bus/events"
REAL_BUS = f"arn:aws:events:us-west-2:{PCI}:event-bus/idp-pci-events"
RULE = f"arn:aws:events:us-west-2:{PCI}:rule/idp-pci-events/idp-pci-events-to-idp-settlements"
KEY = f"arn:aws:kms:us-west-2:{PLATFORM}:key/11111111-2222-3333-4444-555555555555"
SENDER = f"arn:aws:iam::{PCI}:role/idp-pci-events-to-idp"
VIA = {"kms:ViaService": "sqs.us-west-2.amazonaws.com"}
TLS = {"aws:SecureTransport": "true"}
ANYTHING = [{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}]
EVENT_BRIDGE = "events.amazonaws.com"


@pytest.fixture(scope="module")
def sender(shipped: Synth) -> StackJson:
    return shipped.stack("idp-pci-foundation-events")


@pytest.fixture(scope="module")
def receiver(shipped: Synth) -> StackJson:
    return shipped.stack("idp-foundation-events")


def document(stack: StackJson, name: str) -> dict[str, Any]:
    return policy(stack.statements(name))


def request(action: str, resource: str, **context: Value) -> Request:
    return Request(action=action, resource=resource, context=context)


def by(role: str, context: Mapping[str, str]) -> dict[str, Value]:
    return {"aws:PrincipalArn": role, "aws:PrincipalAccount": role.split(":")[4], **TLS, **context}


def test_the_sender_s_role_puts_messages_into_the_queue(sender: StackJson, receiver: StackJson) -> None:
    rights = document(sender, "events_to_idp")
    assert allowed(request("sqs:SendMessage", REAL_QUEUE), [rights])
    send = request("sqs:SendMessage", QUEUE, **by(SENDER, {}))
    assert admitted(send, document(receiver, "events_from_idp_pci"), PCI)


@pytest.mark.parametrize("action", ["kms:GenerateDataKey", "kms:Decrypt"])
def test_it_uses_the_queue_s_key_through_the_queue_only(sender: StackJson, receiver: StackJson, action: str) -> None:
    rights, key = [document(sender, "events_to_idp")], document(receiver, "events_from_idp_pci_key")
    assert allowed_across(request(action, KEY, **by(SENDER, VIA)), rights, key, PCI)
    assert not allowed_across(request(action, KEY, **by(SENDER, {})), rights, key, PCI)


@pytest.mark.parametrize(
    "action", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:SetQueueAttributes", "sqs:GetQueueUrl"]
)
def test_the_sender_reads_and_changes_nothing_whatever_its_own_account_allows(receiver: StackJson, action: str) -> None:
    asked = request(action, QUEUE, **by(SENDER, {}))
    assert not allowed_across(asked, ANYTHING, document(receiver, "events_from_idp_pci"), PCI)


@pytest.mark.parametrize("action", ["kms:Encrypt", "kms:CreateGrant", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"])
def test_the_sender_does_nothing_else_with_the_key(receiver: StackJson, action: str) -> None:
    asked = request(action, KEY, **by(SENDER, VIA))
    assert not allowed_across(asked, ANYTHING, document(receiver, "events_from_idp_pci_key"), PCI)


@pytest.mark.proves("7.2.5", "7.3.3")
@pytest.mark.parametrize(
    "role", [f"arn:aws:iam::{PCI}:role/idp-pci-admin", f"arn:aws:iam::{PCI}:role/idp-pci-events-to-idp-2"]
)
def test_no_other_role_of_the_sender_s_account_sends(receiver: StackJson, role: str) -> None:
    send, encrypt = request("sqs:SendMessage", QUEUE, **by(role, {})), request("kms:Decrypt", KEY, **by(role, VIA))
    assert not allowed_across(send, ANYTHING, document(receiver, "events_from_idp_pci"), PCI)
    assert not allowed_across(encrypt, ANYTHING, document(receiver, "events_from_idp_pci_key"), PCI)


def test_a_third_account_gets_nowhere(sender: StackJson, receiver: StackJson) -> None:
    stranger = "999988887777"
    role = f"arn:aws:iam::{stranger}:role/idp-pci-events-to-idp"
    for asked, stack, name in (
        (request("sqs:SendMessage", QUEUE, **by(role, {})), receiver, "events_from_idp_pci"),
        (request("kms:GenerateDataKey", KEY, **by(role, VIA)), receiver, "events_from_idp_pci_key"),
        (request("events:PutEvents", BUS, **by(role, {"events:source": "payments.settlement"})), sender, "events_bus"),
    ):
        assert not allowed_across(asked, ANYTHING, document(stack, name), stranger), name


@pytest.mark.proves("1.3.1", "7.3.2")
@pytest.mark.parametrize(
    "action", ["events:PutEvents", "events:PutRule", "events:PutTargets", "events:DescribeEventBus", "events:ListRules"]
)
def test_the_platform_has_no_right_on_the_bus(sender: StackJson, action: str) -> None:
    for role in ("idp-admin", "idp-deployer", "idp-argo-events-sa"):
        caller = by(f"arn:aws:iam::{PLATFORM}:role/{role}", {"events:source": "payments.settlement"})
        assert not allowed_across(request(action, BUS, **caller), ANYTHING, document(sender, "events_bus"), PLATFORM)


def test_the_platform_has_no_right_on_the_sender_s_dead_letters_and_key(sender: StackJson) -> None:
    caller = by(f"arn:aws:iam::{PLATFORM}:role/idp-admin", VIA)
    for action in ("sqs:ReceiveMessage", "sqs:SendMessage"):
        letters = f"arn:aws:sqs:us-west-2:{PLATFORM}:events_dead_letters"
        asked = request(action, letters, **caller)
        assert not allowed_across(asked, ANYTHING, document(sender, "events_dead_letters"), PLATFORM)
    for action in ("kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"):
        assert not allowed_across(request(action, KEY, **caller), ANYTHING, document(sender, "events_key"), PLATFORM)


def test_own_applications_put_events_of_what_crosses(sender: StackJson) -> None:
    role = f"arn:aws:iam::{PCI}:role/settlement"
    bus = document(sender, "events_bus")
    assert admitted(request("events:PutEvents", BUS, **by(role, {"events:source": "payments.settlement"})), bus, PCI)
    assert not admitted(request("events:PutEvents", BUS, **by(role, {"events:source": "payments.cards"})), bus, PCI)
    assert not admitted(request("events:PutRule", BUS, **by(role, {})), bus, PCI)


def test_the_role_is_assumed_for_rules_of_the_bus_only(sender: StackJson) -> None:
    trust = document(sender, "events_to_idp_trust")
    trust["Statement"] = [each | {"Resource": "*"} for each in trust["Statement"]]

    def assumed(source: str, account: str = PCI) -> bool:
        context = {"aws:SourceArn": source, "aws:SourceAccount": account}
        return admitted(request("sts:AssumeRole", SENDER, **context), trust, EVENT_BRIDGE)

    assert assumed(RULE)
    assert not assumed(RULE.replace("idp-pci-events/", ""))
    assert not assumed(RULE.replace(PCI, PLATFORM), PLATFORM)


def test_dead_letters_come_from_rules_and_bus_of_the_account(sender: StackJson) -> None:
    letters = f"arn:aws:sqs:us-west-2:{PLATFORM}:events_dead_letters"
    for source, expected in ((RULE, True), (REAL_BUS, True), (RULE.replace("idp-pci-events/", "other/"), False)):
        context = {"aws:SourceArn": source, "aws:SourceAccount": PCI, **TLS}
        for asked, name in (
            (request("sqs:SendMessage", letters, **context), "events_dead_letters"),
            (request("kms:GenerateDataKey", KEY, **context), "events_key"),
        ):
            assert admitted(asked, document(sender, name), EVENT_BRIDGE) is expected, (source, name)


def test_nobody_speaks_to_a_queue_in_plain_text(sender: StackJson, receiver: StackJson) -> None:
    plain = by(SENDER, {}) | {"aws:SecureTransport": "false"}
    send = request("sqs:SendMessage", QUEUE, **plain)
    assert not admitted(send, document(receiver, "events_from_idp_pci"), PCI)
    for stack, name in ((receiver, "events_from_idp_pci_dead_letters"), (sender, "events_dead_letters")):
        (denied,) = [each for each in document(stack, name)["Statement"] if each["Effect"] == "Deny"]
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_whoever_reads_reads_queues_of_events_alone(shipped: Synth) -> None:
    rights = [document(shipped.stack("idp-foundation-iam"), "argo_events_sa")]
    alias = {"kms:ResourceAliases": "alias/idp-events-from-idp-pci"}
    for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueUrl"):
        assert allowed(request(action, REAL_QUEUE), rights)
        assert not allowed(request(action, f"arn:aws:sqs:us-west-2:{PLATFORM}:idp-karpenter"), rights)
    assert not allowed(request("sqs:SendMessage", REAL_QUEUE), rights)
    assert allowed(request("kms:Decrypt", KEY, **VIA, **alias), rights)
    assert not allowed(request("kms:Decrypt", KEY, **VIA, **{"kms:ResourceAliases": "alias/idp-data"}), rights)
    assert not allowed(request("kms:Decrypt", KEY, **alias), rights)

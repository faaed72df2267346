"""Who may do what with bus, queues and keys on the way: resource policies and the sender's role. Pure.

Sources: Amazon EventBridge User Guide, "Sending events to an AWS service in another account" (execution role in the
bus's account, and a resource policy of the target), "Encrypting event buses with AWS KMS keys", "Using dead-letter
queues"; Amazon SQS Developer Guide, "Key management" (producers need GenerateDataKey and Decrypt).

The other account's role may not exist yet, and a policy that names it would be refused: the account is named, and
``aws:PrincipalArn`` narrows it to the role.
"""

from __future__ import annotations

from collections.abc import Sequence

from constructs_lib.events.names import Way
from constructs_lib.iam.document import Condition, Statement, when
from constructs_lib.naming import Naming

_SEND_KEY = ("kms:Decrypt", "kms:GenerateDataKey")
EVENT_BRIDGE = {"Service": ("events.amazonaws.com",)}


def insecure_denied(queue: str) -> Statement:
    return Statement(
        sid="DenyInsecureTransport",
        deny=True,
        actions=("sqs:*",),
        resources=(queue,),
        principals={"*": ("*",)},
        conditions=(when("Bool", "aws:SecureTransport", "false"),),
    )


def bus_policy(naming: Naming, bus: str, sources: Sequence[str]) -> list[Statement]:
    """Only this account's principals put events on the bus, of the sources that cross; each by its own rights, too."""
    return [
        Statement(
            sid="OwnApplications",
            actions=("events:PutEvents",),
            resources=(bus,),
            principals={"AWS": (_account(naming.account),)},
            conditions=(when("StringEquals", "events:source", *sorted(set(sources))),),
        ),
        Statement(
            sid="DenyOtherAccounts",
            deny=True,
            actions=("events:*",),
            resources=(bus,),
            principals={"AWS": ("*",)},
            conditions=(when("StringNotEquals", "aws:PrincipalAccount", naming.account),),
        ),
    ]


def of_bus(naming: Naming, bus: str) -> tuple[Condition, Condition]:
    """EventBridge, acting for the bus or for a rule on it."""
    return (
        when("StringEquals", "aws:SourceAccount", naming.account),
        when("ArnLike", "aws:SourceArn", naming.arn("events", f"event-bus/{bus}"), _rules(naming, bus)),
    )


def bus_key(naming: Naming, bus: str) -> list[Statement]:
    """The key of bus and dead letters: EventBridge alone uses it."""
    return [
        Statement(
            sid="BusAndDeadLetters",
            actions=(*_SEND_KEY, "kms:DescribeKey"),
            resources=("*",),
            principals=EVENT_BRIDGE,
            conditions=of_bus(naming, bus),
        )
    ]


def dead_letters_policy(naming: Naming, bus: str, queue: str) -> list[Statement]:
    """What couldn't be delivered comes from EventBridge, not by the role."""
    return [
        Statement(
            sid="OfOwnBus",
            actions=("sqs:SendMessage",),
            resources=(queue,),
            principals=EVENT_BRIDGE,
            conditions=of_bus(naming, bus),
        ),
        insecure_denied(queue),
    ]


def sender_trust(naming: Naming, bus: str) -> Statement:
    return Statement(
        sid="RulesOfTheBus",
        actions=("sts:AssumeRole",),
        principals=EVENT_BRIDGE,
        conditions=(
            when("StringEquals", "aws:SourceAccount", naming.account),
            when("ArnLike", "aws:SourceArn", _rules(naming, bus)),
        ),
    )


def sender_rights(way: Way) -> list[Statement]:
    """Put messages into one queue of another account. Its key is named by who lets in: the key's own policy."""
    return [
        Statement(sid="Send", actions=("sqs:SendMessage",), resources=(way.queue_arn,)),
        Statement(
            sid="EncryptForQueue",
            actions=_SEND_KEY,
            resources=(way.keys,),
            conditions=(when("StringEquals", "kms:ViaService", way.through_queues),),
        ),
    ]


def queue_policy(way: Way, queue: str) -> list[Statement]:
    """The sender's role puts messages in, and no one else of another account does anything."""
    return [
        Statement(
            sid="Sender",
            actions=("sqs:SendMessage",),
            resources=(queue,),
            principals={"AWS": (_account(way.sender_account),)},
            conditions=(_role(way),),
        ),
        insecure_denied(queue),
    ]


def queue_key(way: Way) -> list[Statement]:
    """The sender's role encrypts what it sends, through SQS only. Decrypt verifies the data key; reading needs more:
    sqs:ReceiveMessage, which the queue's policy gives to nobody outside."""
    return [
        Statement(
            sid="Sender",
            actions=_SEND_KEY,
            resources=("*",),
            principals={"AWS": (_account(way.sender_account),)},
            conditions=(_role(way), when("StringEquals", "kms:ViaService", way.through_queues)),
        )
    ]


def _role(way: Way) -> Condition:
    return when("ArnEquals", "aws:PrincipalArn", way.role_arn)


def _rules(naming: Naming, bus: str) -> str:
    """Amazon EventBridge User Guide, "Managing access permissions": rules on a custom bus."""
    return naming.arn("events", f"rule/{bus}/*")


def _account(account: str) -> str:
    return f"arn:aws:iam::{account}:root"

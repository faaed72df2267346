"""Names of the way that events take. Each end computes the other's: nothing but configuration crosses. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.deployment import Deployment

DEAD_LETTERS = "dead-letters"


def queue_purpose(sender: str) -> str:
    """What the receiver calls the queue of ``sender``'s events, and its key."""
    return f"events-from-{sender}"


def role_purpose(receiver: str) -> str:
    """What the sender calls the role that puts events into ``receiver``'s queue."""
    return f"events-to-{receiver}"


@dataclass(frozen=True, kw_only=True)
class Way:
    """From deployment ``sender`` to deployment ``receiver``, each in its account, both in ``region``."""

    sender: str
    sender_account: str
    receiver: str
    receiver_account: str
    region: str

    @property
    def queue(self) -> str:
        """Name of the queue: ``idp-events-from-idp-pci``."""
        return f"{self.receiver}-{queue_purpose(self.sender)}"

    @property
    def queue_arn(self) -> str:
        return f"arn:aws:sqs:{self.region}:{self.receiver_account}:{self.queue}"

    @property
    def keys(self) -> str:
        """Every key of the receiver's account: the queue's has an id that AWS makes, and key policies name callers."""
        return f"arn:aws:kms:{self.region}:{self.receiver_account}:key/*"

    @property
    def role_arn(self) -> str:
        """The role that puts events into the queue."""
        return f"arn:aws:iam::{self.sender_account}:role/{self.sender}-{role_purpose(self.receiver)}"

    @property
    def through_queues(self) -> str:
        """The value of kms:ViaService for what SQS asks of a key."""
        return f"sqs.{self.region}.amazonaws.com"


def bus_name(deployment: str) -> str:
    """Name of the bus that a sender's applications put events on: ``idp-pci-events``."""
    return f"{deployment}-events"


def way_out(deployment: Deployment) -> Way | None:
    """Where the events of ``deployment`` go, if anywhere."""
    forward, own = deployment.events.forward, deployment.platform
    if forward is None:
        return None
    return Way(
        sender=deployment.id,
        sender_account=own.account,
        receiver=forward.deployment,
        receiver_account=forward.account,
        region=own.region,
    )


def ways_in(deployment: Deployment) -> Mapping[str, Way]:
    """Sender → where its events come in."""
    own = deployment.platform
    return {
        each.deployment: Way(
            sender=each.deployment,
            sender_account=each.account,
            receiver=deployment.id,
            receiver_account=own.account,
            region=own.region,
        )
        for each in deployment.events.receive
    }

"""An event put on the sender's bus arrives in the receiver's queue, with the fields that may cross and no others.

The stacks' own JSON, applied by the real engine to one server that holds both accounts; what other stacks would give
them is filled in, so that nothing else need be applied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config

from idp.engine import Engine
from idp.operation import QUIET
from sandbox import process
from sandbox.cycle import PARALLELISM, Sandbox
from tests.integration.conftest import ROOT, tofu
from tests.synth import StackJson, Synth

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1200)]

SENDER, RECEIVER = "444455556666", "111122223333"
QUEUE = "idp-events-from-idp-pci"
STACKS = {"idp-pci-foundation-events": SENDER, "idp-foundation-events": RECEIVER}
DETAIL = {"orderId": "o-1", "status": "settled", "settledAt": "2026-05-04T12:00:00Z"}


@dataclass(frozen=True, kw_only=True)
class Way:
    """Clients of both accounts."""

    sandbox: Sandbox

    def client(self, service: str, account: str) -> Any:
        variables = self.sandbox.environment(account)
        return boto3.client(
            service,
            region_name=variables["AWS_REGION"],
            endpoint_url=variables["AWS_ENDPOINT_URL"],
            aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
            config=Config(proxies={}, retries={"max_attempts": 1}),
        )

    def put(self, detail: Any, *, source: str = "payments.settlement", kind: str = "SettlementDone") -> str:
        entry = {"Source": source, "DetailType": kind, "Detail": json.dumps(detail), "EventBusName": "idp-pci-events"}
        answer = self.client("events", SENDER).put_events(Entries=[entry])
        assert answer["FailedEntryCount"] == 0
        identifier: str = answer["Entries"][0]["EventId"]
        return identifier

    def messages(self, queue: str, account: str) -> list[dict[str, Any]]:
        """What waits in ``queue``, taken out."""
        sqs = self.client("sqs", account)
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        given = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        found: list[dict[str, Any]] = given.get("Messages", [])
        for each in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return found

    def received(self) -> list[dict[str, Any]]:
        return [json.loads(each["Body"]) for each in self.messages(QUEUE, RECEIVER)]

    def dead(self) -> list[dict[str, Any]]:
        return self.messages("idp-pci-events-dead-letters", SENDER)


def alone(stack: StackJson, account: str) -> dict[str, Any]:
    """The stack's JSON without a backend, and without other stacks' states."""
    text = json.dumps({k: v for k, v in stack.document.items() if k != "output"})
    key = f"arn:aws:kms:us-west-2:{account}:key/11111111-2222-3333-4444-555555555555"
    document: dict[str, Any] = json.loads(re.sub(r"\$\{data\.terraform_remote_state\.[a-z_.]+key_arn\}", key, text))
    document["data"].pop("terraform_remote_state")
    document["terraform"].pop("backend")
    return document


def apply(sandbox: Sandbox, stack: StackJson) -> None:
    """Apply the stack in its account; planned again, it has no changes."""
    work, account = sandbox.directory / stack.name, STACKS[stack.name]
    work.mkdir()
    (work / "cdk.tf.json").write_text(json.dumps(alone(stack, account)))
    engine = Engine(program=tofu(), environment=sandbox.environment(account), report=print, timeout=900)
    engine.run(work, "init", *QUIET)
    engine.run(work, "apply", *QUIET, "-auto-approve", f"-parallelism={PARALLELISM}")
    assert engine.attempt(work, "plan", *QUIET, "-detailed-exitcode").code == 0, stack.name


@pytest.fixture(scope="module")
def way(shipped: Synth, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    directory = tmp_path_factory.mktemp("events")
    sandbox = Sandbox(directory=directory, program=tofu(), config=ROOT / "cdktf.json")
    sandbox.start()
    try:
        # Neither waits for the other: each computes the other's names.
        with ThreadPoolExecutor() as pool:
            for made in [pool.submit(apply, sandbox, shipped.stack(name)) for name in STACKS]:
                made.result()
        yield Way(sandbox=sandbox)
    finally:
        process.stop(directory)


@pytest.mark.proves("1.3.2")
def test_an_event_arrives_with_the_fields_that_may_cross_and_no_others(way: Way) -> None:
    identifier = way.put(DETAIL | {"pan": "4111111111111111", "card": {"cvv": "123"}, "amount": 12})
    (message,) = way.received()
    assert message.keys() == {"detail", "detailType", "id", "source", "time"}
    assert message["detail"] == DETAIL
    assert (message["id"], message["source"], message["detailType"]) == (
        identifier,
        "payments.settlement",
        "SettlementDone",
    )


def test_texts_arrive_as_they_were_whatever_they_hold(way: Way) -> None:
    odd = {"orderId": 'a "b" \\ <status> ${x}', "status": 7, "settledAt": True}
    way.put(odd)
    assert [message["detail"] for message in way.received()] == [odd]


@pytest.mark.parametrize(
    ("source", "kind"), [("payments.cards", "SettlementDone"), ("payments.settlement", "CardStored")]
)
def test_other_events_stay(way: Way, source: str, kind: str) -> None:
    way.put(DETAIL, source=source, kind=kind)
    assert way.received() == []


@pytest.mark.parametrize("hidden", [{"pan": "4111111111111111"}, [{"pan": "4111111111111111"}], {}])
def test_an_object_crosses_under_no_name_that_may(way: Way, hidden: Any) -> None:
    way.put(DETAIL | {"status": hidden})
    assert (way.received(), way.dead()) == ([], [])


def test_what_cannot_be_sent_waits_in_the_sender_s_account(way: Way) -> None:
    sqs = way.client("sqs", RECEIVER)
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    sqs.delete_queue(QueueUrl=url)
    identifier = way.put(DETAIL)
    (dead,) = way.dead()
    assert json.loads(dead["Body"])["id"] == identifier
    assert dead["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_RESOURCE"

"""Rung 3: locks in every mode, and the state bucket's real policy, which must let lock files and states through."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from idp import apply as applying
from idp.errors import OperationError
from idp.operation import Operation
from idp.unlock import Lock, held, may_run, release
from tests.integration.conftest import Box

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]

MODES = ("dynamodb", "s3", "both")
WAIT_SECONDS = 120
DEAD, CREATED = "11111111-2222-3333-4444-555555555555", "2026-11-27T07:33:28.123456789Z"


def client(box: Box, service: str) -> Any:
    variables = box.operation.engine.environment
    return boto3.client(
        service,
        region_name=variables["AWS_REGION"],
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        config=Config(proxies={}, retries={"max_attempts": 1}),
    )


def backend(box: Box, mode: str, key: str) -> dict[str, Any]:
    """The backend of the bootstrap stack's JSON, with another key and the lock ``mode``."""
    made = dict(box.operation.bootstrap.document["terraform"]["backend"]["s3"]) | {"key": key}
    table = made.pop("dynamodb_table")
    made.pop("use_lockfile", None)
    if mode in ("dynamodb", "both"):
        made["dynamodb_table"] = table
    if mode in ("s3", "both"):
        made["use_lockfile"] = True
    return made


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def holder(box: Box, mode: str, tmp_path: Path) -> Iterator[tuple[Callable[[], Operation], threading.Event]]:
    """(a maker of operations on one small stack, an event that is set when its first apply holds the lock).

    The stack's only resource waits as long as a file is there: the first apply holds the lock until the test ends it.
    """
    name = f"idp-lock-{mode}"
    gate = tmp_path / "gate"
    gate.touch()
    held = tmp_path / "held"
    command = f"touch {held}; while [ -e {gate} ]; do sleep 0.1; done"
    document = {
        "terraform": {"backend": {"s3": backend(box, mode, name)}},
        "resource": {"terraform_data": {"wait": {"provisioner": [{"local-exec": {"command": command}}]}}},
    }
    # The providers of the first and the second apply must not share a working copy: two people have one each.
    numbers = iter(range(10))

    def operation() -> Operation:
        return box.small(tmp_path / str(next(numbers)), {name: document})

    first = operation()
    errors: list[Exception] = []

    def run() -> None:
        try:
            applying.apply_stack(first, first.init(first.stacks[0]))
        except OperationError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    event = threading.Event()
    deadline = time.monotonic() + WAIT_SECONDS
    while not held.exists() and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.1)
    if held.exists():
        event.set()
    yield operation, event
    gate.unlink()
    thread.join()
    assert not errors, errors[0]
    destroy(first)


def test_a_second_apply_gets_the_lock_error(
    holder: tuple[Callable[[], Operation], threading.Event], mode: str, box: Box
) -> None:
    operation, held = holder
    assert held.is_set(), "the first apply never held the lock"
    keys = [o["Key"] for o in client(box, "s3").list_objects_v2(Bucket=state_bucket(box))["Contents"]]
    assert (f"idp-lock-{mode}.tflock" in keys) is (mode in ("s3", "both"))
    second = operation()
    (lock,) = locks(second, box)
    assert len(lock.where) == (2 if mode == "both" else 1)
    assert lock.doing == "OperationTypeApply"
    assert may_run(lock)
    with pytest.raises(OperationError, match="Error acquiring the state lock"):
        applying.apply_stack(second, second.init(second.stacks[0]))


def test_the_lock_is_free_after_the_apply(box: Box, mode: str, tmp_path: Path) -> None:
    name = f"idp-free-{mode}"
    document = {
        "terraform": {"backend": {"s3": backend(box, mode, name)}},
        "resource": {"terraform_data": {"nothing": {"input": "x"}}},
    }
    operation = box.small(tmp_path, {name: document})
    directory = operation.init(operation.stacks[0])
    assert applying.apply_stack(operation, directory) == "+1 ~0 -0"
    assert applying.apply_stack(operation, directory) == "no changes"
    destroy(operation)


def locks(operation: Operation, box: Box) -> list[Lock]:
    return held(operation.stacks[0], lambda service: client(box, service))


def test_a_lock_whose_holder_is_gone_is_released_wherever_it_is(box: Box, mode: str, tmp_path: Path) -> None:
    """As a killed apply leaves it: in the table, in the file, in both; and where only the file was released yet."""
    name = f"idp-dead-{mode}"
    document = {
        "terraform": {"backend": {"s3": backend(box, mode, name)}},
    }
    operation = box.small(tmp_path, {name: document})
    # Byte for byte as the engine writes it: the table's item is deleted under that condition.
    fields = {"ID": DEAD, "Operation": "OperationTypeApply", "Info": "", "Who": "ci@elsewhere", "Version": "1.11.1"}
    info = json.dumps({**fields, "Created": CREATED, "Path": ""}, separators=(",", ":"))
    for places in ({"table", "file"}, {"table"}):
        if mode in ("s3", "both") and "file" in places:
            client(box, "s3").put_object(Bucket=state_bucket(box), Key=f"{name}.tflock", Body=info.encode())
        if mode in ("dynamodb", "both"):
            item = {"LockID": {"S": f"{state_bucket(box)}/{name}"}, "Info": {"S": info}}
            client(box, "dynamodb").put_item(TableName=table(box), Item=item)
        for lock in locks(operation, box):
            assert (lock.id, lock.since) == (DEAD, "2026-11-27 07:33:28")
            release(operation, operation.stacks[0], lock, lambda service: client(box, service))
        assert locks(operation, box) == []


def table(box: Box) -> str:
    found: str = box.operation.bootstrap.document["terraform"]["backend"]["s3"]["dynamodb_table"]
    return found


def destroy(operation: Operation) -> None:
    """Leave no state behind: the shared sandbox's teardown refuses to lose one."""
    operation.engine.run(operation.init(operation.stacks[0]), "destroy", "-auto-approve", "-input=false")


def state_bucket(box: Box) -> str:
    found: str = box.operation.bootstrap.document["terraform"]["backend"]["s3"]["bucket"]
    return found


@pytest.mark.parametrize(
    "encryption",
    [
        {"ServerSideEncryption": "AES256"},
        {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "arn:aws:kms:us-west-2:111122223333:key/another"},
    ],
    ids=["another algorithm", "another key"],
)
def test_the_state_bucket_refuses_other_encryption(box: Box, encryption: dict[str, str]) -> None:
    with pytest.raises(ClientError) as caught:
        client(box, "s3").put_object(Bucket=state_bucket(box), Key="idp-test", Body=b"{}", **encryption)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_the_state_bucket_takes_a_put_without_header_and_one_with_its_key(box: Box) -> None:
    s3, bucket = client(box, "s3"), state_bucket(box)
    key = box.operation.bootstrap.document["terraform"]["backend"]["s3"]["kms_key_id"]
    s3.put_object(Bucket=bucket, Key="idp-test", Body=b"{}")
    s3.put_object(Bucket=bucket, Key="idp-test", Body=b"{}", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    s3.delete_object(Bucket=bucket, Key="idp-test")


def test_what_the_server_cannot_do_is_an_error_that_nobody_retries(box: Box) -> None:
    with pytest.raises(ClientError) as caught:
        client(box, "ecr").start_lifecycle_policy_preview(repositoryName="idp")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400

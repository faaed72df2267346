"""Rung 3: faults, seen and mended by the project's own commands: nothing is lost, the message says what to do.

The rarer ones are of the long rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.inventory import client_of
from tests.integration.conftest import Box, change
from tests.integration.user import CREATED, DEAD, User, backend, log_groups, output

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1200)]

NO_CHANGES = "no changes"


@pytest.fixture
def user(box: Box, tmp_path: Path, request: pytest.FixtureRequest) -> User:
    """Somebody with a stack of two log groups, ``idp-fault-<test>``, of which nothing is applied yet."""
    name = stack_of(request.node.name)
    out = output(box, tmp_path / "out", {name: log_groups(box, name, ["first", "second"])})
    return User(box=box, out=out, directory=tmp_path)


@pytest.fixture
def stack(request: pytest.FixtureRequest) -> str:
    return stack_of(request.node.name)


def stack_of(test: str) -> str:
    return f"idp-fault-{test.removeprefix('test_')[:20].strip('_').replace('_', '-')}"


@pytest.fixture
def aws(box: Box) -> Callable[[str], Any]:
    return lambda service: client_of(service, box.operation.engine.environment)


def groups(aws: Callable[[str], Any], stack: str) -> list[str]:
    return [
        each["logGroupName"] for each in aws("logs").describe_log_groups(logGroupNamePrefix=f"/{stack}/")["logGroups"]
    ]


def both(stack: str) -> list[str]:
    return [f"/{stack}/first", f"/{stack}/second"]


def test_lock_held(user: User, stack: str, aws: Callable[[str], Any]) -> None:
    table, bucket = (backend(user.box, stack)[key] for key in ("dynamodb_table", "bucket"))
    info = {"ID": DEAD, "Operation": "OperationTypeApply", "Info": "", "Who": "ci@elsewhere", "Version": "1.11.1"}
    text = json.dumps({**info, "Created": CREATED, "Path": ""}, separators=(",", ":"))
    aws("dynamodb").put_item(TableName=table, Item={"LockID": {"S": f"{bucket}/{stack}"}, "Info": {"S": text}})
    said = user.fails("apply", "--stack", stack)
    assert "Error acquiring the state lock" in said
    assert "ci@elsewhere" in said
    assert "Next: wait for the other run" in said
    assert f"python -m idp unlock --deployment idp --stack {stack}" in said
    assert groups(aws, stack) == []
    refused = user.fails("unlock", "--stack", stack)
    assert f"add --yes-lock {DEAD}" in refused
    assert f"python -m idp recover --deployment idp --stack {stack}" in user.runs(
        "unlock", "--stack", stack, "--yes-lock", DEAD
    )
    assert "+2 ~0 -0" in user.runs("apply", "--stack", stack)
    assert groups(aws, stack) == both(stack)


def test_lock_table_missing(user: User, stack: str, aws: Callable[[str], Any]) -> None:
    table = backend(user.box, stack)["dynamodb_table"]
    aws("dynamodb").update_table(TableName=table, DeletionProtectionEnabled=False)
    aws("dynamodb").delete_table(TableName=table)
    said = user.fails("apply", "--stack", stack)
    assert "ResourceNotFoundException" in said
    assert "Next: run `python -m idp bootstrap --deployment idp`: it makes the lock table again" in said
    assert groups(aws, stack) == []
    assert "the lock table isn't there; it is made again" in user.runs("bootstrap")
    assert table in aws("dynamodb").list_tables()["TableNames"]
    assert "+2 ~0 -0" in user.runs("apply", "--stack", stack)
    assert NO_CHANGES in user.runs("bootstrap")


@contextmanager
def denied(aws: Callable[[str], Any], bucket: str, actions: list[str], resource: str) -> Iterator[None]:
    """While it lasts, the bucket's policy denies ``actions`` to everybody, beside what it says always."""
    s3 = aws("s3")
    before = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    policy = json.loads(before)
    deny = {"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": f"arn:aws:s3:::{bucket}{resource}"}
    policy["Statement"].append(deny)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    try:
        yield
    finally:
        # The tests' own client is denied as well: its calls on the policy aren't.
        s3.put_bucket_policy(Bucket=bucket, Policy=before)


def test_state_unwritable(user: User, stack: str, aws: Callable[[str], Any]) -> None:
    """What is made while nobody may write the state is in errored.tfstate, and the next command stores it."""
    bucket = backend(user.box, stack)["bucket"]
    with denied(aws, bucket, ["s3:PutObject"], f"/{stack}"):
        said = user.fails("apply", "--stack", stack)
        assert "Failed to save state" in said
        assert "StatusCode: 403" in said
        assert f"{user.work(stack) / 'errored.tfstate'} holds what was made" in said
        assert groups(aws, stack) == both(stack)
        assert "isn't stored yet" in user.fails("apply", "--stack", stack)
    went_on = user.runs("apply", "--stack", stack)
    assert "the state that an earlier command couldn't store is in its bucket now" in went_on
    assert NO_CHANGES in went_on
    assert groups(aws, stack) == both(stack)


def test_state_unreadable(user: User, stack: str, aws: Callable[[str], Any]) -> None:
    with denied(aws, backend(user.box, stack)["bucket"], ["s3:GetObject", "s3:ListBucket"], "*"):
        said = user.fails("apply", "--stack", stack)
    assert "idp-bootstrap: can't read the remote state" in said
    assert "Next: check credentials, account, region and rights on the state bucket" in said
    assert groups(aws, stack) == []


@pytest.mark.soak
def test_state_corrupted(user: User, stack: str, aws: Callable[[str], Any]) -> None:
    """An object that was overwritten past the engine; its version before is restored as docs/RESTORE.md says."""
    user.runs("apply", "--stack", stack)
    bucket, s3 = backend(user.box, stack)["bucket"], aws("s3")
    s3.put_object(Bucket=bucket, Key=stack, Body=b'{"version": 4, "resources": [')
    said = user.fails("apply", "--stack", stack)
    assert "does not have the expected content" in said
    assert 'Next: see "A state is lost or wrong" in docs/RESTORE.md' in said
    versions = s3.list_object_versions(Bucket=bucket, Prefix=stack)["Versions"]
    good = next(each["VersionId"] for each in versions if not each["IsLatest"])
    s3.copy_object(Bucket=bucket, Key=stack, CopySource={"Bucket": bucket, "Key": stack, "VersionId": good})
    assert NO_CHANGES in user.runs("apply", "--stack", stack)
    assert groups(aws, stack) == both(stack)


@pytest.mark.soak
def test_state_older(user: User, stack: str, aws: Callable[[str], Any]) -> None:
    """A state that is whole and wrong: an older version is written by the engine, with a higher serial."""
    user.runs("apply", "--stack", stack)
    bucket, s3 = backend(user.box, stack)["bucket"], aws("s3")
    engine, directory = user.box.operation.engine, user.work(stack)
    whole = json.loads(engine.run(directory, "state", "pull").text)
    engine.run(directory, "state", "rm", "aws_cloudwatch_log_group.first")
    versions = s3.list_object_versions(Bucket=bucket, Prefix=stack)["Versions"]
    older = [
        json.loads(s3.get_object(Bucket=bucket, Key=stack, VersionId=v["VersionId"])["Body"].read()) for v in versions
    ]
    (before,) = [each for each in older if each["serial"] == whole["serial"]]
    (directory / "restored.tfstate").write_text(json.dumps({**before, "serial": before["serial"] + 1000}))
    engine.run(directory, "state", "push", "restored.tfstate")
    assert NO_CHANGES in user.runs("apply", "--stack", stack)


@pytest.mark.soak
def test_cut_short(user: User, stack: str) -> None:
    """What was cut short while it was made, and nothing may replace, is kept by `recover`."""

    def guard(document: dict[str, Any]) -> None:
        document["resource"]["aws_cloudwatch_log_group"]["first"]["lifecycle"] = {"prevent_destroy": True}

    change(user.out, stack, guard)
    user.runs("apply", "--stack", stack)
    for name in ("first", "second"):
        user.box.operation.engine.run(user.work(stack), "taint", f"aws_cloudwatch_log_group.{name}")
    said = user.fails("apply", "--stack", stack)
    assert "Resource instance cannot be destroyed" in said
    assert f"`python -m idp recover --deployment idp --stack {stack}` keeps it" in said
    recovered = user.runs("recover", "--stack", stack)
    assert "aws_cloudwatch_log_group.first was cut short while it was made; it is kept" in recovered
    assert "second" not in recovered
    assert "+1 ~0 -1" in user.runs("apply", "--stack", stack)


@pytest.mark.soak
def test_log_full(user: User, stack: str, aws: Callable[[str], Any]) -> None:
    """A disk that is full under the log stops the log, not the apply."""
    user.work(stack).mkdir(parents=True)
    (user.work(stack) / "engine.log").symlink_to("/dev/full")
    said = user.runs("apply", "--stack", stack)
    assert "No space left on device; the command goes on without its log" in said
    assert "+2 ~0 -0" in said
    assert groups(aws, stack) == both(stack)

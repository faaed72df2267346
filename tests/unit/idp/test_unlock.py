"""Tests of who holds a lock, and of when that process may still run."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from idp.errors import OperationError
from idp.output import Stack
from idp.unlock import Lock, held, may_run
from idp.unlock_cli import _confirm
from tests.unit.idp.output import stack

INFO = {
    "ID": "6c2f",
    "Operation": "OperationTypeApply",
    "Who": "ada@laptop",
    "Created": "2026-11-27T07:33:28.1Z",
    "Path": "states/idp-cluster-eks",
}
LOCK = Lock(
    id="6c2f", who="ada@laptop", since="2026-11-27 07:33:28", doing="OperationTypeApply", where=("table locks",)
)


def locked(**backend: Any) -> Stack:
    made = stack("idp-cluster-eks")
    s3 = {"bucket": "states", "key": "idp-cluster-eks", "region": "us-west-2", **backend}
    return dataclasses.replace(made, document={**made.document, "terraform": {"backend": {"s3": s3}}})


class Store:
    """The two calls that a lock is read by, on one item and one file."""

    def __init__(self, item: str | None, file: str | None) -> None:
        self.item, self.file = item, file

    def get_item(self, *, TableName: str, Key: Any, ConsistentRead: bool) -> Any:
        assert (TableName, ConsistentRead) == ("locks", True)
        assert Key == {"LockID": {"S": "states/idp-cluster-eks"}}
        return {} if self.item is None else {"Item": {"Info": {"S": self.item}}}

    def get_object(self, *, Bucket: str, Key: str) -> Any:
        assert (Bucket, Key) == ("states", "idp-cluster-eks.tflock")
        if self.file is None:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "no"}}, "GetObject")
        return {"Body": io.BytesIO(self.file.encode())}


def store(item: str | None = None, file: str | None = None) -> Callable[[str], Any]:
    return lambda _service: Store(item, file)


BOTH = {"dynamodb_table": "locks", "use_lockfile": True}


def test_a_lock_in_both_places_is_one_with_who_since_and_where() -> None:
    (lock,) = held(locked(**BOTH), store(json.dumps(INFO), json.dumps(INFO)))
    assert lock == dataclasses.replace(LOCK, where=("table locks", "s3://states/idp-cluster-eks.tflock"))
    assert "held by ada@laptop since 2026-11-27 07:33:28, for OperationTypeApply" in str(lock)


def test_two_locks_are_two() -> None:
    found = held(locked(**BOTH), store(json.dumps(INFO), json.dumps({**INFO, "ID": "7d"})))
    assert [lock.id for lock in found] == ["6c2f", "7d"]


def test_a_free_state_has_none() -> None:
    assert held(locked(**BOTH), store()) == []


def test_what_isnt_a_lock_is_an_error() -> None:
    with pytest.raises(OperationError, match="isn't one of the engine's"):
        held(locked(dynamodb_table="locks"), store("x"))


def processes(root: Path, *commands: str) -> Path:
    (root / "self").mkdir()
    for number, command in enumerate(commands, start=11):
        (root / str(number)).mkdir()
        (root / str(number) / "cmdline").write_bytes(command.replace(" ", "\0").encode())
    return root


def test_a_holder_on_another_machine_may_run(tmp_path: Path) -> None:
    assert "laptop" in may_run(LOCK, processes(tmp_path), host="runner-1")


def test_a_holder_on_a_machine_with_a_common_name_may_run(tmp_path: Path) -> None:
    lock = dataclasses.replace(LOCK, who="ada@localhost")
    assert may_run(lock, processes(tmp_path), host="localhost")


@pytest.mark.parametrize("engine", ["/usr/bin/tofu apply", "/atlantis/bin/terraform1.11.4 plan"])
def test_a_holder_here_may_run_while_an_engine_does(tmp_path: Path, engine: str) -> None:
    found = processes(tmp_path, "/bin/bash -c tofu", engine)
    assert may_run(LOCK, found, host="laptop") == "an engine runs on this machine: process 12"


def test_a_holder_here_is_gone_where_no_engine_runs(tmp_path: Path) -> None:
    assert may_run(LOCK, processes(tmp_path, "/bin/bash -c tofu"), host="laptop") == ""


def test_processes_that_cant_be_listed_may_run(tmp_path: Path) -> None:
    assert may_run(LOCK, tmp_path / "none", host="laptop")


@pytest.mark.parametrize("typed", ["", "6c2", "7d"])
def test_a_lock_whose_holder_may_run_needs_its_id_typed(typed: str) -> None:
    with pytest.raises(OperationError, match="not released") as caught:
        _confirm(LOCK, typed)
    assert "--yes-lock 6c2f" in caught.value.remedy
    _confirm(LOCK, "6c2f")

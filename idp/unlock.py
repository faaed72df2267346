"""Who holds the lock of a stack's state, and its release once nobody can be working under it.

A lock is an item of the DynamoDB table, a file beside the state, or both, as the backend says (OpenTofu and Terraform
documentation, "Backend Type: s3", State Locking). Both hold the same text: the engine's lock information as JSON.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from idp.aws import refused
from idp.errors import OperationError
from idp.operation import Operation
from idp.output import Stack
from idp.states import LOCK_FILE

# How names of engines begin: Atlantis adds their versions (tofu1.11.1), and providers run for an engine only.
ENGINES = ("tofu", "terraform")
# Names that many machines have: nobody can tell by them whether it is this one.
COMMON = ("localhost", "ip-", "runner", "buildkitsandbox")


@dataclass(frozen=True, kw_only=True)
class Lock:
    """A lock as the engine wrote it; ``where`` are the places that hold it. ``since`` is UTC, ``who`` is user@host."""

    id: str
    who: str
    since: str
    doing: str
    where: tuple[str, ...]

    @property
    def host(self) -> str:
        return self.who.rpartition("@")[2]

    def __str__(self) -> str:
        held_by = f"held by {self.who} since {self.since}, for {self.doing}"
        return f"lock {self.id}\n  {held_by}\n  in {' and '.join(self.where)}"


def held(stack: Stack, client: Callable[[str], Any]) -> list[Lock]:
    """The locks of the stack's state; none where it is free. ``client`` gives boto3's client of a service.

    Two of them where the table and the file hold different ones. Raises OperationError where nobody can tell.
    """
    backend = stack.document["terraform"]["backend"]["s3"]
    try:
        found = [*_item(backend, client), *_file(backend, client)]
    except (BotoCoreError, ClientError) as error:
        raise OperationError(
            f"{stack.name}: can't read the lock: {error}",
            remedy="check credentials, account and rights on the state bucket and the lock table",
        ) from None
    places: dict[str, list[str]] = {}
    infos: dict[str, Mapping[str, Any]] = {}
    for place, text in found:
        info = _info(stack, text)
        places.setdefault(info["ID"], []).append(place)
        infos[info["ID"]] = info
    return [_lock(infos[name], places[name]) for name in places]


def _item(backend: Mapping[str, Any], client: Callable[[str], Any]) -> list[tuple[str, str]]:
    table = backend.get("dynamodb_table")
    if not table:
        return []
    key = {"LockID": {"S": f"{backend['bucket']}/{backend['key']}"}}
    item = client("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
    return [(f"table {table}", item["Info"]["S"])] if item and "Info" in item else []


def _file(backend: Mapping[str, Any], client: Callable[[str], Any]) -> list[tuple[str, str]]:
    if not backend.get("use_lockfile"):
        return []
    key = f"{backend['key']}{LOCK_FILE}"
    try:
        body = client("s3").get_object(Bucket=backend["bucket"], Key=key)["Body"].read().decode()
    except ClientError as error:
        if refused(error, "NoSuchKey"):
            return []
        raise
    return [(f"s3://{backend['bucket']}/{key}", body)]


def _info(stack: Stack, text: str) -> Mapping[str, Any]:
    try:
        info = json.loads(text)
        info["ID"] = str(info["ID"])
    except (ValueError, KeyError, TypeError):
        raise OperationError(
            f"{stack.name}: its lock isn't one of the engine's: {text[:200]!r}",
            remedy="look at it in the AWS console; nothing was changed",
        ) from None
    found: Mapping[str, Any] = info
    return found


def _lock(info: Mapping[str, Any], where: list[str]) -> Lock:
    since = str(info.get("Created", ""))[:19].replace("T", " ") or "an unknown time"
    who, doing = info.get("Who") or "somebody", info.get("Operation") or "an unknown operation"
    return Lock(id=info["ID"], who=who, since=since, doing=doing, where=tuple(where))


def may_run(lock: Lock, proc: Path = Path("/proc"), host: str | None = None) -> str:
    """Why the holder's process may still run; empty where it can't: it ran here, and no engine does."""
    here = socket.gethostname() if host is None else host
    if lock.host != here or here.startswith(COMMON):
        return f"its process ran on {lock.host}, which can't be looked at from here"
    if not (proc / "self").exists():
        return "the processes of this machine can't be listed"
    running = sorted(_engines(proc))
    return f"an engine runs on this machine: process {', '.join(running)}" if running else ""


def _engines(proc: Path) -> list[str]:
    found = []
    for each in proc.iterdir():
        if not each.name.isdigit():
            continue
        try:
            program = Path(os.fsdecode((each / "cmdline").read_bytes().split(b"\0")[0])).name
        except OSError:
            continue
        if program.startswith(ENGINES):
            found.append(each.name)
    return found


def release(operation: Operation, stack: Stack, lock: Lock, client: Callable[[str], Any]) -> None:
    """Let the engine release ``lock``. Raises OperationError where it is still there afterwards."""
    directory = operation.init(stack, store=False)
    finished = operation.engine.attempt(directory, "force-unlock", "-force", "-no-color", lock.id)
    left = [each for each in held(stack, client) if each.id == lock.id]
    if left:
        raise OperationError(
            f"{stack.name}: the lock is still there\n{left[0]}\n{finished.progress.problems}",
            remedy="somebody may have taken another lock meanwhile: look again by the same command",
        )

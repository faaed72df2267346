"""States in the deployment's bucket that no stack of the output owns: a teardown would lose them with the bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from idp.errors import OperationError
from idp.operation import QUIET, Operation
from idp.workspace import with_resources

LOCK_FILE = ".tflock"


def refuse_strangers(operation: Operation) -> None:
    """Raise OperationError where the bucket holds a state with resources that belongs to no stack of the output.

    A team that left the deployment file, or an output of another version, leaves such states.
    """
    found = list(strangers(operation))
    if found:
        raise OperationError(
            f"the state bucket also holds states of stacks that the output hasn't: {', '.join(found)}",
            remedy="nothing was changed; synthesize what made them, or destroy them, and remove the objects",
        )


def strangers(operation: Operation) -> Iterator[str]:
    """Keys of such states. What can't be read as a state counts as one."""
    known = {stack.name for stack in operation.stacks}
    for key in _keys(operation):
        if key not in known and not key.endswith(LOCK_FILE) and _has_resources(operation, key):
            yield key


def _keys(operation: Operation) -> list[str]:
    """Every object of the bucket, listed by the engine itself: whoever may tear down has what that needs."""
    document = operation.bootstrap.document
    listing = {
        "provider": document["provider"],
        "terraform": {"required_providers": document["terraform"]["required_providers"]},
        "data": {"aws_s3_objects": {"states": {"bucket": _backend(operation)["bucket"], "max_keys": 100000}}},
        "output": {"keys": {"value": "${data.aws_s3_objects.states.keys}"}},
    }
    directory = operation.workspace.scratch(f"{operation.bootstrap.name}-listing", listing)
    operation.engine.run(directory, "init", *QUIET)
    operation.engine.run(directory, "apply", *QUIET, "-json", "-auto-approve")
    found: list[str] = json.loads(operation.engine.run(directory, "output", "-json", "keys").text)
    return found


def _has_resources(operation: Operation, key: str) -> bool:
    backend = {"terraform": {"backend": {"s3": {**_backend(operation), "key": key}}}}
    directory = operation.workspace.scratch(f"{operation.bootstrap.name}-listing", backend)
    operation.engine.run(directory, "init", *QUIET, "-reconfigure")
    pulled = operation.engine.attempt(directory, "state", "pull")
    return bool(pulled.code) or with_resources(pulled.text) is not None


def _backend(operation: Operation) -> Mapping[str, Any]:
    found: Mapping[str, Any] = operation.bootstrap.document["terraform"]["backend"]["s3"]
    return found

"""The synthesized output: its stacks, and the order that their remote states imply."""

from __future__ import annotations

import graphlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lib.written import STAGED
from idp.errors import OperationError

MANIFEST = "manifest.json"
STACK_FILE = "cdk.tf.json"


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One stack of the output. ``reads`` are the stacks whose state it needs, ``document`` is its JSON."""

    name: str
    deployment: str
    directory: Path
    reads: frozenset[str]
    document: Mapping[str, Any]

    @property
    def is_bootstrap(self) -> bool:
        return self.name == bootstrap_name(self.deployment)

    def resources(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(address, arguments) of every resource."""
        for kind, named in self.document.get("resource", {}).items():
            for name, arguments in named.items():
                yield f"{kind}.{name}", arguments


def bootstrap_name(deployment: str) -> str:
    return f"{deployment}-bootstrap"


def stacks_of(out: Path, deployment: str) -> list[Stack]:
    """The stacks of ``deployment`` in ``out``, in apply order.

    Raises OperationError where there is no output or no such deployment.
    """
    everything = read_output(out)
    found = [stack for stack in everything if stack.deployment == deployment]
    if not found:
        known = ", ".join(sorted({stack.deployment for stack in everything})) or "none"
        raise OperationError(f"{out} holds no deployment {deployment!r}", remedy=f"name one of: {known}")
    return ordered(found)


def read_output(out: Path) -> list[Stack]:
    """Every stack that the manifest of ``out`` lists. Raises OperationError where there is no manifest."""
    manifest = out / MANIFEST
    if (out / STAGED).exists() and not manifest.exists():
        raise OperationError(f"a synth was stopped while it wrote to {out}", remedy="run `make synth` again")
    if not manifest.exists():
        raise OperationError(
            f"{out} holds no synthesized output", remedy="run `make synth`, or name the place by --out"
        )
    listed = json.loads(manifest.read_text(encoding="utf-8"))["stacks"]
    return [_read(out, name, entry) for name, entry in sorted(listed.items())]


def ordered(stacks: Sequence[Stack]) -> list[Stack]:
    """``stacks`` so that each comes after those that it reads; bootstrap first, since it holds every state.

    Stacks that could swap stand by name. Raises OperationError where stacks read each other in a circle.
    """
    by_name = {stack.name: stack for stack in stacks}
    graph = graphlib.TopologicalSorter({name: predecessors(by_name[name], by_name) for name in sorted(by_name)})
    try:
        graph.prepare()
    except graphlib.CycleError as error:
        raise OperationError(
            f"stacks read each other: {' → '.join(error.args[1])}", remedy="remove one of these reads"
        ) from None
    order: list[Stack] = []
    while graph.is_active():
        ready = sorted(graph.get_ready())
        order += [by_name[name] for name in ready]
        graph.done(*ready)
    return order


def predecessors(stack: Stack, by_name: Mapping[str, Stack]) -> set[str]:
    """Names of the stacks in ``by_name`` that come before ``stack``."""
    bootstrap = bootstrap_name(stack.deployment)
    first = {bootstrap} if bootstrap in by_name and not stack.is_bootstrap else set()
    return first | (stack.reads & by_name.keys())


def read_states(document: Mapping[str, Any]) -> frozenset[str]:
    """Names of the stacks whose state a stack's JSON reads."""
    remote = document.get("data", {}).get("terraform_remote_state", {})
    return frozenset(state["config"]["key"] for state in remote.values())


def _read(out: Path, name: str, entry: Mapping[str, Any]) -> Stack:
    path = out / entry["synthesizedStackPath"]
    document: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Stack(
        name=name,
        deployment=document["provider"]["aws"][0]["default_tags"][0]["tags"]["deployment"],
        directory=path.parent,
        reads=frozenset(entry["dependencies"]) | read_states(document),
        document=document,
    )

"""Stacks by layer, and which outputs of a contract pass from one to another. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from idp.output import Stack, ordered, predecessors
from idp.review.graph import without_implied

LAYERS = ("bootstrap", "foundation", "cluster", "platform", "teams")
# A read in an expression; how it goes on is how Terraform names attributes.
_OUTPUT = re.compile(r"data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)")


@dataclass(frozen=True, kw_only=True)
class Read:
    """``consumer`` comes after ``producer``. ``outputs`` are what it reads of it; none where only the order matters.

    ``is_implied`` says that a longer way leads from one to the other.
    """

    producer: str
    consumer: str
    outputs: tuple[str, ...]
    is_implied: bool


@dataclass(frozen=True, kw_only=True)
class Graph:
    """``layers``: layer → its stacks, in apply order. ``reads`` are sorted by that order too."""

    deployment: str
    layers: Mapping[str, tuple[str, ...]]
    reads: tuple[Read, ...]

    @property
    def stacks(self) -> tuple[str, ...]:
        return tuple(name for names in self.layers.values() for name in names)

    def label(self, stack: str) -> str:
        """A stack's name without the deployment's."""
        return stack.removeprefix(f"{self.deployment}-")

    def before(self) -> dict[str, frozenset[str]]:
        """Stack → those that come before it."""
        return {name: frozenset(read.producer for read in self.reads if read.consumer == name) for name in self.stacks}


def graph_of(stacks: Sequence[Stack]) -> Graph:
    """The graph of the stacks of one deployment. Raises OperationError where they read each other in a circle."""
    stacks = ordered(stacks)
    by_name = {stack.name: stack for stack in stacks}
    before = {stack.name: frozenset(predecessors(stack, by_name)) for stack in stacks}
    drawn = without_implied(before)
    place = {stack.name: number for number, stack in enumerate(stacks)}
    reads = [
        Read(producer=name, consumer=stack.name, outputs=outputs, is_implied=name not in drawn[stack.name])
        for stack in stacks
        for name, outputs in _outputs(stack, sorted(before[stack.name], key=place.__getitem__)).items()
    ]
    layers = {layer: tuple(name for name in place if _layer(by_name[name]) == layer) for layer in LAYERS}
    return Graph(
        deployment=stacks[0].deployment,
        layers={layer: names for layer, names in layers.items() if names},
        reads=tuple(reads),
    )


def _layer(stack: Stack) -> str:
    """The layer that a stack's name has; what an account has once belongs to bootstrap."""
    first = stack.name.removeprefix(f"{stack.deployment}-").partition("-")[0]
    return first if first in LAYERS else LAYERS[0]


def _outputs(stack: Stack, producers: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Producer → the outputs of it that the stack's expressions name."""
    states = stack.document.get("data", {}).get("terraform_remote_state", {})
    whose = {name: state["config"]["key"] for name, state in states.items()}
    found: dict[str, set[str]] = {name: set() for name in producers}
    for state, output in _OUTPUT.findall(json.dumps(stack.document)):
        # A state that isn't of this deployment's stacks is no line of its graph.
        if (producer := whose.get(state, "")) in found:
            found[producer].add(output)
    return {name: tuple(sorted(outputs)) for name, outputs in found.items()}

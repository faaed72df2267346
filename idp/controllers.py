"""Controllers in the cluster that clean up in AWS, and what must be gone before a teardown takes them away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from idp.errors import OperationError
from idp.leftovers import Left, Search
from idp.output import Stack
from idp.walk import Graph, upwards
from idp.words import some

# Stacks of controllers that undo what others' objects made: destroyed after every other stack of the cluster's layers
# that they don't read themselves. The engine's order doesn't know: nobody reads them.
LAST = ("platform-crossplane", "platform-external-dns")
CLUSTER = "cluster-eks"
POLL_SECONDS = 15.0
# A balancer, a volume and a record are gone within a minute or two of their object.
POLLS = 20


def lasting(graph: Graph, stacks: Sequence[Stack]) -> Graph:
    """``graph`` (name → names before it, of a teardown) with the stacks of LAST after all that may need them."""
    reads = upwards(stacks)
    last = {stack.name for stack in stacks if short(stack) in LAST}
    kept = set().union(*(_all_read(name, reads) for name in last))
    clusters = {stack.name for stack in stacks if short(stack) == CLUSTER}
    users = {name for name in reads if clusters & _all_read(name, reads)} - last - kept
    return {name: set(before) | (users if name in last else set()) for name, before in graph.items()}


def short(stack: Stack) -> str:
    """The stack's name without its deployment's: ``cluster-addons``."""
    return stack.name.removeprefix(f"{stack.deployment}-")


def _all_read(name: str, reads: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = [name]
    while ahead:
        new = reads[ahead.pop()] - found
        found |= new
        ahead += new
    return found


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Stops a teardown before the stack of a controller while there is something that only this controller removes.

    ``records`` says whether the deployment's ExternalDNS deletes records at all. ``sleep`` takes seconds.
    """

    search: Search
    report: Callable[[str], None]
    records: bool = False
    sleep: Callable[[float], None] = field(default=time.sleep)

    def __call__(self, stack: Stack) -> None:
        """Return once nothing of the kind is left. Raises OperationError where it doesn't go, or nobody can tell."""
        ask = self._asked(stack)
        if ask is None:
            return
        left = self._found(stack, ask)
        for _ in range(POLLS):
            if not left:
                return
            self.report(f"  {stack.name}: waits until {len(left)} are gone: {some(left, 3)}")
            self.sleep(POLL_SECONDS)
            left = self._found(stack, ask)
        if left:
            listed = "\n  ".join(map(str, left))
            raise OperationError(
                f"{stack.name}: its controller must run on until these are gone:\n  {listed}",
                remedy="delete the objects that made them (`kubectl get ingress,service,pvc,nodeclaim -A`), or the "
                "things themselves where their objects are gone, and run the same command again; to leave them "
                f"behind, add --leave-behind {stack.deployment}",
            )

    def _asked(self, stack: Stack) -> Callable[[], Iterable[Left]] | None:
        search, name = self.search, short(stack)
        if name == "cluster-addons":
            return lambda: [*search.balancers(), *search.volumes(), *search.nodes()]
        if name == "platform-external-dns" and self.records:
            return search.records
        return None

    def _found(self, stack: Stack, ask: Callable[[], Iterable[Left]]) -> list[Left]:
        try:
            return sorted(set(ask()))
        except (BotoCoreError, ClientError) as error:
            raise OperationError(
                f"{stack.name}: can't tell what its controller still has to clean up: {error}",
                remedy="run as somebody who may list load balancers, volumes, instances and records; to go on without, "
                f"add --leave-behind {stack.deployment}",
            ) from None

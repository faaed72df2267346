"""The ledger of addresses: ``addresses.lock`` lists every resource of the shipped stacks. Pure.

An address that is gone is a destruction in every state that holds it, unless it was renamed (``RENAMES``, which makes
``moved`` blocks) or is meant to go (``REMOVALS``, with the reason).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from constructs_lib.adoption import RENAMES, Rename

# Stack → its addresses.
Ledger = Mapping[str, frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class Removal:
    """Addresses that a release takes away on purpose. ``stack`` is named as in ``Rename``; both take ``*``."""

    stack: str
    address: str
    reason: str


# Removals of releases, oldest first. A row stays as long as a kept release (tests/upgrades) holds the address.
REMOVALS: tuple[Removal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Loss:
    """An address that is gone without a word. ``likely`` are new addresses of its type in the same stack."""

    stack: str
    address: str
    likely: tuple[str, ...]

    def __str__(self) -> str:
        found = f" (new there: {', '.join(self.likely)})" if self.likely else ""
        return f"{self.stack}/{self.address} is gone{found}"


def addresses(documents: Mapping[str, Mapping[str, Any]]) -> Ledger:
    """The ledger of synthesized stacks: name → JSON."""
    return {
        stack: frozenset(f"{kind}.{name}" for kind, named in document.get("resource", {}).items() for name in named)
        for stack, document in documents.items()
    }


def rendered(ledger: Ledger) -> str:
    """One line an address, ``<stack>/<address>``, sorted: a diff of it is what a reviewer reads."""
    return "".join(f"{line}\n" for line in sorted(f"{stack}/{each}" for stack in ledger for each in ledger[stack]))


def parsed(text: str) -> Ledger:
    """The ledger that ``rendered`` wrote. Raises ValueError for a line that is none."""
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        stack, slash, address = line.partition("/")
        if not slash or "." not in address:
            raise ValueError(f"{line!r} is no <stack>/<type>.<name>")
        found.setdefault(stack, set()).add(address)
    return {stack: frozenset(held) for stack, held in found.items()}


def lost(
    before: Ledger,
    after: Ledger,
    deployments: Iterable[str],
    *,
    renames: Iterable[Rename] = RENAMES,
    removals: Iterable[Removal] = REMOVALS,
) -> list[Loss]:
    """What ``before`` has, ``after`` hasn't, and no row explains, by stack and address.

    ``deployments`` are the ids that stacks' names begin with. A rename counts where its new address is there.
    """
    ids, renames, removals = tuple(deployments), tuple(renames), tuple(removals)
    return [
        Loss(stack=stack, address=address, likely=_likely(address, after.get(stack, frozenset()) - held))
        for stack, held in sorted(before.items())
        for address in sorted(held - after.get(stack, frozenset()))
        if not _is_renamed(_short(stack, ids), address, after.get(stack, frozenset()), renames)
        and not any(
            fnmatchcase(_short(stack, ids), each.stack) and fnmatchcase(address, each.address) for each in removals
        )
    ]


def stale(renames: Iterable[Rename], removals: Iterable[Removal]) -> Iterator[str]:
    """Rows that say nothing: a rename to the same address or another type, a removal without a reason."""
    for each in renames:
        if each.before == each.after or each.before.split(".")[0] != each.after.split(".")[0]:
            yield f"RENAMES: {each.stack}: {each.before} → {each.after} is no rename of one type"
    for gone in removals:
        if not gone.reason.strip():
            yield f"REMOVALS: {gone.stack}: {gone.address} has no reason"


def _is_renamed(stack: str, address: str, now: frozenset[str], renames: tuple[Rename, ...]) -> bool:
    return any(fnmatchcase(stack, each.stack) and each.before == address and each.after in now for each in renames)


def _likely(address: str, new: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(each for each in new if each.split(".")[0] == address.split(".")[0]))


def _short(stack: str, ids: tuple[str, ...]) -> str:
    """The stack's name without its deployment's id: the longest that fits, since ``idp`` begins ``idp-pci`` too."""
    fitting = [id for id in ids if stack.startswith(f"{id}-")]
    return stack.removeprefix(f"{max(fitting, key=len)}-") if fitting else stack

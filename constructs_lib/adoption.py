"""What stacks take over: ``import`` and ``moved`` blocks, from the deployment file and from the ledger of renames.

Pure. Sources: OpenTofu and Terraform documentation, "Import" (OpenTofu 1.6, Terraform 1.5 and newer) and "Refactoring"
(``moved``); "JSON Configuration Syntax". Both blocks are without effect once a state holds the address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from config.deployment import Deployment
from config.errors import ConfigError, Problem, printable, shown
from config.problems import nearest
from config.rules.operating import IMPORT, MOVED

Documents = Mapping[str, Mapping[str, Any]]
Blocks = dict[str, dict[str, list[dict[str, str]]]]


@dataclass(frozen=True, kw_only=True)
class Rename:
    """An address that a release changed. ``stack`` is its name without the deployment's id, ``*`` for any team:
    ``teams-*``. What applied an older release keeps its resource by the ``moved`` block that comes of this."""

    stack: str
    before: str
    after: str


# Renames of releases, oldest first. A row stays as long as some state may hold the address before it.
RENAMES: tuple[Rename, ...] = ()


def adoption(
    deployments: Mapping[str, Deployment], documents: Documents, renames: tuple[Rename, ...] = RENAMES
) -> Blocks:
    """Stack → its blocks, sorted by address; stacks without any are left out.

    ``deployments`` are those of each stack, by the stack's name; ``documents`` the stacks' JSON. Raises ConfigError
    where a file names a stack or an address that isn't there, or moves what is still there.
    """
    problems = [problem for each in _distinct(deployments) for problem in _problems(each, deployments, documents)]
    if problems:
        raise ConfigError(problems)
    found: Blocks = {}
    for stack, deployment in deployments.items():
        blocks: dict[str, list[dict[str, str]]] = {}
        if imports := deployment.adopt.imports.get(stack):
            blocks["import"] = [{"to": address, "id": given} for address, given in sorted(imports.items())]
        if moved := _moved(stack, deployment, documents[stack], renames):
            blocks["moved"] = moved
        if blocks:
            found[stack] = blocks
    return found


def _moved(
    stack: str, deployment: Deployment, document: Mapping[str, Any], renames: tuple[Rename, ...]
) -> list[dict[str, str]]:
    there = _addresses(document)
    pairs = {
        (each.before, each.after)
        for each in renames
        if fnmatchcase(stack, f"{deployment.id}-{each.stack}") and each.after in there and each.before not in there
    }
    pairs |= {(former, address) for address, former in deployment.adopt.moved.get(stack, {}).items()}
    return [{"from": before, "to": after} for before, after in sorted(pairs, key=lambda pair: pair[::-1])]


def _problems(deployment: Deployment, deployments: Mapping[str, Deployment], documents: Documents) -> Iterator[Problem]:
    own = [stack for stack, whose in deployments.items() if whose.id == deployment.id]
    for key, stacks in ((IMPORT, deployment.adopt.imports), (MOVED, deployment.adopt.moved)):
        for stack, addresses in stacks.items():
            if stack not in own:
                yield _problem(deployment, f"{key}.{printable(stack)}", stack, "is no stack of this deployment", own)
                continue
            there = _addresses(documents[stack])
            for address, value in addresses.items():
                at = f"{key}.{stack}.{printable(address)}"
                if address not in there:
                    yield _problem(deployment, at, address, f"is no resource of stack {stack}", there)
                elif key == MOVED and value in there:
                    yield _problem(deployment, at, value, f"is still a resource of stack {stack}", [])


def _problem(deployment: Deployment, key: str, value: str, message: str, known: list[str]) -> Problem:
    near = nearest(value, known)
    remedy = f"did you mean {near}?" if near else "read the name in cdktf.out/stacks, or remove the entry"
    return Problem(file=f"deployment {deployment.id}", key=key, value=shown(value), message=message, remedy=remedy)


def _addresses(document: Mapping[str, Any]) -> list[str]:
    return [f"{kind}.{name}" for kind, named in document.get("resource", {}).items() for name in named]


def _distinct(deployments: Mapping[str, Deployment]) -> list[Deployment]:
    return list({each.id: each for each in deployments.values()}.values())

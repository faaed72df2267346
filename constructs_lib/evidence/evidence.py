"""The evidence of one deployment: each requirement of the catalog, what meets it, and what proves that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from constructs_lib import comments
from constructs_lib.evidence.catalog import REQUIREMENTS, Requirement, unknown
from constructs_lib.evidence.checks import CHECKS
from constructs_lib.evidence.lines import addresses_by_line
from constructs_lib.evidence.proofs import guardrails
from constructs_lib.evidence.read import controls

# What only tells whether others comply: a requirement isn't met by being watched.
WATCHERS = frozenset({"aws_config_conformance_pack", "aws_securityhub_standards_subscription"})

# "gap": the platform's or shared, and no resource serves it but watchers.
Status = Literal["platform", "shared", "customer", "aws", "gap"]


@dataclass(frozen=True, kw_only=True, order=True)
class Place:
    """A resource, and the line of its stack's JSON at which it begins."""

    stack: str
    address: str
    line: int

    @property
    def file(self) -> str:
        """Below the output directory."""
        return f"stacks/{self.stack}/cdk.tf.json"

    @property
    def kind(self) -> str:
        return self.address.rpartition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """``guardrails``, ``checks`` (of checkov) and ``tests`` are ids. They prove nothing where there is no place."""

    requirement: Requirement
    places: tuple[Place, ...]
    guardrails: tuple[str, ...]
    checks: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def status(self) -> Status:
        met = any(place.kind not in WATCHERS for place in self.places)
        return "gap" if self.requirement.is_ours and not met else self.requirement.owner


def evidence(stacks: Mapping[str, str], tests: Mapping[str, Sequence[str]]) -> tuple[Evidence, ...]:
    """Every requirement in the standard's order. ``stacks``: name → canonical JSON; ``tests``: requirement → ids.

    Raises ValueError where a stack or a test names a requirement that the catalog lacks.
    """
    documents = {stack: json.loads(text) for stack, text in stacks.items()}
    places = _places(stacks, documents)
    if wrong := unknown({*places, *tests}):
        raise ValueError(f"constructs_lib/evidence/catalog has no requirement {', '.join(wrong)}")
    rules = guardrails(next(iter(documents.values()), {}))
    found = []
    for id, requirement in REQUIREMENTS.items():
        at = tuple(sorted(places.get(id, ())))
        proved = (rules.get(id, ()), _checks(id, at, documents), tests.get(id, ())) if at else ((), (), ())
        passing, checked, tested = (tuple(ids) for ids in proved)
        found.append(Evidence(requirement=requirement, places=at, guardrails=passing, checks=checked, tests=tested))
    return tuple(found)


def _places(stacks: Mapping[str, str], documents: Mapping[str, Any]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for stack, document in documents.items():
        lines = {address: line for line, address in addresses_by_line(stacks[stack]).items()}
        for address, requirements in controls(document).items():
            for requirement in requirements:
                found.setdefault(requirement, []).append(Place(stack=stack, address=address, line=lines[address]))
    return found


def _checks(requirement: str, places: Sequence[Place], documents: Mapping[str, Any]) -> list[str]:
    """Checks that look at one of ``places`` at least, and have no reason there not to be followed."""
    waived = {
        (stack, address): reasons
        for stack, document in documents.items()
        for address, reasons in comments.read(document, "checkov")
    }
    return [
        check
        for check, shown in CHECKS.items()
        if requirement in shown.requirements
        and any(
            place.kind in shown.kinds and check not in waived.get((place.stack, place.address), {}) for place in places
        )
    ]

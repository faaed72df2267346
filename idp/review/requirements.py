"""The requirements of PCI DSS by section, with what serves them and what proves it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constructs_lib.evidence.catalog import PRINCIPALS, Owner, Requirement, Section
from constructs_lib.evidence.evidence import Evidence
from idp.review.items import Item

OWNERS: dict[Owner, str] = {
    "platform": "the platform",
    "shared": "the platform and the customer",
    "customer": "the customer",
    "aws": "AWS",
}


@dataclass(frozen=True, kw_only=True)
class Served:
    """A requirement, the items that serve it, and ids of what proves that."""

    requirement: Requirement
    items: tuple[Item, ...]
    proofs: tuple[tuple[str, tuple[str, ...]], ...]
    is_gap: bool


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A section of the standard."""

    section: Section
    rows: tuple[Served, ...]


def chapters(found: Sequence[Evidence], items: Mapping[str, Item]) -> list[Chapter]:
    """All sections. ``items``: id → item of the deployment as it is now."""
    served = {each.requirement.id: _served(each, items) for each in found}
    return [
        Chapter(section=section, rows=tuple(served[row.id] for row in section.requirements))
        for principal in PRINCIPALS
        for section in principal.sections
    ]


def _served(found: Evidence, items: Mapping[str, Item]) -> Served:
    proofs = (("guardrails", found.guardrails), ("checkov", found.checks), ("tests", found.tests))
    return Served(
        requirement=found.requirement,
        items=tuple(items[f"{place.stack}/{place.address}"] for place in found.places),
        proofs=tuple((kind, ids) for kind, ids in proofs if ids),
        is_gap=found.status == "gap",
    )

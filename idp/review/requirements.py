"""The requirements of PCI DSS with the items that name them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from constructs_lib.evidence.catalog import PRINCIPALS, REQUIREMENTS, Owner, Requirement, Section
from idp.errors import OperationError
from idp.review.items import Item

OWNERS: dict[Owner, str] = {
    "platform": "the platform",
    "shared": "the platform and the customer",
    "customer": "the customer",
    "aws": "AWS",
}


@dataclass(frozen=True, kw_only=True)
class Served:
    """A requirement and what serves it. ``is_gap``: the platform has a part in it, and nothing does."""

    requirement: Requirement
    items: tuple[Item, ...]

    @property
    def is_gap(self) -> bool:
        return self.requirement.is_ours and not self.items


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A section of the standard."""

    section: Section
    rows: tuple[Served, ...]


def chapters(items: Iterable[Item]) -> list[Chapter]:
    """All sections, with items that are there now. Raises OperationError for a requirement that nobody knows."""
    serving: dict[str, list[Item]] = {}
    for item in items:
        for requirement in item.requirements if item.change != "removed" else ():
            if requirement not in REQUIREMENTS:
                raise OperationError(
                    f"{item.id}: the standard has no requirement {requirement}",
                    remedy="correct it where the resource is made, or add it to constructs_lib/evidence/catalog",
                )
            serving.setdefault(requirement, []).append(item)
    return [
        Chapter(
            section=section,
            rows=tuple(Served(requirement=row, items=tuple(serving.get(row.id, ()))) for row in section.requirements),
        )
        for principal in PRINCIPALS
        for section in principal.sections
    ]

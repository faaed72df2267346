"""PCI DSS v4.0.1: which requirements there are, in our own words, and who meets each.

Numbers are those of the standard (PCI Security Standards Council, June 2024), its text is not here. All defining
requirements of the twelve principal ones are listed; the appendices A1 to A3 (multi-tenant service providers, early
TLS of card readers, designated entities) are not.
"""

from __future__ import annotations

from collections.abc import Iterable

from constructs_lib.evidence.catalog import (
    access,
    configurations,
    identities,
    logs,
    malware,
    network_controls,
    organization,
    physical,
    software,
    stored_data,
    testing,
    transmission,
)
from constructs_lib.evidence.catalog.kinds import Owner, Principal, Requirement, Section, place

STANDARD = "PCI DSS"
VERSION = "4.0.1"
# When the catalog was last looked through; documents made of it carry this date.
REVISED = "2026-11-27T00:00:00+00:00"

PRINCIPALS: tuple[Principal, ...] = (
    network_controls.PRINCIPAL,
    configurations.PRINCIPAL,
    stored_data.PRINCIPAL,
    transmission.PRINCIPAL,
    malware.PRINCIPAL,
    software.PRINCIPAL,
    access.PRINCIPAL,
    identities.PRINCIPAL,
    physical.PRINCIPAL,
    logs.PRINCIPAL,
    testing.PRINCIPAL,
    organization.PRINCIPAL,
)

# Id → requirement, in the order of the standard.
REQUIREMENTS: dict[str, Requirement] = {
    requirement.id: requirement
    for principal in PRINCIPALS
    for section in principal.sections
    for requirement in section.requirements
}


def unknown(requirements: Iterable[str]) -> list[str]:
    """Those of ``requirements`` that the catalog lacks, sorted."""
    return sorted({*requirements} - REQUIREMENTS.keys())


__all__ = [
    "PRINCIPALS",
    "REQUIREMENTS",
    "REVISED",
    "STANDARD",
    "VERSION",
    "Owner",
    "Principal",
    "Requirement",
    "Section",
    "place",
    "unknown",
]

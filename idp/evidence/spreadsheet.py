"""Evidence as CSV (RFC 4180): a row for each requirement and resource, or for the requirement alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from constructs_lib.evidence.evidence import Evidence

HEAD = (
    "requirement",
    "status",
    "asks",
    "note",
    "stack",
    "address",
    "file",
    "line",
    "guardrails",
    "checkov",
    "tests",
)


def spreadsheet(found: Sequence[Evidence]) -> str:
    """The text; several ids in a cell are parted by spaces."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for each in found:
        about = (each.requirement.id, each.status, each.requirement.says, each.requirement.note)
        proofs = tuple(" ".join(ids) for ids in (each.guardrails, each.checks, each.tests))
        for place in each.places:
            writer.writerow((*about, place.stack, place.address, place.file, place.line, *proofs))
        if not each.places:
            writer.writerow((*about, "", "", "", "", *proofs))
    return out.getvalue()

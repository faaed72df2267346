"""Read the synthesized output, write the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from constructs_lib.evidence.catalog import STANDARD, VERSION
from constructs_lib.evidence.evidence import Evidence, Place, evidence
from constructs_lib.evidence.proofs import marked
from idp.errors import OperationError
from idp.evidence import markdown, oscal, spreadsheet
from idp.output import STACK_FILE, stacks_of

ROOT = Path(__file__).resolve().parents[2]


def found_in(out: Path, deployment: str) -> tuple[Evidence, ...]:
    """The evidence of ``deployment`` in the output ``out``, with the tests of this repository.

    Raises OperationError where there is no such deployment, or a requirement that nobody knows.
    """
    stacks = {
        stack.name: (stack.directory / STACK_FILE).read_text(encoding="utf-8") for stack in stacks_of(out, deployment)
    }
    try:
        return evidence(stacks, marked(ROOT))
    except ValueError as error:
        raise OperationError(
            str(error), remedy="correct it where the resource is made or the test is marked, or add it to the catalog"
        ) from None


def write(found: Sequence[Evidence], deployment: str, out: Path, to: Path) -> list[Path]:
    """Write the three files into ``to``; returns their paths."""
    to.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in texts(found, deployment, out, to).items():
        # As bytes: CSV ends its lines by CR LF on every system.
        (to / name).write_bytes(text.encode("utf-8"))
        written.append(to / name)
    return written


def texts(found: Sequence[Evidence], deployment: str, out: Path, to: Path) -> Mapping[str, str]:
    """Name → text. Links of the page lead from ``to`` into ``out``."""
    up = Path(*[".."] * len(to.resolve().relative_to(out.resolve()).parts)) if _within(to, out) else out.resolve()

    def link(place: Place) -> str:
        return f"{(up / place.file).as_posix()}#L{place.line}"

    intro = f"From the JSON of all stacks of deployment `{deployment}`, by `python -m idp evidence`.\n"
    return {
        "evidence.md": markdown.page(f"Evidence of {deployment}: {STANDARD} v{VERSION}", intro, found, link),
        "evidence.csv": spreadsheet.spreadsheet(found),
        "component-definition.json": oscal.component_definition(deployment, found),
    }


def _within(path: Path, parent: Path) -> bool:
    return path.resolve().is_relative_to(parent.resolve())

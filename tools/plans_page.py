"""The index of decisions, plans/README.md: python -m tools.plans_page --write | --check."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.generated import ROOT, command
from tools.markdown import table

PATH = ROOT / "plans" / "README.md"
ADRS = ROOT / "docs" / "adr"
# The plans that the platform began with → where what they planned is now.
PLANS = {
    "00-platform-refactor": ("README.md", "docs/ARCHITECTURE.md", "docs/MIGRATION.md"),
    "01-argo-workflows": ("docs/DELIVERY.md", "workflow-templates/README.md"),
    "02-argocd": ("docs/DELIVERY.md", "docs/TEAM_ONBOARDING.md"),
    "03-pci-environment": ("docs/PCI.md", "docs/CONTROLS.md"),
}
DECISIONS = {
    "00-platform-refactor": (1, 2, 3, 9, 10),
    "01-argo-workflows": (14, 17, 25),
    "02-argocd": (18, 23, 24),
    "03-pci-environment": (27, 28, 29, 34),
}
ACCEPTED = "accepted"
_INTRO = """# Plans

What was planned is built; what was decided on the way, and what it costs, stands in `docs/adr/`. This page is their
index, generated from them (`make docs`). A new decision takes the next free number, as `docs/adr/<number>-<topic>.md`
with the title `# <number>: <decision>`; one that doesn't hold any more says `**Status.** superseded by <number>`.

## Decisions
"""
_PLANS = """## The plans that the platform began with
"""


@dataclass(frozen=True, kw_only=True, order=True)
class Decision:
    """One ADR: its number, its title without it, its status, and its file below docs/adr."""

    number: int
    title: str
    status: str
    file: str


def decision(path: Path) -> Decision:
    """The ADR at ``path``. Raises ValueError where its name or its title isn't that of one, or they differ."""
    text = path.read_text(encoding="utf-8")
    named = re.fullmatch(r"(\d{4})-[a-z0-9-]+\.md", path.name)
    titled = re.match(r"# (\d{4}): (\S.*)\n", text)
    if named is None or titled is None or named[1] != titled[1]:
        raise ValueError(
            f"docs/adr/{path.name}: an ADR is <number>-<topic>.md and starts with `# <number>: <decision>`"
        )
    status = re.search(r"^\*\*Status\.\*\*\s+(.+?)\.?$", text, re.MULTILINE)
    return Decision(
        number=int(named[1]), title=titled[2].strip(), status=status[1] if status else ACCEPTED, file=path.name
    )


def decisions(directory: Path = ADRS) -> list[Decision]:
    """All ADRs, by number. Raises ValueError where two have one number."""
    found = sorted(decision(path) for path in directory.glob("*.md"))
    for one, other in zip(found, found[1:], strict=False):
        if one.number == other.number:
            raise ValueError(f"docs/adr/{other.file}: {one.file} has this number")
    return found


def page(found: Sequence[Decision]) -> str:
    """The page's text. Raises ValueError where a plan names a decision or a page that isn't there."""
    rows = [(f"[{each.number:04}](../docs/adr/{each.file})", each.title, each.status) for each in found]
    files = {each.number: each.file for each in found}
    plans = [(f"`{plan}`", _pages(plan), _decided(plan, files)) for plan in PLANS]
    parts = [_INTRO, table(("number", "decision", "status"), rows), _PLANS]
    return "\n".join(
        part.rstrip("\n") + "\n" for part in [*parts, table(("plan", "where it is now", "decisions"), plans)]
    )


def _pages(plan: str) -> str:
    absent = [name for name in PLANS[plan] if not (ROOT / name).is_file()]
    if absent:
        raise ValueError(f"tools/plans_page.py: {plan} names {', '.join(absent)}, which isn't there")
    return ", ".join(f"[{name}](../{name})" for name in PLANS[plan])


def _decided(plan: str, files: dict[int, str]) -> str:
    absent = [str(number) for number in DECISIONS[plan] if number not in files]
    if absent:
        raise ValueError(f"tools/plans_page.py: {plan} names decision {', '.join(absent)}, which isn't there")
    return ", ".join(f"[{number:04}](../docs/adr/{files[number]})" for number in DECISIONS[plan])


def main() -> int:
    try:
        text = page(decisions())
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return command(PATH, text)


if __name__ == "__main__":
    sys.exit(main())

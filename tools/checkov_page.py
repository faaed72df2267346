"""The page of what checkov asks and a resource has a reason not to follow, docs/CHECKOV.md.

python -m tools.checkov_page --write | --check
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from config.generated import ROOT, command
from constructs_lib.checkov import Waiver, waivers
from constructs_lib.checkov.checks import CHECKS
from constructs_lib.synth import documents
from tools import shipped
from tools.markdown import code, joined, table
from tools.versions import CHECKOV

PATH = ROOT / "docs" / "CHECKOV.md"
_INTRO = f"""# Reasons for checkov

[checkov](https://www.checkov.io) {CHECKOV} reads the JSON of all stacks in `make unit`, the plans of the first
deployment's in `make integration`, and those of the second's in `make soak`. A check that fails without a reason fails
the tests, and so does a reason that no check needs. What is here is not followed; all else that checkov asks of the
shipped deployments is.

The construct that makes a resource says the reason (`PlatformStack.waive`). It stands in the JSON beside the resource,
under `"//"`, which Terraform and OpenTofu take for a comment. This page is generated from there (`make docs`).
"""


def page(documents: Mapping[str, Mapping[str, Any]]) -> str:
    """The page's text, from the JSON of stacks (name → document)."""
    found = waivers(documents)
    head = ("check", "asks", "resources")
    overview = [
        (f"[{check}](#{check.lower()})", CHECKS[check], str(sum(waiver.check == check for waiver in found)))
        for check in CHECKS
        if any(waiver.check == check for waiver in found)
    ]
    sections = [section for check in CHECKS if (section := _section(check, found))]
    return "\n".join([_INTRO, table(head, overview), *sections])


def _section(check: str, found: Sequence[Waiver]) -> str:
    """One row for each reason. Empty where nothing has one."""
    rows: dict[tuple[str, str], list[str]] = {}
    for waiver in found:
        if waiver.check == check:
            rows.setdefault((waiver.reason, waiver.stack), []).append(waiver.address)
    if not rows:
        return ""
    cells = [(reason, stack, joined(code(addresses))) for (reason, stack), addresses in sorted(rows.items())]
    return f"## {check}\n\n{CHECKS[check]}\n\n{table(('reason', 'stack', 'resources'), cells)}"


def main() -> int:
    return command(PATH, page(documents(shipped.files())))


if __name__ == "__main__":
    sys.exit(main())

"""The engine's machine-readable output (`-json`), one JSON object a line, reduced to what an operation reports.

Source: Terraform documentation, "Machine-Readable UI"; OpenTofu prints the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from idp.words import some


@dataclass(kw_only=True)
class Progress:
    """What one command has said so far."""

    add: int = 0
    change: int = 0
    remove: int = 0
    done: int = 0
    running: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        """Take in one line; what isn't JSON (a crash, a message of the system) is kept as it is."""
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            self.plain.append(line.rstrip())
            return
        self._event(event)

    @property
    def counts(self) -> str:
        return f"+{self.add} ~{self.change} -{self.remove}"

    @property
    def state(self) -> str:
        """How far it is: ``3 of 12 done, waiting for aws_vpc.vpc``; all are those of the plan, once it is known."""
        total = self.add + self.change + self.remove
        done = f"{self.done} of {total} done" if total >= self.done and total else f"{self.done} done"
        return f"{done}, waiting for {some(sorted(self.running), 3)}" if self.running else done

    @property
    def problems(self) -> str:
        """Errors as the engine words them; of plain lines, those from the first error, or the last ones."""
        begins = next((place for place, line in enumerate(self.plain) if "Error: " in line), -15)
        return "\n".join(self.errors or self.plain[begins:])

    def _event(self, event: dict[str, Any]) -> None:
        kind = event.get("type")
        if kind == "change_summary":
            changes = event["changes"]
            self.add, self.change, self.remove = changes["add"], changes["change"], changes["remove"]
        elif kind in ("apply_start", "apply_progress"):
            hook = event["hook"]
            self.running[hook["resource"]["addr"]] = hook["action"]
        elif kind in ("apply_complete", "apply_errored"):
            self.running.pop(event["hook"]["resource"]["addr"], None)
            self.done += kind == "apply_complete"
        elif kind == "diagnostic" and event["diagnostic"]["severity"] == "error":
            self.errors.append(_worded(event["diagnostic"]))


def _worded(diagnostic: dict[str, Any]) -> str:
    where = f"{diagnostic['address']}: " if diagnostic.get("address") else ""
    detail = diagnostic.get("detail") or ""
    return f"{where}{diagnostic['summary']}" + (f"\n  {detail}" if detail else "")

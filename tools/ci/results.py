"""Plans of single stacks: made one by one, kept as addresses and actions, never values, and shown as Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from idp.errors import Interrupted, OperationError

Plan = Callable[[str], Mapping[str, Any] | None]
Outcome = Literal["unchanged", "changes", "failed"]
# A comment or an issue of GitHub holds 65,536 characters.
SHOWN = 60
_SIGNS = {
    ("create",): "+",
    ("update",): "~",
    ("delete",): "-",
    ("delete", "create"): "-/+",
    ("create", "delete"): "+/-",
    ("forget",): "forget",
}


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a plan of ``stack`` says. ``changes`` are lines: a sign and an address."""

    deployment: str
    stack: str
    outcome: Outcome
    changes: tuple[str, ...] = ()


def plans(
    deployment: str,
    stacks: Sequence[str],
    plan: Plan,
    report: Callable[[str], None],
) -> list[Result]:
    """Plan every one of ``stacks``; one that can't be planned doesn't keep the next from it.

    ``plan`` returns the plan's JSON, None without changes; it raises OperationError. Its text goes to ``report`` only:
    it may name what is secret. Raises Interrupted.
    """
    found = []
    for stack in stacks:
        try:
            planned = plan(stack)
        except Interrupted:
            raise
        except OperationError as error:
            report(str(error))
            found.append(Result(deployment=deployment, stack=stack, outcome="failed"))
            continue
        outcome: Outcome = "unchanged" if planned is None else "changes"
        found.append(Result(deployment=deployment, stack=stack, outcome=outcome, changes=_lines(planned or {})))
    return found


def _lines(planned: Mapping[str, Any]) -> tuple[str, ...]:
    lines = []
    for change in planned.get("resource_changes", []):
        sign = _SIGNS.get(tuple(change["change"]["actions"]))
        if sign and change.get("mode", "managed") == "managed":
            lines.append(f"{sign} {change['address']}")
    outputs = planned.get("output_changes", {})
    lines += [f"~ output {name}" for name, change in sorted(outputs.items()) if change["actions"] != ["no-op"]]
    return tuple(lines)


def write(results: Sequence[Result], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(each) for each in results], indent=2) + "\n", encoding="utf-8")


def read(paths: Sequence[Path]) -> list[Result]:
    """The results in files of ``write``. Raises OperationError where a file holds something else."""
    found = []
    for path in paths:
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(entries, list):
                raise TypeError(path)
            found += [Result(**entry | {"changes": tuple(entry["changes"])}) for entry in entries]
        except (OSError, ValueError, TypeError, KeyError):
            raise OperationError(f"{path} holds no results of plans", remedy="make it by `tools.ci plan`") from None
    return found


def block(changes: Sequence[str]) -> str:
    """The lines as a code block, cut where they are too many for a comment."""
    lines = [*changes[:SHOWN], *([f"... and {len(changes) - SHOWN} more"] if len(changes) > SHOWN else [])]
    return "\n".join(["```diff", *(line.replace("`", "'").replace("\n", " ") for line in lines), "```"])


def table(results: Sequence[Result]) -> str:
    """One row for each stack, and below it what changes in each that has changes."""
    words = {"unchanged": "no changes", "failed": "**plan failed**, see the job's log"}
    rows = ["| stack | plan |", "|---|---|"]
    rows += [f"| `{each.stack}` | {words.get(each.outcome) or _count(each.changes)} |" for each in results]
    parts = ["\n".join(rows)]
    parts += [
        f"<details><summary><code>{each.stack}</code></summary>\n\n{block(each.changes)}\n\n</details>"
        for each in results
        if each.changes
    ]
    return "\n\n".join(parts) if results else "No stack was planned."


def _count(changes: Sequence[str]) -> str:
    outputs = [line for line in changes if line.startswith("~ output ")]
    signs = [line.split(" ", 1)[0] for line in changes if line not in outputs]
    counts = [(signs.count("+"), "to add"), (signs.count("~"), "to change"), (signs.count("-"), "to destroy")]
    replaced = signs.count("-/+") + signs.count("+/-")
    counts += [(replaced, "**to replace**"), (len(outputs), "of outputs")]
    return ", ".join(f"{number} {word}" for number, word in counts if number) or "changes that nobody can list yet"

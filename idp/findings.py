"""What checks report: one finding each, a table or JSON of them, and the exit code that they make together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table
from rich.text import Text

Result = Literal["ok", "warn", "fail", "unknown"]
STYLES: Mapping[Result, str] = {"ok": "green", "warn": "yellow", "fail": "bold red", "unknown": "bold magenta"}
FAILED = 2


@dataclass(frozen=True, kw_only=True)
class Finding:
    """``check`` is ``<area>: <what>``; ``seen`` what was found, ``remedy`` what to do, empty where all is well.

    ``unknown`` means that nobody could say: no rights, no network, no answer.
    """

    check: str
    result: Result
    seen: str
    remedy: str = ""


class Unseen(Exception):
    """A check couldn't be asked. The message says why."""


Check = Callable[[], Iterable[Finding]]


def ok(check: str, seen: str) -> Finding:
    return Finding(check=check, result="ok", seen=seen)


def warn(check: str, seen: str, remedy: str) -> Finding:
    return Finding(check=check, result="warn", seen=seen, remedy=remedy)


def fail(check: str, seen: str, remedy: str) -> Finding:
    return Finding(check=check, result="fail", seen=seen, remedy=remedy)


def unknown(check: str, seen: str, remedy: str) -> Finding:
    return Finding(check=check, result="unknown", seen=seen, remedy=remedy)


def run(checks: Mapping[str, Check]) -> Iterator[Finding]:
    """The findings of all ``checks`` (area → check). One that can't be asked becomes ``unknown``; the rest go on."""
    for area, check in checks.items():
        try:
            yield from check()
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            yield unknown(area, f"{error.operation_name}: {code}: {message}", "ask with credentials that may read this")
        except BotoCoreError as error:
            yield unknown(area, str(error), "check credentials, region and network")
        except Unseen as error:
            yield unknown(area, str(error), "put this right first, then ask again")


def exit_code(findings: Iterable[Finding], *, strict: bool) -> int:
    """0, or 2 with any ``fail`` or ``unknown``: what nobody saw isn't well. ``strict`` counts warnings, too."""
    bad = {"fail", "unknown", *(["warn"] if strict else [])}
    return FAILED if any(finding.result in bad for finding in findings) else 0


def summary(findings: Sequence[Finding]) -> str:
    """``3 ok, 1 warn``."""
    counts = {result: sum(finding.result == result for finding in findings) for result in STYLES}
    return ", ".join(f"{count} {result}" for result, count in counts.items() if count)


def as_json(findings: Sequence[Finding], **about: str) -> str:
    return json.dumps({**about, "findings": [asdict(finding) for finding in findings]}, indent=2) + "\n"


def show(findings: Sequence[Finding], title: str, console: Console | None = None) -> None:
    """Print ``findings`` as a table, each remedy below what was seen."""
    table = Table(title=title, title_justify="left", show_lines=False, expand=False)
    table.add_column("result", no_wrap=True)
    table.add_column("check", overflow="fold")
    table.add_column("seen", overflow="fold")
    for finding in findings:
        seen = Text(finding.seen)
        if finding.remedy:
            seen.append(f"\n→ {finding.remedy}", style="dim")
        table.add_row(Text(finding.result, style=STYLES[finding.result]), Text(finding.check), seen)
    out = console or Console()
    out.print(table)
    out.print(summary(findings))

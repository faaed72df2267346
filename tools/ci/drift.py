"""One issue for each stack whose plan has changes nobody asked for: opened, kept up, and closed again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tools.ci.github import BOT, Runner, listed, send
from tools.ci.results import Result, block

LABEL = "drift"
_MARKER = re.compile(r"<!-- drift (?P<deployment>[a-z0-9-]+) (?P<stack>[a-z0-9-]+) (?P<digest>[0-9a-f]{16}) -->")


@dataclass(frozen=True, kw_only=True)
class Step:
    """What to do with the issue of ``stack``. ``number`` is None for one that isn't there yet."""

    do: Literal["open", "update", "close"]
    stack: str
    number: int | None
    text: str


def steps(results: Sequence[Result], issues: Sequence[Mapping[str, Any]], run_url: str) -> list[Step]:
    """What makes the open ``issues`` (REST API) say what ``results`` say.

    A stack without changes, or one that none of its deployment's results names any more, has its issue closed; one
    whose plan failed keeps what it has; the same changes as last time change nothing. Others' issues are left alone.
    """
    found: list[Step] = []
    ours = _by_stack(issues)
    for result in results:
        open_issues = ours.pop((result.deployment, result.stack), [])
        if result.outcome == "failed":
            continue
        if result.outcome == "changes":
            found += _with_changes(result, open_issues, run_url)
        else:
            text = f"The plan of {run_url} shows no changes any more."
            found += [Step(do="close", stack=result.stack, number=number, text=text) for number, _ in open_issues]
    planned = {result.deployment for result in results}
    for (deployment, stack), left in ours.items():
        if deployment in planned:
            text = f"There is no stack `{stack}` any more."
            found += [Step(do="close", stack=stack, number=number, text=text) for number, _ in left]
    return found


def _with_changes(result: Result, open_issues: Sequence[tuple[int, str]], run_url: str) -> list[Step]:
    digest = hashlib.sha256("\n".join(result.changes).encode()).hexdigest()[:16]
    text = _text(result, digest, run_url)
    if not open_issues:
        return [Step(do="open", stack=result.stack, number=None, text=text)]
    (first, known), *others = open_issues
    found = [] if known == digest else [Step(do="update", stack=result.stack, number=first, text=text)]
    twice = f"The same as #{first}."
    return found + [Step(do="close", stack=result.stack, number=number, text=twice) for number, _ in others]


def _by_stack(issues: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[tuple[int, str]]]:
    """(deployment, stack) → (number, digest) of our open issues, the oldest first. The API lists pull requests too."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for issue in sorted(issues, key=lambda each: int(each["number"])):
        marker = _MARKER.search(issue.get("body") or "")
        if marker and issue["user"]["login"] == BOT and "pull_request" not in issue:
            found.setdefault((marker["deployment"], marker["stack"]), []).append((issue["number"], marker["digest"]))
    return found


def _text(result: Result, digest: str, run_url: str) -> str:
    return f"""<!-- drift {result.deployment} {result.stack} {digest} -->
A plan of stack `{result.stack}` has changes: somebody changed its resources beside Terraform, or the branch holds
changes that were never deployed.

{block(result.changes)}

Seen by {run_url}. Deploy to make the account what the JSON says, or change the JSON to what the account is. This issue
closes itself when a plan shows no changes.
"""


def carry_out(planned: Sequence[Step], run: Runner, repository: str) -> None:
    """Do what ``steps`` says. Raises OperationError."""
    path = f"repos/{repository}/issues"
    for step in planned:
        if step.do == "open":
            send(run, "POST", path, {"title": f"Drift: {step.stack}", "body": step.text, "labels": [LABEL]})
        elif step.do == "update":
            send(run, "PATCH", f"{path}/{step.number}", {"body": step.text})
        else:
            send(run, "POST", f"{path}/{step.number}/comments", {"body": step.text})
            send(run, "PATCH", f"{path}/{step.number}", {"state": "closed", "state_reason": "completed"})


def open_issues(run: Runner, repository: str) -> list[dict[str, Any]]:
    """All of them: a label may have been taken off, and an issue that isn't found would be opened twice."""
    return listed(run, f"repos/{repository}/issues?state=open&per_page=100")

"""GitHub by its own command line ``gh``, which reads its token from the environment."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

from idp.errors import OperationError

# Takes gh's arguments and what goes to its standard input; returns its standard output.
Runner = Callable[[Sequence[str], str], str]
# GitHub takes 65,536 characters (its API says so when it refuses more).
LONGEST = 60_000
# Who writes with a workflow's token: nobody else's issue or comment is touched.
BOT = "github-actions[bot]"


def gh(arguments: Sequence[str], given: str = "") -> str:
    """Run gh. Raises OperationError where it isn't there or fails."""
    try:
        finished = subprocess.run(["gh", *arguments], input=given, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise OperationError("there is no gh", remedy="install GitHub's command line") from None
    if finished.returncode:
        raise OperationError(
            f"gh {' '.join(arguments[:2])} failed: {finished.stderr.strip()}",
            remedy="look at the job's permissions and at GH_TOKEN, then run the job again",
        )
    return finished.stdout


def listed(run: Runner, path: str) -> list[dict[str, Any]]:
    """Every page of a list of the REST API."""
    pages: list[list[dict[str, Any]]] = json.loads(run(["api", "--paginate", "--slurp", path], ""))
    return [entry for page in pages for entry in page]


def send(run: Runner, method: str, path: str, body: dict[str, object]) -> None:
    run(["api", "--method", method, path, "--input", "-"], json.dumps(body))


def comment(run: Runner, repository: str, number: int, marker: str, text: str) -> None:
    """Write ``text`` under pull request ``number``: over our own comment that begins with ``marker``, if any.

    A text longer than GitHub takes is cut between two lines.
    """
    comments = f"repos/{repository}/issues/{number}/comments"
    body: dict[str, object] = {"body": f"{marker}\n{_cut(text)}"}
    for found in listed(run, f"{comments}?per_page=100"):
        if found["user"]["login"] == BOT and found["body"].startswith(marker):
            send(run, "PATCH", f"repos/{repository}/issues/comments/{found['id']}", body)
            return
    send(run, "POST", comments, body)


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    kept = text[:LONGEST].rpartition("\n")[0]
    # The cut may fall into a code block, which would swallow the last line.
    fence = "\n```" if kept.count("```") % 2 else ""
    return f"{kept}{fence}\n\nThe rest is in the summary of the workflow's run."

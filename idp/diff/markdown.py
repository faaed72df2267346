"""A difference as Markdown for a pull request: a table of counts, then each stack in an element that opens.

It always fits a comment of GitHub: what doesn't is said with fewer words, then counted. Whatever comes from the JSON
stands in code, where neither Markdown nor a mention of a person has a meaning.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from config.errors import printable
from idp.diff.model import LOSING, WHATS, DeploymentDiff, Diff, Entry, StackDiff, counts, summary
from idp.diff.terminal import change, remarks
from tools.markdown import table

# A comment's most, in characters (GitHub's answer to a longer one: "body is too long (maximum is 65536 characters)"),
# with room for what a workflow writes around it.
LIMIT = 60_000
_TITLE = "## What changes\n"
_VALUE = 120
_RUN = re.compile("`+")
_CUT = "\n{count} more stacks with changes don't fit here: run `python -m idp diff` for all of it.\n"
_MANY = 40
_GONE = "The stack is gone from the output, its state isn't: destroy it with the output from before."


def markdown(diff: Diff, limit: int = LIMIT) -> str:
    """The text, at most ``limit`` characters: with values, else without, else addresses only, else as many as fit."""
    if diff.is_empty:
        return f"{_TITLE}\nNothing: both synths are the same.\n"
    for each in (_with_values, _with_arguments, _addresses):
        text = "\n".join([_TITLE, *_parts(diff, each)])
        if len(text) <= limit:
            return text
    return _cut(diff, limit)


def code(text: str) -> str:
    """``text`` as code, on one line, whatever it holds."""
    line = printable(text)
    fence = "`" * (1 + max((len(run) for run in _RUN.findall(line)), default=0))
    edge = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{edge}{line}{edge}{fence}"


def _parts(diff: Diff, lines: Callable[[Entry], Iterator[str]]) -> Iterator[str]:
    for deployment in diff.deployments:
        yield _head(deployment)
        yield from (_stack(stack, lines) for stack in deployment.stacks)


def _cut(diff: Diff, limit: int) -> str:
    """Stacks one by one without more than their counts, while there is room; the rest is counted."""
    text, left = _TITLE, sum(len(deployment.stacks) for deployment in diff.deployments)
    room = limit - len(_CUT) - len(str(left))
    for deployment in diff.deployments:
        for number, stack in enumerate(deployment.stacks):
            more = f"\n### Deployment {code(deployment.id)}\n\n" if number == 0 else ""
            more += f"- {code(stack.name)}: {summary(stack)}\n"
            if len(text) + len(more) > room:
                return text + _CUT.format(count=left)
            text, left = text + more, left - 1
    return text


def _head(deployment: DeploymentDiff) -> str:
    rows = [_row(stack) for stack in deployment.stacks]
    shown = [what for what in WHATS if any(counts(stack.of("resource")).get(what) for stack in deployment.stacks)]
    header = ("stack", *shown, "settings", "files")
    state = f", {deployment.state}" if deployment.state else ""
    cost = f"{deployment.cost}\n\n" if deployment.cost else ""
    cells = [(row["stack"], *(row.get(each, "") for each in header[1:])) for row in rows]
    return f"### Deployment {code(deployment.id)}{state}\n\n{cost}{table(header, cells)}"


def _row(stack: StackDiff) -> dict[str, str]:
    row: dict[str, str] = {what: str(number) for what, number in counts(stack.of("resource")).items()}
    held = {"settings": len(stack.of("setting")), "files": len(stack.of("file"))}
    state = f" ({stack.state})" if stack.state else ""
    return {**row, **{name: str(number) for name, number in held.items() if number}, "stack": code(stack.name) + state}


def _stack(stack: StackDiff, lines: Callable[[Entry], Iterator[str]]) -> str:
    told = f"<code>{html.escape(printable(stack.name))}</code>: {summary(stack)}"
    planned = " (by its plan)" if stack.is_planned else ""
    gone = f"{_GONE}\n\n" if stack.state == "removed" else ""
    body = "\n".join(line for entry in stack.entries for line in lines(entry))
    return f"<details><summary>{told}{planned}</summary>\n\n{gone}{body}\n\n</details>\n"


def _with_values(entry: Entry) -> Iterator[str]:
    yield from _said(entry)
    for argument in entry.arguments[:_MANY]:
        before, after = (value if value == "–" else code(value) for value in change(argument, _VALUE))
        forces = ", **forces replacement**" if argument.forces else ""
        yield f"  - {code(argument.path)}: {before} → {after}{forces}"
    if (more := len(entry.arguments) - _MANY) > 0:
        yield f"  - {more} more arguments"


def _with_arguments(entry: Entry) -> Iterator[str]:
    yield from _said(entry)
    names = [code(argument.path) + (" (forces)" if argument.forces else "") for argument in entry.arguments[:_MANY]]
    if names:
        more = f" and {len(entry.arguments) - _MANY} more" if len(entry.arguments) > _MANY else ""
        yield f"  - {', '.join(names)}{more}"


def _said(entry: Entry) -> Iterator[str]:
    yield from _addresses(entry)
    yield from (f"  - {code(remark)}" for remark in remarks(entry))


def _addresses(entry: Entry) -> Iterator[str]:
    mark = "⚠️ " if entry.loses_protection or (entry.is_guarded and entry.what in LOSING) else ""
    yield f"- {mark}**{entry.what}** {code(entry.address)}"

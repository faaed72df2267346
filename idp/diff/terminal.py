"""A difference on a terminal, by Rich: a table for each stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from config.errors import printable
from idp.diff.arguments import Argument
from idp.diff.model import LOSING, DeploymentDiff, Diff, Entry, StackDiff, What, summary

_STYLES: Mapping[What, str] = {
    "destroyed": "bold red",
    "replaced": "bold magenta",
    "may be replaced": "magenta",
    "changed": "yellow",
    "moved": "cyan",
    "added": "green",
    "removed": "red",
    "comment": "dim",
}
# So many characters of a value, and so many arguments of one address.
_VALUE, _ARGUMENTS = 60, 12


def show(diff: Diff, console: Console) -> None:
    """Print all of it."""
    if diff.is_empty:
        console.print("no changes")
    for deployment in diff.deployments:
        console.print(Text(head(deployment), style="bold"))
        for stack in deployment.stacks:
            console.print(_table(stack))


def head(deployment: DeploymentDiff) -> str:
    """``deployment idp: 3 stacks``, with what it costs."""
    number = len(deployment.stacks)
    state = f"{deployment.state}, " if deployment.state else ""
    cost = f"; {deployment.cost}" if deployment.cost else ""
    return f"deployment {deployment.id}: {state}{number} stack{'s' * (number != 1)} with changes{cost}"


def remarks(entry: Entry) -> Iterator[str]:
    """Everything about an entry but its arguments, as sentences."""
    if entry.former:
        yield f"moved from {printable(entry.former)}"
    if entry.is_guarded and entry.what in LOSING:
        yield "holds data, keys or what people put into it"
    if entry.loses_protection:
        yield "is no longer kept from destruction"
    yield from (printable(note) for note in entry.notes)


def change(argument: Argument, size: int) -> tuple[str, str]:
    """Both values, shortened to ``size`` characters; ``–`` for none."""
    before, after = (_short(value, size) for value in (argument.before, argument.after))
    return before, after


def title(stack: StackDiff) -> str:
    source = " (by its plan)" if stack.is_planned else ""
    return f"{stack.name}: {summary(stack)}{source}"


def _table(stack: StackDiff) -> Table:
    table = Table(title=Text(title(stack)), title_justify="left", show_header=False, show_edge=False, box=None)
    table.add_column("what", no_wrap=True)
    table.add_column("address, and how", overflow="fold")
    for entry in stack.entries:
        address = Text(printable(entry.address), style="bold")
        table.add_row(Text(entry.what, style=_STYLES[entry.what]), Text("\n").join((address, *_how(entry))))
    return table


def _how(entry: Entry) -> Iterator[Text]:
    for remark in remarks(entry):
        yield Text(f"  {remark}", style="bold red" if entry.is_guarded or entry.loses_protection else "")
    for argument in entry.arguments[:_ARGUMENTS]:
        before, after = change(argument, _VALUE)
        text = Text(f"  {printable(argument.path)}: {before} → {after}")
        yield text.append("  forces replacement" if argument.forces else "", style="magenta")
    if (more := len(entry.arguments) - _ARGUMENTS) > 0:
        yield Text(f"  {more} more arguments")


def _short(value: str, size: int) -> str:
    if not value:
        return "–"
    line = printable(value)
    return line if len(line) <= size else f"{line[: size - 1]}…"

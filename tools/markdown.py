"""Markdown that generated pages share."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def table(header: Iterable[str], rows: Iterable[Iterable[str]], right: Collection[int] = ()) -> str:
    """A table; a bar within a cell becomes a slash. Columns ``right``, counted from 0, stand at their right edge."""
    head = list(header)
    rule = "".join("---:|" if at in right else "---|" for at in range(len(head)))
    lines = [f"| {' | '.join(head)} |", f"|{rule}"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def joined(items: Iterable[str], none: str = "–") -> str:
    """``items`` in one cell."""
    return ", ".join(items) or none


def code(items: Iterable[str]) -> list[str]:
    return [f"`{item}`" for item in items]


def span(seconds: object) -> str:
    """``seconds`` (a number, or text of one) in the largest unit that holds them without a rest."""
    rest = int(str(seconds))
    units = {"day": 86400, "hour": 3600, "minute": 60}
    name, unit = next(((name, unit) for name, unit in units.items() if rest and rest % unit == 0), ("second", 1))
    return f"{rest // unit} {name}{'' if rest == unit else 's'}"

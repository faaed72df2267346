"""What docs/ACCESS.md says of people of a team, read from the page itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "ACCESS.md"
_SECTION, _END = "## Kubernetes: people of a team", "## Kubernetes: people of the platform"
# As the section says in words.
_VERBS: Mapping[str, frozenset[str]] = {
    "everything": frozenset(["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]),
    "look": frozenset(["get", "list", "watch"]),
    "use": frozenset(["create", "get"]),
    "–": frozenset(),
}
_COLUMNS = ("developer", "viewer", "developer in staging", "developer in sandbox")

# (resource with its subresource, API group, verb)
Right = tuple[str, str, str]


def rights() -> dict[str, set[Right]]:
    """Column → what it gives. Raises KeyError for a word that the page doesn't explain."""
    found: dict[str, set[Right]] = {column: set() for column in _COLUMNS}
    section = PAGE.read_text(encoding="utf-8").partition(_SECTION)[2].partition(_END)[0]
    for line in section.splitlines():
        if line.startswith("| `"):
            named, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            resource, _, group = named.strip("`").partition(".")
            for column, cell in zip(_COLUMNS, cells, strict=False):
                found[column] |= {(resource, group, verb) for verb in _VERBS[cell]}
    return found

"""Comments that constructs leave in a stack's JSON, beside the arguments of a resource, for people and tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Both engines take this key of any block for a comment (Terraform documentation, "JSON Configuration Syntax",
# Comment Properties).
COMMENT = "//"


def write(document: dict[str, Any], key: str, values: Mapping[str, Any], what: str) -> None:
    """Put ``values`` (address → value) under ``key`` of the comments of what is at each address.

    Raises ValueError for addresses that the document doesn't hold, with ``what`` the values are.
    """
    for address, value in values.items():
        *data, kind, name = address.split(".")
        try:
            block = document["data" if data else "resource"][kind][name]
        except KeyError:
            raise ValueError(f"{address}: {what} for what the stack doesn't hold") from None
        block.setdefault(COMMENT, {})[key] = value


def read(document: Mapping[str, Any], key: str) -> Iterator[tuple[str, Any]]:
    """(address, value) of all resources and data sources with ``key`` among their comments."""
    for section, prefix in (("resource", ""), ("data", "data.")):
        for kind, named in document.get(section, {}).items():
            for name, block in named.items():
                if key in (found := block.get(COMMENT, {})):
                    yield f"{prefix}{kind}.{name}", found[key]

"""Where in a stack's canonical JSON a resource is."""

from __future__ import annotations

import re

# Its own indentation: a section, a type and a name each have a line of their own.
_LINE = re.compile(r'^(?P<indent>  |    |      )"(?P<name>[^"]+)": \{')


def addresses_by_line(text: str) -> dict[int, str]:
    """Line number at which a resource or data source of a canonical JSON begins → its address."""
    place = ["", "", ""]
    found: dict[int, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _LINE.match(line):
            depth = len(match["indent"]) // 2
            place[depth - 1] = match["name"]
            if depth == len(place) and place[0] in ("resource", "data"):
                found[number] = ("data." if place[0] == "data" else "") + f"{place[1]}.{place[2]}"
    return found

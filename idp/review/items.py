"""What a reviewer looks at one by one: the blocks of a stack's JSON, with their lines, and the files beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from constructs_lib.checkov.waivers import Waiver, waivers
from constructs_lib.comments import COMMENT
from constructs_lib.evidence.read import controls
from idp.output import STACK_FILE, Stack

Change = Literal["", "added", "changed", "removed"]

# Kind of what lies beside the JSON.
FILE = "file"
# Places of a stack's directory that synth owns (constructs_lib.stack, ASSET_DIRECTORIES, which imports the engine).
_BESIDE = ("charts", "values")
# Sections of the JSON whose blocks have a type and a name.
_TYPED = {"resource": "", "data": "data."}
# What references call the members of a section.
_NAMED = {"locals": "local", "output": "output", "provider": "provider", "variable": "var", "module": "module"}
_KEY = re.compile(r'( +)("(?:[^"\\]|\\.)*"): ')
# How deep the keys lie that name blocks: section, type and name.
_DEEPEST = 3


@dataclass(frozen=True, kw_only=True)
class Item:
    """One block of a stack's JSON, or one file beside it.

    ``address`` is Terraform's (``aws_vpc.vpc``), or the path of a file; ``kind`` the type by which items are filtered.
    ``text`` starts at line ``line`` of ``path``, below the output; 0 where that isn't known. ``uses`` and ``used_by``
    are ids of items. ``diff`` holds the lines of a unified difference to what was there before.
    """

    stack: str
    address: str
    kind: str
    path: str
    line: int
    text: str
    requirements: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    uses: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    change: Change = ""
    diff: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """``<stack>/<address>``, the item's anchor on the page."""
        return f"{self.stack}/{self.address}"

    @property
    def is_resource(self) -> bool:
        """Whether Terraform makes it: no data source, output, setting or file."""
        other = self.kind.startswith("data.") or self.kind in _NAMED.values()
        return self.address.startswith(f"{self.kind}.") and not other

    @property
    def last_line(self) -> int:
        return self.line + self.text.count("\n")


def items_of(stack: Stack) -> list[Item]:
    """All of ``stack``: resources, data sources, the other blocks, files."""
    source = (stack.directory / STACK_FILE).read_text(encoding="utf-8")
    lines = lines_of_keys(source)
    waived: dict[str, list[Waiver]] = {}
    for waiver in waivers({stack.name: stack.document}):
        waived.setdefault(waiver.address, []).append(waiver)
    served = controls(stack.document)
    found = [
        Item(
            stack=stack.name,
            address=address,
            kind=kind,
            path=f"stacks/{stack.name}/{STACK_FILE}",
            line=lines.get(place, 0),
            text=json.dumps(block, indent=2, sort_keys=True, ensure_ascii=False),
            requirements=served.get(address, ()),
            waivers=tuple(waived.get(address, ())),
        )
        for place, kind, address, block in blocks(stack.document)
    ]
    return [*found, *_files(stack)]


def blocks(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str, str, Any]]:
    """(keys that lead to it, kind, address, block) of every block: resources first, comments of the file left out."""
    order = [*_TYPED, *(section for section in sorted(document) if section not in _TYPED and section != COMMENT)]
    for section in order:
        held = document.get(section, {})
        if section in _TYPED:
            for kind, named in sorted(held.items()):
                for name, block in sorted(named.items()):
                    yield (section, kind, name), f"{_TYPED[section]}{kind}", f"{_TYPED[section]}{kind}.{name}", block
        elif section in _NAMED:
            for name, block in sorted(held.items()):
                yield (section, name), _NAMED[section], f"{_NAMED[section]}.{name}", block
        else:
            yield (section,), section, section, held


def lines_of_keys(text: str) -> dict[tuple[str, ...], int]:
    """Keys of a JSON text, three deep, → number of the line where they stand. For two spaces of indentation only."""
    found: dict[tuple[str, ...], int] = {}
    place: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        key = _KEY.match(line)
        depth = len(key[1]) // 2 if key else 0
        if key and depth <= _DEEPEST:
            place = [*place[: depth - 1], json.loads(key[2])]
            found[tuple(place)] = number
    return found


def _files(stack: Stack) -> Iterator[Item]:
    for place in _BESIDE:
        for path in sorted((stack.directory / place).rglob("*")):
            if path.is_file():
                address = path.relative_to(stack.directory).as_posix()
                yield Item(
                    stack=stack.name,
                    address=address,
                    kind=FILE,
                    path=f"stacks/{stack.name}/{address}",
                    line=1,
                    text=_text(path),
                )


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").removesuffix("\n")

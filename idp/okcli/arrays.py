"""Arrays of plain words in bash scripts: read them, add a word to them. Pure; everything else stays byte for byte."""

from __future__ import annotations

import re
from dataclasses import dataclass

from idp.okcli.errors import UnexpectedError

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<comment>\#[^\n]*)|(?P<word>"[^"$`\\\n]*"|'[^'\n]*'|[\w./:@+-]+)|(?P<end>\))"""
)
_ITEM_END = re.compile(r"[\s)]")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One word of an array: its value without quotes, and where it stands in the text."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Array:
    """The array ``name`` of ``text``; ``start`` is behind its opening bracket, ``end`` at the closing one."""

    text: str
    name: str
    start: int
    end: int
    items: tuple[Item, ...]

    @property
    def values(self) -> list[str]:
        return [item.value for item in self.items]

    def with_value(self, value: str) -> str:
        """The text with ``value`` as the array's last word: on a line of its own where the last one has that."""
        if not self.items:
            return f'{self.text[: self.start]}"{value}"{self.text[self.start :]}'
        last = self.items[-1]
        quote = self.text[last.start] if self.text[last.start] in "\"'" else ""
        line = self.text.rfind("\n", 0, last.start) + 1
        before = self.text[line : last.start]
        at, gap = last.end, " "
        if line > self.start and not before.strip():
            # What stands behind the last word on its line, such as a comment, stays there.
            newline = self.text.find("\n", last.end, self.end)
            ends = newline if newline >= 0 else last.end
            at = ends - (self.text[ends - 1] == "\r")
            gap = ("\r\n" if self.text[at:].startswith("\r") else "\n") + before
        return f"{self.text[:at]}{gap}{quote}{value}{quote}{self.text[at:]}"


def assignments(text: str, name: str) -> list[re.Match[str]]:
    """Where ``text`` gives the array ``name`` its words, or adds some; comments aside."""
    pattern = rf"^[ \t]*(?:(?:declare|readonly|export|local|typeset)(?:[ \t]+-\w+)*[ \t]+)?{name}(?P<plus>\+?)=\("
    return list(re.finditer(pattern, text, re.MULTILINE))


def array(text: str, name: str) -> Array:
    """The one array ``name``. Raises UnexpectedError where there isn't exactly one, of plain words."""
    found = assignments(text, name)
    if len(found) != 1 or found[0]["plus"]:
        raise UnexpectedError(f"{name}=(…) is expected once, and not to be added to elsewhere; found {len(found)}")
    start = at = found[0].end()
    items: list[Item] = []
    while match := _TOKEN.match(text, at):
        at = match.end()
        if match.lastgroup == "end":
            return Array(text=text, name=name, start=start, end=match.start(), items=tuple(items))
        if match.lastgroup == "word":
            if not _ITEM_END.match(text, at):
                break
            items.append(Item(value=match[0].strip("\"'"), start=match.start(), end=at))
    raise UnexpectedError(f"{name}=(…) is expected to hold plain words only; line {text.count(chr(10), 0, at) + 1}")


def repeats(text: str, name: str, other: str) -> bool:
    """Whether array ``name`` is all words of array ``other``, and nothing else: then it needs no word of its own."""
    found = assignments(text, name)
    if len(found) != 1:
        return False
    return bool(re.match(rf'\s*"\$\{{{other}\[@\]\}}"\s*\)', text[found[0].end() :]))

"""A quick reader of the plain YAML that values files and rendered environments hold: block mappings and lists of
scalars. Pure.

A full parser written in Python takes a quarter of a millisecond a line, which a synth of all components would feel, and
two milliseconds a team.
What is not plain here (flow collections, quotes, dates, folded text …) goes to the full parser: the value alone where
it is on one line, else the whole file.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML

_KEY = re.compile(r'^("(?:[^"\\]|\\.)*"|[A-Za-z$][A-Za-z0-9_./$-]*):(?: +(.*))?$')
_NUMBER = re.compile(r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$")
# Text that starts with a letter, a slash or a dollar and holds nothing that ends a plain scalar.
_TEXT = re.compile(r"^[A-Za-z/$](?:(?! #|: |:$).)*$")
_WORD_LIST = re.compile(r"^\[[A-Za-z][A-Za-z0-9._/-]*(?:, [A-Za-z][A-Za-z0-9._/-]*)*\]$")
_WORDS = {"true": True, "false": False, "null": None}
_QUOTED = re.compile(r'^"(?:[^"\\]|\\.)*"$')
# What means the same by itself as behind its key: quoted, flow, a number of another kind, text with a comment.
_WHOLE = (
    _QUOTED,
    re.compile(r"^'(?:[^']|'')*'$"),
    re.compile(r"^[\[{](?:(?![\]}]\s*:).)*[\]}]$"),
    re.compile(r"^[0-9~A-Za-z](?:(?!: |:$).)*$"),
)
# Control characters and what lies beyond common scripts. Tabs are fine inside of literal text.
_ODD = re.compile("[^\\n\\t -~\\u00a0-\\u2027\\u2030-\\ud7ff]")
# Escapes, exponents and what is no number: JSON and YAML differ on them.
_NOT_BOTH = re.compile(r"\\|[0-9][eE]|NaN|Infinity")
_LITERAL = re.compile(r"^\|(-?)$")


class _Unusual(Exception):
    """The file needs the full parser."""


def read(text: str) -> Any:
    """The only document in ``text``. Raises what the full parser raises where it is no YAML."""
    if _ODD.search(text):
        return _parse(text)
    try:
        return _Reader(text).document()
    except _Unusual:
        return _parse(text)


@functools.lru_cache(maxsize=512)
def _parse(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._at = 0

    def document(self) -> Any:
        found = self._block(0)
        if self._peek() is not None:
            raise _Unusual
        return found

    def _peek(self) -> tuple[int, str] | None:
        """(indent, content) of the next line that says something."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            content = line.lstrip(" ")
            if content and not content.startswith("#"):
                if content.startswith(("---", "...", "%")) or "\t" in content or content != content.rstrip():
                    raise _Unusual
                return len(line) - len(content), content
            self._at += 1
        return None

    def _block(self, least: int) -> Any:
        """The mapping or list that starts on the next line, indented by ``least`` or more; None where there is none."""
        following = self._peek()
        if following is None or following[0] < least:
            return None
        indent, content = following
        if content == "-" or content.startswith("- "):
            return list(self._items(indent))
        if content in ("[]", "{}"):
            self._at += 1
            return [] if content == "[]" else {}
        return self._mapping(indent)

    def _mapping(self, indent: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (following := self._peek()) is not None and following[0] == indent:
            entry = _KEY.match(following[1])
            if entry is None:
                raise _Unusual
            key = str(json.loads(entry[1])) if entry[1].startswith('"') else entry[1]
            if key in found or (key.lower() in _WORDS and not entry[1].startswith('"')):
                raise _Unusual
            self._at += 1
            found[key] = self._value(entry[2] or "", indent)
        self._ended(None, indent)
        return found

    def _items(self, indent: int) -> Iterator[Any]:
        while (following := self._peek()) is not None and following[0] == indent:
            content = following[1]
            if content != "-" and not content.startswith("- "):
                return
            inner = content[1:].lstrip(" ")
            if _KEY.match(inner) or inner.startswith("- ") or not inner:
                # What follows the dash is a block of its own, as if the dash were a space.
                self._lines[self._at] = " " * (indent + len(content) - len(inner)) + inner
                yield self._block(indent + 1)
            else:
                self._at += 1
                yield self._value(inner, indent)
        self._ended(None, indent)

    def _ended(self, found: Any, indent: int) -> Any:
        following = self._peek()
        if following is not None and following[0] > indent:
            raise _Unusual
        return found

    def _value(self, rest: str, indent: int) -> Any:
        if not rest or rest.startswith("#"):
            following = self._peek()
            # A list may stand at the indent of its key.
            dashed = following is not None and following[0] == indent and following[1].startswith("- ")
            return self._block(indent if dashed else indent + 1)
        literal = _LITERAL.match(rest)
        found = self._literal(indent, keep_newline=not literal[1]) if literal else _scalar(rest)
        return self._ended(found, indent)

    def _literal(self, indent: int, *, keep_newline: bool) -> str:
        taken: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.strip(" ") and len(line) - len(line.lstrip(" ")) <= indent:
                break
            taken.append(line)
            self._at += 1
        first = next((line for line in taken if line.strip(" ")), "")
        margin = len(first) - len(first.lstrip(" "))
        # A tab where the margin is sought, lines before it or within, and an end without a newline are left to the full
        # parser.
        unended = self._at == len(self._lines) and taken[-1:] != [""]
        if not first or first[margin] == "\t" or unended or any(_strays(line, margin) for line in taken):
            raise _Unusual
        text = "\n".join(line[margin:] for line in taken).rstrip("\n")
        return text + "\n" if keep_newline else text


def _strays(line: str, margin: int) -> bool:
    """Whether ``line`` of a literal text says something before its margin, or is blank beyond it."""
    spaces = len(line) - len(line.lstrip(" "))
    return spaces > margin if spaces == len(line) else spaces < margin


def _scalar(rest: str) -> Any:
    if rest in _WORDS:
        return _WORDS[rest]
    if _NUMBER.match(rest):
        return json.loads(rest)
    if _TEXT.match(rest) and rest.lower() not in _WORDS:
        return rest
    if rest[0] == '"' and _QUOTED.match(rest) and "\\" not in rest:
        return rest[1:-1]
    if not any(shape.match(rest) for shape in _WHOLE):
        raise _Unusual
    found = _flow(rest) if rest[0] in "[{" else None
    return _parse(rest) if found is None else found


def _flow(rest: str) -> Any:
    """A list of plain words, or what is JSON; None for other flow collections."""
    if _WORD_LIST.match(rest):
        words = rest[1:-1].split(", ")
        return words if _WORDS.keys().isdisjoint(word.lower() for word in words) else None
    if _NOT_BOTH.search(rest):
        return None
    try:
        return json.loads(rest, object_pairs_hook=_once)
    except ValueError:
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found

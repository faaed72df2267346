"""Values that a release takes from other stacks, with a stand-in for what only remote state knows.

Reads the two forms that a release's ``values`` have: ``${file("${path.module}/...")}`` and ``${yamlencode({...})}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_FILE = re.compile(r'^\$\{file\("\$\{path\.module\}/([^"]+)"\)\}$')
_ENCODED = re.compile(r"^\$\{yamlencode\((.*)\)\}$", re.DOTALL)
_LAST_NAME = re.compile(r"([A-Za-z0-9_-]+)\W*$")
_STAND_INS = Path(__file__).with_name("stand_ins.yaml")


def documents(values: list[str], directory: Path) -> list[Mapping[str, Any]]:
    """The values documents of a release in ``directory``, in the order in which Helm merges them."""
    return [_document(each, directory) for each in values]


def _document(text: str, directory: Path) -> Mapping[str, Any]:
    named = _FILE.match(text)
    if named:
        found: Mapping[str, Any] = yaml.safe_load((directory / named.group(1)).read_text(encoding="utf-8")) or {}
        return found
    encoded = _ENCODED.match(text)
    if not encoded:
        raise ValueError(f"neither a values file nor encoded values: {text}")
    value: Mapping[str, Any] = Expression(encoded.group(1)).value()
    return value


def stand_in(reference: str) -> Any:
    """What stands for a reference: by its last name, in ``stand_ins.yaml``. Raises KeyError with the remedy."""
    known: Mapping[str, Any] = yaml.safe_load(_STAND_INS.read_text(encoding="utf-8"))
    found = _LAST_NAME.search(reference)
    name = found.group(1) if found else reference
    if name not in known:
        raise KeyError(f"{reference}: give {name!r} a value in tests/kubernetes/{_STAND_INS.name}")
    return known[name]


class Expression:
    """A Terraform expression made of objects, lists, JSON scalars and references."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def value(self) -> Any:
        """The value of the whole text. Raises ValueError where something is left over."""
        found = self._value()
        self._skip()
        if self._at != len(self._text):
            raise ValueError(f"left over: {self._text[self._at :]}")
        return found

    def _value(self) -> Any:
        self._skip()
        start = self._peek()
        if start == "{":
            return dict(self._sequence("}", self._pair))
        if start == "[":
            return list(self._sequence("]", self._value))
        if start == '"':
            found, self._at = json.JSONDecoder().raw_decode(self._text, self._at)
            return found
        return self._word()

    def _sequence(self, end: str, item: Any) -> list[Any]:
        self._at += 1
        found: list[Any] = []
        while True:
            self._skip()
            if self._peek() == end:
                self._at += 1
                return found
            found.append(item())

    def _pair(self) -> tuple[str, Any]:
        key, self._at = json.JSONDecoder().raw_decode(self._text, self._at)
        self._skip(" \n=")
        return key, self._value()

    def _word(self) -> Any:
        start, depth = self._at, 0
        while self._at < len(self._text) and (depth or self._text[self._at] not in ",}]"):
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(self._text[self._at], 0)
            self._at += 1
        word = self._text[start : self._at].strip()
        scalar = re.fullmatch(r"true|false|null|-?[0-9.]+", word)
        return json.loads(word) if scalar else stand_in(word)

    def _skip(self, what: str = " \n,") -> None:
        while self._peek() and self._peek() in what:
            self._at += 1

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

"""Configuration errors: every problem of every file at once, each with its remedy."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """One thing wrong with one key of one file.

    ``key`` is the path as the user wrote it (``deployment:teams[1].quotas.cpu``), ``message`` says what is wrong and
    what is allowed, ``remedy`` what to change. ``value`` is the value given, as JSON, or empty where the key is absent.
    """

    file: str
    key: str
    message: str
    remedy: str
    value: str = ""

    def __str__(self) -> str:
        given = f" (given: {self.value})" if self.value else ""
        return f"{self.file}: {self.key}{given}: {self.message}\n    remedy: {self.remedy}"


class ConfigError(Exception):
    """The configuration can't be used; ``problems`` holds all reasons, sorted by file and key."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def printable(text: str) -> str:
    """``text`` on one line of printable ASCII, at most 200 characters: a key or a message may hold anything."""
    escaped = json.dumps(text, ensure_ascii=True)[1:-1].replace('\\"', '"')
    return escaped if len(escaped) <= 200 else escaped[:197] + "..."


def shown(value: object) -> str:
    """``value`` as short JSON for an error message (at most 120 characters)."""
    text = json.dumps(value, default=str, ensure_ascii=True)
    return text if len(text) <= 120 else text[:117] + "..."

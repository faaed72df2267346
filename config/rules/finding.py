"""What a rule finds: a Problem that doesn't know its file yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from config.errors import Problem, shown


@dataclass(frozen=True, kw_only=True)
class Finding:
    """``key`` is the path as the user writes it, ``value`` what it holds, given or by default.

    ``flag`` names the flag of the environment's policy (``config.deployment.Policy``) that forbids it.
    """

    key: str
    value: Any
    message: str
    remedy: str
    flag: str | None = None

    def in_file(self, source: str) -> Problem:
        value = "" if self.value is None else shown(self.value)
        return Problem(file=source, key=self.key, value=value, message=self.message, remedy=self.remedy)


def twice(key: str, values: Sequence[Any], what: str) -> Iterator[Finding]:
    """A finding for every value of the list at ``key`` that it holds more than once."""
    for value, count in Counter(values).items():
        if count > 1:
            yield Finding(key=key, value=value, message=f"names {what} {count} times", remedy="name it once")

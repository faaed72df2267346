"""A retried request gets the answer of its first attempt, where that one succeeded.

The SDK sometimes loses an answer of this server and sends the request again under the same invocation id. Most AWS
operations tolerate that; a conditional write, such as taking a state lock, would refuse its own first attempt.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KEPT = 2000
_ATTEMPT = re.compile(r"attempt=(\d+)")


@dataclass(frozen=True, kw_only=True)
class Answer:
    line: str
    headers: Any
    body: bytes


class Retries:
    """Answers of successful requests by the SDK's invocation id, the newest ``KEPT`` of them."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def earlier(self, headers: Mapping[str, str]) -> Answer | None:
        """The answer of an earlier attempt of this request, if it is a further attempt."""
        attempt = _ATTEMPT.search(headers.get("amz-sdk-request", ""))
        if attempt is None or int(attempt.group(1)) < 2:
            return None
        with self._lock:
            return self._answers.get(headers.get("amz-sdk-invocation-id", ""))

    def keep(self, headers: Mapping[str, str], answer: Answer) -> None:
        """Remember a successful answer; a failed request may well succeed when it is sent again."""
        invocation = headers.get("amz-sdk-invocation-id")
        if invocation and answer.line.startswith("2"):
            with self._lock:
                self._answers[invocation] = answer
                while len(self._answers) > KEPT:
                    self._answers.popitem(last=False)

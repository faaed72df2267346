"""Tables in memory, one set for each account and region."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Any

from sandbox.extension.application import Request

Item = dict[str, Any]


class Store:
    """Named tables of items by key."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, str], dict[str, dict[str, Item]]] = defaultdict(lambda: defaultdict(dict))

    def table(self, request: Request, name: str) -> dict[str, Item]:
        """The table ``name`` of the request's account and region."""
        return self._tables[request.account, request.region][name]


def now() -> float:
    """Seconds since the epoch, as the JSON protocols print timestamps."""
    return round(time.time(), 3)

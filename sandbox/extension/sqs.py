"""Redrive policies are compared as text: moto gives them back with blanks that nobody sent."""

from __future__ import annotations

import json
from typing import Any


def patch() -> None:
    from moto.sqs.models import Queue

    original = Queue.attributes.fget

    def attributes(self: Any) -> dict[str, Any]:
        found: dict[str, Any] = original(self)
        if found.get("RedrivePolicy"):
            found["RedrivePolicy"] = json.dumps(json.loads(found["RedrivePolicy"]), separators=(",", ":"))
        return found

    Queue.attributes = property(attributes)

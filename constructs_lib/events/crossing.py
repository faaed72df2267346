"""What crosses: which events a rule takes, and what is left of each. Pure.

Sources: Amazon EventBridge User Guide, "Event patterns" (matching on existence), and "Input transformation".
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from config.compliance import ForwardedEvents

# What says which event it was, and when: variable → where it is. A hyphen is in no field's name.
ENVELOPE: Mapping[str, tuple[str, str]] = {
    "event-id": ("id", "$.id"),
    "event-source": ("source", "$.source"),
    "event-time": ("time", "$.time"),
    "event-type": ("detailType", "$.detail-type"),
}


def pattern(events: ForwardedEvents) -> str:
    """The rule's event pattern: source, detail type, and every field that crosses.

    "exists" holds of leaves alone: an event whose field is an object, which would cross with all that is in it, doesn't
    match, and one without the field doesn't either, for which the transformer would write broken JSON.
    """
    exists = [{"exists": True}]
    return json.dumps(
        {
            "source": [events.source],
            "detail-type": list(events.detail_types),
            "detail": {field: exists for field in events.fields},
        },
        sort_keys=True,
        separators=(",", ":"),
    )


def paths(events: ForwardedEvents) -> dict[str, str]:
    """Variable → where its value is in the event. Nothing that isn't here can be in the message."""
    return {
        **{variable: path for variable, (_, path) in ENVELOPE.items()},
        **{field: f"$.detail.{field}" for field in events.fields},
    }


def template(events: ForwardedEvents) -> str:
    """The message. EventBridge quotes and escapes texts by itself where a variable stands without quotes."""
    detail = ",".join(f'"{field}":<{field}>' for field in sorted(events.fields))
    envelope = [f'"{name}":<{variable}>' for variable, (name, _) in ENVELOPE.items()]
    return "{" + ",".join(sorted([f'"detail":{{{detail}}}', *envelope])) + "}"

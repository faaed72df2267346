"""EventBridge rules whose targets are queues, of other accounts too, with what an input transformer makes of the event.

moto sends to queues of the rule's own account, and writes texts into templates without quotes. Sources: Amazon
EventBridge User Guide, "Sending events to an AWS service in another account" (an execution role is needed), "Input
transformation" (texts are quoted by themselves; without a value a variable leaves broken JSON), "Event patterns"
(existence is asked of leaves), and "Using dead-letter queues".
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Event = dict[str, Any]
Target = Mapping[str, Any]
_VARIABLE = re.compile(r"<([A-Za-z0-9_.-]+)>")
# Code → why an event is dead: "Using dead-letter queues", attributes of the message.
NO_PERMISSIONS, NO_RESOURCE, BROKEN = "NO_PERMISSIONS", "NO_RESOURCE", "INVALID_JSON"


class Undeliverable(Exception):
    """``args`` holds the code of the reason."""


def patch() -> None:
    from moto.events.models import EventPattern, Rule

    _leaves(EventPattern)
    original = Rule.send_to_targets

    def send_to_targets(self: Any, original_event: Event, transform_input: bool = True) -> None:
        if self.event_pattern.matches_event(original_event):
            for target in filter(_is_queue, self.targets):
                _deliver(self, target, _as_sent(original_event))
        rest = copy.copy(self)
        rest.targets = [target for target in self.targets if not _is_queue(target)]
        original(rest, original_event, transform_input)

    Rule.send_to_targets = send_to_targets


def transformed(event: Event, transformer: Mapping[str, Any]) -> str:
    """The message that ``transformer`` makes of ``event``. Raises Undeliverable where that is no JSON."""
    values = {name: looked_up(event, path) for name, path in transformer.get("InputPathsMap", {}).items()}

    def written(found: re.Match[str]) -> str:
        value = values.get(found.group(1))
        return "" if value is None else json.dumps(value)

    text = _VARIABLE.sub(written, transformer["InputTemplate"])
    try:
        json.loads(text)
    except ValueError:
        raise Undeliverable(BROKEN) from None
    return text


def looked_up(event: Any, path: str) -> Any:
    """What is at ``path`` (``$.detail.orderId``), or None. Names may hold dashes, as ``detail-type`` does."""
    for part in path.removeprefix("$").lstrip(".").split("."):
        event = event.get(part) if isinstance(event, Mapping) else None
    return event


def _is_queue(target: Target) -> bool:
    return str(target["Arn"]).split(":")[2] == "sqs"


def _deliver(rule: Any, target: Target, event: Event) -> None:
    """One message; or the whole event into the target's dead letters, with the reason."""
    transformer = target.get("InputTransformer")
    try:
        body = transformed(event, transformer) if transformer else json.dumps(event)
        if _account(target["Arn"]) != rule.account_id and not target.get("RoleArn"):
            raise Undeliverable(NO_PERMISSIONS)
        _put(target["Arn"], body)
    except Undeliverable as reason:
        letters = target.get("DeadLetterConfig", {}).get("Arn")
        if letters:
            _put(letters, json.dumps(event), {"ERROR_CODE": str(reason), "RULE_ARN": rule.arn})


def _put(arn: str, body: str, attributes: Mapping[str, str] | None = None) -> None:
    from moto.sqs.exceptions import QueueDoesNotExist
    from moto.sqs.models import sqs_backends

    _, _, _, region, account, name = arn.split(":")
    written = {key: {"DataType": "String", "StringValue": value} for key, value in (attributes or {}).items()}
    try:
        sqs_backends[account][region].send_message(queue_name=name, message_body=body, message_attributes=written)
    except QueueDoesNotExist:
        raise Undeliverable(NO_RESOURCE) from None


def _account(arn: str) -> str:
    return arn.split(":")[4]


def _as_sent(event: Event) -> Event:
    """The event as targets see it: with a time that people read, and without moto's own field."""
    time = datetime.fromtimestamp(float(event["time"]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {key: value for key, value in event.items() if key != "ingestion-time"} | {"time": time}


def _leaves(pattern: Any) -> None:
    """An empty object has no leaves, and a list of objects has those of its objects: neither is one itself."""
    original = pattern._does_item_match_filters

    def matches(self: Any, item: Any, filters: list[Any]) -> bool:
        objects = isinstance(item, dict) or (isinstance(item, list) and any(isinstance(each, dict) for each in item))
        if objects and filters == [{"exists": True}]:
            return False
        found: bool = original(self, item, filters)
        return found

    pattern._does_item_match_filters = matches

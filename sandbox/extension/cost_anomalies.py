"""Monitors of cost anomalies and who is told of them, which moto lacks (AWS Cost Management API reference)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.exceptions import JsonRESTError


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """``name`` as in operations; what requests call the ARN, the object, and the error where there is none."""

    name: str
    arn: str
    member: str
    unknown: str


_KINDS = (
    _Kind(name="anomaly_monitor", arn="MonitorArn", member="AnomalyMonitor", unknown="UnknownMonitorException"),
    _Kind(
        name="anomaly_subscription",
        arn="SubscriptionArn",
        member="AnomalySubscription",
        unknown="UnknownSubscriptionException",
    ),
)
# Members of an expression, which AWS gives back empty where they weren't given.
_EXPRESSION = ("And", "CostCategories", "Dimensions", "Not", "Or", "Tags")


def patch() -> None:
    from moto.ce.responses import CostExplorerResponse

    for kind in _KINDS:
        for verb, operation in (("create", _create), ("get", _get), ("update", _update), ("delete", _delete)):
            plural = "s" if verb == "get" else ""
            setattr(CostExplorerResponse, f"{verb}_{kind.name}{plural}", operation(kind))


def _held(response: Any, kind: _Kind) -> dict[str, dict[str, Any]]:
    """What the account has of ``kind``, by ARN."""
    everything: dict[str, dict[str, Any]] = response.ce_backend.__dict__.setdefault(f"_{kind.name}", {})
    return everything


def _create(kind: _Kind) -> Callable[[Any], str]:
    def create(self: Any) -> str:
        given = json.loads(self.body)
        item = dict(given[kind.member])
        arn = f"arn:aws:ce::{self.current_account}:{kind.name.replace('_', '')}/{uuid.uuid4()}"
        for name in ("MonitorSpecification", "ThresholdExpression"):
            if name in item:
                item[name] = dict.fromkeys(_EXPRESSION) | item[name]
        item[kind.arn] = arn
        item["Subscribers"] = [{"Status": "CONFIRMED"} | each for each in item.get("Subscribers", [])]
        _held(self, kind)[arn] = item
        self.ce_backend.tag_resource(arn, given.get("ResourceTags") or [])
        return json.dumps({kind.arn: arn})

    return create


def _get(kind: _Kind) -> Callable[[Any], str]:
    def get(self: Any) -> str:
        wanted, held = json.loads(self.body).get(f"{kind.arn}List"), _held(self, kind)
        _known(wanted or (), held, kind.unknown)
        return json.dumps({f"{kind.member}s": [held[arn] for arn in wanted or held]})

    return get


def _update(kind: _Kind) -> Callable[[Any], str]:
    def update(self: Any) -> str:
        given, held = json.loads(self.body), _held(self, kind)
        _known((given[kind.arn],), held, kind.unknown)
        held[given[kind.arn]] |= {name: value for name, value in given.items() if value is not None}
        return json.dumps({kind.arn: given[kind.arn]})

    return update


def _delete(kind: _Kind) -> Callable[[Any], str]:
    def delete(self: Any) -> str:
        arn, held = json.loads(self.body)[kind.arn], _held(self, kind)
        _known((arn,), held, kind.unknown)
        del held[arn]
        return json.dumps({})

    return delete


def _known(arns: Iterable[str], held: Mapping[str, Any], unknown: str) -> None:
    for arn in arns:
        if arn not in held:
            raise JsonRESTError(unknown, f"{arn} isn't there")

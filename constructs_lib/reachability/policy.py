"""NetworkPolicies and label selectors, parsed. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from constructs_lib.reachability.ports import Ports, of_rule

Labels = Mapping[str, str]
Direction = Literal["ingress", "egress"]
_PEERS: Mapping[Direction, str] = {"ingress": "from", "egress": "to"}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of one direction. ``peers`` is None where the rule is for everybody."""

    peers: tuple[Mapping[str, Any], ...] | None
    ports: Ports


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A NetworkPolicy. A direction that it doesn't isolate has no entry in ``rules``."""

    name: str
    namespace: str
    selector: Mapping[str, Any]
    rules: Mapping[Direction, tuple[Rule, ...]]

    def selects(self, namespace: str, labels: Labels) -> bool:
        """Whether a pod of ``namespace`` with ``labels`` is one of the policy's."""
        return namespace == self.namespace and matches(self.selector, labels)


def policy(manifest: Mapping[str, Any]) -> Policy:
    """Parse an object. Raises ValueError for what the VPC CNI wouldn't enforce as it reads."""
    spec = manifest["spec"]
    metadata = manifest["metadata"]
    stated = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
    directions: tuple[Direction, ...] = ("ingress", "egress")
    return Policy(
        name=metadata["name"],
        namespace=metadata["namespace"],
        selector=spec.get("podSelector") or {},
        rules={
            each: tuple(_rule(rule, each) for rule in spec.get(each) or ())
            for each in directions
            if each.capitalize() in stated
        },
    )


def _rule(rule: Mapping[str, Any], direction: Direction) -> Rule:
    stated = rule.get(_PEERS[direction])
    return Rule(peers=tuple(stated) if stated else None, ports=of_rule(rule.get("ports")))


def matches(selector: Mapping[str, Any], labels: Labels) -> bool:
    """Whether a label selector matches; an empty one matches everything. Raises ValueError for an operator unknown."""
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(_holds(each, labels) for each in selector.get("matchExpressions") or ())


def _holds(expression: Mapping[str, Any], labels: Labels) -> bool:
    key, operator = expression["key"], expression["operator"]
    if operator == "Exists":
        return key in labels
    if operator == "DoesNotExist":
        return key not in labels
    if operator == "In":
        return labels.get(key) in expression["values"]
    if operator == "NotIn":
        return labels.get(key) not in expression["values"]
    raise ValueError(f"label selectors have no operator {operator!r}")

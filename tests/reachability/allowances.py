"""Every single allowance of a set of NetworkPolicies, and whether the table differs without it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.reachability.evaluator import Evaluator
from constructs_lib.reachability.policy import Policy, policy
from constructs_lib.reachability.ways import ways
from constructs_lib.reachability.world import World

Manifest = Mapping[str, Any]
_DIRECTIONS = (("ingress", "from"), ("egress", "to"))


def useless(manifests: Sequence[Manifest], world: World) -> list[str]:
    """Allowances without which the table is the same, however blocks are read."""
    policies = [policy(each) for each in manifests]
    whole = [Evaluator(policies, world.namespaces, blocks_hold_pods=reading) for reading in (True, False)]
    found = []
    for index, manifest in enumerate(manifests):
        for direction, spec, what in without_one(manifest["spec"]):
            less = [*policies[:index], policy({**manifest, "spec": spec}), *policies[index + 1 :]]
            without = (Evaluator(less, world.namespaces, blocks_hold_pods=reading) for reading in (True, False))
            pairs = zip(whole, without, strict=True)
            if not any(_differ(*pair, policies[index], direction, world) for pair in pairs):
                found.append(f"{manifest['metadata']['namespace']}/{manifest['metadata']['name']} {what}")
    return found


def _differ(whole: Evaluator, less: Evaluator, changed: Policy, direction: str, world: World) -> bool:
    """Whether two sets differ that are the same but for one direction of ``changed``."""
    concerned = [pod for pod in world.everybody if changed.selects(pod.namespace, pod.labels)]
    ends = {"sources" if direction == "egress" else "destinations": concerned}
    return ways(whole, world, **ends) != ways(less, world, **ends)


def without_one(spec: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """(direction, spec, what is missing): ``spec`` once without each peer and once without each port of each rule.

    The last one of a rule takes the rule along: without peers, or without ports, a rule is for all.
    """
    for direction, peers in _DIRECTIONS:
        for number, rule in enumerate(spec.get(direction) or ()):
            for part in (peers, "ports"):
                for position, entry in enumerate(rule.get(part) or (None,)):
                    less = copy.deepcopy(dict(spec))
                    left = less[direction][number].get(part) or [None]
                    del left[position]
                    if not left:
                        del less[direction][number]
                    yield direction, less, f"{direction} {number}, {part} {position}: {entry} of {rule}"

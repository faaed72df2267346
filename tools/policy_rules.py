"""What must hold of every policy: it is explained, tested, decided on, and applies to places that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from config.namespaces import SCOPES
from config.policies import Action
from tools.policy_files import (
    NAME_LABEL,
    POOL_LABEL,
    SCOPE_LABEL,
    TEAM_LABEL,
    Policy,
    Problem,
    documents,
    of_charts,
    read,
)

# Annotation → what to write there.
ANNOTATIONS: Mapping[str, str] = {
    "policies.kyverno.io/title": "what holds where it is kept, in a few words",
    "policies.kyverno.io/category": "the group of policies that it belongs to",
    "policies.kyverno.io/severity": "how bad a breach is",
    "policies.kyverno.io/description": "why it is asked",
    "platform/controls": "the requirements that it helps to meet, or none",
}
SEVERITIES = ("low", "medium", "high", "critical")
# The resources that a test of the kind needs.
_RESOURCES = {"MutatingPolicy": ("before.yaml", "after.yaml")}
_CHECKED = ("good.yaml", "bad.yaml")
_SECTION = re.compile(r"^policies:\s*$")
_ENTRY = re.compile(r"""^  ([\w.-]+):\s*["']?([\w-]*)["']?\s*(?:#.*)?$""")
# Which operators say something of a label that the platform gives to namespaces.
_LABELS: Mapping[str, tuple[str, ...]] = {
    NAME_LABEL: ("In", "NotIn"),
    SCOPE_LABEL: ("In", "NotIn"),
    TEAM_LABEL: ("Exists", "DoesNotExist"),
    POOL_LABEL: ("Exists", "DoesNotExist"),
}


@dataclass(frozen=True, kw_only=True)
class Decided:
    """Section ``policies`` of an environment: policy → (action, line)."""

    where: str
    line: int
    actions: Mapping[str, tuple[str, int]]


def problems(top: Path) -> list[Problem]:
    """All that is wrong with the policies below ``top`` and with what environments say of them, sorted."""
    policies, found = read(top)
    environments = [_decided(top, path) for path in sorted(top.glob("envs/*/*/conf.yaml.j2"))]
    for policy in policies:
        directory = (top / policy.where).parent
        found += [*_explained(policy), *_named(policy, directory), *_tested(policy, directory), *_selects(policy)]
        found += [*_left_out(policy), *_undecided(policy, environments)]
    for policy in of_charts(top):
        found += [*_explained(policy), *_selects(policy)]
    names = {path.parent.name for path in top.glob("policies/*/*/policy.yaml")}
    found += [problem for each in environments for problem in _strange(each, names)]
    return sorted(found)


def misplaced(policies: list[Policy], namespaces: set[str]) -> list[Problem]:
    """Names of namespaces that nobody makes."""
    return [
        policy.problem(f"speaks of namespace {name}, which nobody makes", f"write one of {_all(namespaces)}", line)
        for policy in policies
        for label, _, values, line in policy.selections("namespaceSelector")
        if label == NAME_LABEL
        for name in sorted(set(values) - namespaces)
    ]


def _explained(policy: Policy) -> Iterator[Problem]:
    for key, what in ANNOTATIONS.items():
        if not str(policy.annotations.get(key) or "").strip():
            yield policy.problem(f"{policy.name} has no annotation {key}", f"write there {what}")
    severity = policy.annotations.get("policies.kyverno.io/severity")
    if severity and severity not in SEVERITIES:
        line = policy.line(policy.annotations)
        yield policy.problem(f"severity {severity} is none of them", f"write one of {', '.join(SEVERITIES)}", line)


def _named(policy: Policy, directory: Path) -> Iterator[Problem]:
    if policy.name != directory.name:
        yield policy.problem(f"is named {policy.name}, its directory {directory.name}", "give both one name")


def _tested(policy: Policy, directory: Path) -> Iterator[Problem]:
    for file in _RESOURCES.get(policy.kind, _CHECKED):
        where = f"{Path(policy.where).parent.as_posix()}/{file}"
        remedy = f"write resources into {where}, so that its test shows what the policy does"
        if not (directory / file).is_file():
            yield policy.problem(f"has no test resources {file} beside it", remedy)
            continue
        found = documents(directory / file, where)
        if isinstance(found, Problem):
            yield found
        elif not found or not all(isinstance(each, Mapping) and each.get("kind") for each in found):
            message = "holds no resource" if not found else "holds something without a kind"
            yield Problem(where=where, line=1, message=message, remedy=remedy)


def _selects(policy: Policy) -> Iterator[Problem]:
    """Labels by which a policy applies, or doesn't, are labels that namespaces have."""
    for which in ("namespaceSelector", "objectSelector"):
        for label, operator, values, line in policy.selections(which):
            if label not in _LABELS:
                remedy = f"select by {', '.join(_LABELS)}"
                yield policy.problem(
                    f"selects by label {label}, which the platform gives to no namespace", remedy, line
                )
            elif operator not in _LABELS[label] or bool(values) is operator.endswith(("Exists", "Exist")):
                remedy = f"write {' or '.join(_LABELS[label])}, with values where it compares"
                yield policy.problem(f"selects by {label} with operator {operator} and {values}", remedy, line)
            elif label == SCOPE_LABEL:
                for scope in sorted(set(values) - set(SCOPES)):
                    message = f"speaks of scope {scope}, which no namespace has"
                    yield policy.problem(message, f"write one of {', '.join(SCOPES)}", line)


def _left_out(policy: Policy) -> Iterator[Problem]:
    """Places are left out where this check and docs/POLICIES.md see it."""
    remedy = "leave namespaces out by matchConstraints.namespaceSelector, a workload by deployment:policyExceptions"
    rules = policy.spec["matchConstraints"].get("excludeResourceRules")
    if rules:
        yield policy.problem("leaves something out by excludeResourceRules", remedy, policy.line(rules))
    for condition in policy.spec.get("matchConditions") or []:
        if re.search(r"namespace|request\.(?!operation\b)|metadata\.\??name\b", condition["expression"]):
            message = f"leaves places or names out by match condition {condition['name']}"
            yield policy.problem(message, remedy, policy.line(condition))


def _undecided(policy: Policy, environments: list[Decided]) -> Iterator[Problem]:
    for each in environments:
        if policy.name not in each.actions:
            remedy = f"write {policy.name}: deny, audit or off there, under policies (line {each.line})"
            yield policy.problem(f"has no action in {each.where}, policies", remedy)


def _strange(decided: Decided, names: set[str]) -> Iterator[Problem]:
    for name, (action, line) in decided.actions.items():
        if name not in names:
            message = f"policies.{name}: there is no such policy"
            yield Problem(where=decided.where, line=line, message=message, remedy=f"write one of {_all(names)}")
        if action not in get_args(Action):
            message = f"policies.{name}: {action or 'nothing'} is no action"
            remedy = f"write one of {', '.join(get_args(Action))}"
            yield Problem(where=decided.where, line=line, message=message, remedy=remedy)


def _decided(top: Path, path: Path) -> Decided:
    """By the template's text: it is there before anything is rendered, and has lines."""
    start, actions = 0, {}
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if _SECTION.match(text):
            start = line
        elif start and text and not text.startswith((" ", "#")):
            break
        elif start and (entry := _ENTRY.match(text)):
            actions[entry.group(1)] = (entry.group(2), line)
    return Decided(where=path.relative_to(top).as_posix(), line=start or 1, actions=actions)


def _all(names: set[str]) -> str:
    return ", ".join(sorted(names))

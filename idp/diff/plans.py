"""What the engine's own plans say, put in place of what is worked out from two synths.

A plan's JSON is that of ``tofu show -json`` (OpenTofu and Terraform documentation, "JSON Output Format": Plan
Representation, Change Representation), one file a stack: ``<stack>.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from idp.diff.arguments import Argument, differences
from idp.diff.guard import is_guarded
from idp.diff.model import DeploymentDiff, Diff, Entry, StackDiff, What, in_order
from idp.errors import OperationError

_ACTIONS: Mapping[tuple[str, ...], What] = {
    ("create",): "added",
    ("update",): "changed",
    ("delete",): "destroyed",
    ("delete", "create"): "replaced",
    ("create", "delete"): "replaced",
}
_HIDDEN, _HIDDEN_OTHER = "(sensitive)", "(sensitive, another value)"
_UNKNOWN = "(known after apply)"
_FORGOTTEN = "leaves the state and isn't destroyed"


def planned(diff: Diff, directory: Path, deployments: Mapping[str, str]) -> Diff:
    """``diff`` with the resources of each stack that ``directory`` holds a plan of as that plan has them.

    ``deployments`` gives the deployment of each stack. Raises OperationError for a directory without plans, a file that
    is none, and the plan of a stack that isn't there.
    """
    plans = dict(_plans(directory))
    if not plans:
        raise OperationError(f"{directory} holds no plan", remedy="name a directory of <stack>.json by --plans")
    for stack in sorted(plans.keys() - deployments.keys()):
        raise OperationError(
            f"{directory / stack}.json is the plan of no stack", remedy="name the plans of this output"
        )
    found = {(deployment.id, stack.name): stack for deployment in diff.deployments for stack in deployment.stacks}
    for name, entries in plans.items():
        known = found.get((deployments[name], name), StackDiff(name=name, state="", entries=()))
        rest = tuple(entry for entry in known.entries if entry.section != "resource")
        found[deployments[name], name] = replace(known, entries=in_order((*entries, *rest)), is_planned=True)
    return Diff(deployments=tuple(_grouped(diff, found, list(deployments))))


def _grouped(diff: Diff, found: Mapping[tuple[str, str], StackDiff], order: list[str]) -> Iterator[DeploymentDiff]:
    known = {deployment.id: deployment for deployment in diff.deployments}
    for id in sorted({deployment for deployment, _ in found}):
        own = {name: stack for (deployment, name), stack in found.items() if deployment == id and stack.entries}
        names = [*(name for name in order if name in own), *(name for name in own if name not in order)]
        if names:
            base = known.get(id, DeploymentDiff(id=id, state="", stacks=()))
            yield replace(base, stacks=tuple(own[name] for name in names))


def _plans(directory: Path) -> Iterator[tuple[str, list[Entry]]]:
    for path in sorted(directory.glob("*.json")):
        try:
            read = json.loads(path.read_text(encoding="utf-8"))
            changes = read["resource_changes"] if "resource_changes" in read or "format_version" not in read else []
        except (ValueError, KeyError, TypeError):
            raise OperationError(f"{path} is no plan as JSON", remedy="write it by `tofu show -json PLAN`") from None
        yield path.stem, [entry for change in changes if (entry := _entry(path.stem, change))]


def _entry(stack: str, resource: Mapping[str, Any]) -> Entry | None:
    """What a plan does to one resource; None where it does nothing, or reads it only."""
    change = resource["change"]
    what = _ACTIONS.get(tuple(change["actions"]))
    former = resource.get("previous_address", "")
    if resource.get("mode") != "managed" or (what is None and not former and "forget" not in change["actions"]):
        return None
    block = change.get("before") or change.get("after") or {}
    forgets = what is None and not former
    return Entry(
        stack=stack,
        address=resource["address"],
        kind=resource["type"],
        section="resource",
        what="destroyed" if forgets else what or "moved",
        arguments=tuple(_arguments(change, what == "replaced")) if what in ("changed", "replaced") else (),
        notes=tuple(_notes(resource, forgets)),
        former=former,
        is_guarded=is_guarded(resource["type"], block),
    )


def _arguments(change: Mapping[str, Any], is_replaced: bool) -> Iterator[Argument]:
    """Differences, without values that are sensitive; of what is replaced, without what is only known afterwards."""
    before, after = change.get("before") or {}, change.get("after") or {}
    for marks in (change.get("before_sensitive"), change.get("after_sensitive")):
        before, after = _hidden(before, after, marks)
    after = _unknown(after, change.get("after_unknown"))
    forced = {_path(steps) for steps in change.get("replace_paths", [])}
    told = set()
    for argument in differences(before, after):
        by = {each for each in forced if argument.path == each or argument.path.startswith((f"{each}.", f"{each}["))}
        told |= by
        if by or not (is_replaced and argument.after == json.dumps(_UNKNOWN)):
            yield replace(argument, forces=bool(by))
    for path in sorted(forced - told):
        # A list's places may differ between the two: the engine's word is kept.
        yield Argument(path=path, before="", after="", forces=True)


def _hidden(before: Any, after: Any, marks: Any) -> tuple[Any, Any]:
    """Both values without what ``marks``, of the same form, has as true; whether they differ can still be seen."""
    if marks is True:
        return _HIDDEN, _HIDDEN if before == after else _HIDDEN_OTHER
    if isinstance(marks, Mapping):
        keys = marks.keys()
    elif isinstance(marks, list):
        return _hidden_lists(before, after, marks)
    else:
        return before, after
    old, new = (dict(value) if isinstance(value, Mapping) else {} for value in (before, after))
    for key in keys:
        if marks[key] and (key in old or key in new):
            old[key], new[key] = _hidden(old.get(key), new.get(key), marks[key])
    return (old if isinstance(before, Mapping) else before), (new if isinstance(after, Mapping) else after)


def _hidden_lists(before: Any, after: Any, marks: list[Any]) -> tuple[Any, Any]:
    old, new = (list(value) if isinstance(value, list) else [] for value in (before, after))
    for index, mark in enumerate(marks):
        one, other = (value[index] if index < len(value) else None for value in (old, new))
        one, other = _hidden(one, other, mark)
        for value, hidden in ((old, one), (new, other)):
            if index < len(value):
                value[index] = hidden
    return (old if isinstance(before, list) else before), (new if isinstance(after, list) else after)


def _unknown(value: Any, marks: Any) -> Any:
    """``value`` with a word in place of what ``marks`` has as true."""
    if marks is True:
        return _UNKNOWN
    if isinstance(marks, Mapping) and marks:
        held = value if isinstance(value, Mapping) else {}
        return {**held, **{key: _unknown(held.get(key), mark) for key, mark in marks.items() if mark}}
    if isinstance(marks, list) and isinstance(value, list):
        return [_unknown(each, mark) for each, mark in zip(value, marks, strict=False)] + value[len(marks) :]
    return value


def _path(steps: list[str | int]) -> str:
    """``["tags", "Name"]`` → ``tags.Name``; numbers are indices."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def _notes(resource: Mapping[str, Any], forgets: bool) -> Iterator[str]:
    if forgets:
        yield _FORGOTTEN
    if "importing" in resource["change"]:
        yield "taken over, not made: an import"
    if reason := resource.get("action_reason"):
        yield str(reason).replace("_", " ")

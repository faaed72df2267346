"""Who runs which workflow template, and what it is given: tasks, steps and hooks, their arguments, and ``{{...}}``.

Source: Argo Workflows documentation, "DAG", "Steps", "LifecycleHook", "Workflow Templates".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools.workflow_files import File, Problem, Template, nodes, strings
from tools.workflow_variables import NAMES, names, of_workflow, path

_DEPENDS = re.compile(rf"({NAMES})(?:\.(?:Succeeded|Failed|Errored|Skipped|Omitted|Daemoned))?")
_LOOPS = frozenset({"withItems", "withParam", "withSequence"})


@dataclass(frozen=True, kw_only=True)
class Call:
    """A task or step, or a hook of one. ``before``: those whose outputs are there when it starts."""

    name: str
    node: Any
    before: frozenset[str]


def calls(template: Template) -> Iterator[Call]:
    """All calls of ``template``; a hook comes after what it is a hook of."""
    tasks = template.tasks()
    for name, node in tasks.items():
        yield from _with_hooks(f"task {name}", name, node, _ancestors(name, tasks))
    done: frozenset[str] = frozenset()
    for group in template.steps():
        for name, node in group.items():
            yield from _with_hooks(f"step {name}", name, node, done)
        done |= group.keys()


def _with_hooks(shown: str, name: str, node: Any, before: frozenset[str]) -> Iterator[Call]:
    yield Call(name=shown, node=node, before=before)
    for key, hook in (node.get("hooks") or {}).items():
        yield Call(name=f"hook {key} of {shown}", node=hook, before=before | {name})


def _waits_for(task: Any) -> set[str]:
    return {*_DEPENDS.findall(str(task.get("depends", ""))), *map(str, task.get("dependencies") or ())}


def _ancestors(name: str, tasks: Mapping[str, Any]) -> frozenset[str]:
    found: set[str] = set()
    left = _waits_for(tasks[name])
    while left:
        each = left.pop()
        if each in tasks and each not in found:
            found.add(each)
            left |= _waits_for(tasks[each])
    return frozenset(found)


def problems(file: File, files: Mapping[str, File]) -> Iterator[Problem]:
    """What is wrong with the calls and references of ``file``."""
    yield from _of_workflow(file, files)
    for template in file.templates.values():
        yield from _order(file, template)
        for call in calls(template):
            yield from _call(file, call, files)
        yield from _references(file, template, files)


def _of_workflow(file: File, files: Mapping[str, File]) -> Iterator[Problem]:
    """Outside of the templates: entry point, hooks, and variables, of which only the workflow's own are there."""
    spec = file.node["spec"]
    yield from _entry(file, spec)
    if "onExit" in spec and spec["onExit"] not in file.templates:
        yield file.problem(
            f"onExit {spec['onExit']} is no template of the file: name one of {_all(file)}", spec, "onExit"
        )
    for key, hook in (spec.get("hooks") or {}).items():
        yield from _call(file, Call(name=f"hook {key}", node=hook, before=frozenset()), files)
    outside = (each for key in spec if key != "templates" for each in strings(spec[key], key, spec))
    yield from (
        file.problem(nothing(name), parent, key)
        for parent, key, text in outside
        for name in names(text, key)
        if not of_workflow(name, file.parameters)
    )


def _entry(file: File, spec: Any) -> Iterator[Problem]:
    entry = file.templates.get(str(spec.get("entrypoint")))
    if entry is None:
        yield file.problem(
            f"entrypoint {spec.get('entrypoint')} is no template of the file: name one of {_all(file)}",
            spec,
            "entrypoint",
        )
    elif file.parameters:
        for name in sorted(required(entry.declared("inputs", "parameters")) - file.parameters.keys()):
            yield file.problem(
                f"nobody gives entrypoint {entry.name} its parameter {name}: give it a value", spec, "entrypoint"
            )


def target_of(file: File, call: Any, files: Mapping[str, File]) -> Template | None:
    """The template that ``call`` runs; None where there is none."""
    reference = call.get("templateRef")
    if reference is None:
        return file.templates.get(str(call.get("template", "")))
    other = files.get(str(reference.get("name", "")))
    return other.templates.get(str(reference.get("template", ""))) if other and reference.get("clusterScope") else None


def _order(file: File, template: Template) -> Iterator[Problem]:
    tasks = template.tasks()
    for name, task in tasks.items():
        for needed in sorted(_waits_for(task) - tasks.keys()):
            key = "depends" if "depends" in task else "dependencies"
            yield file.problem(
                f"task {name} depends on {needed}, which is no task: name one of {', '.join(tasks)}", task, key
            )
        if name in _ancestors(name, tasks):
            yield file.problem(f"task {name} waits for itself: take what leads back out of depends", task)


def _call(file: File, call: Call, files: Mapping[str, File]) -> Iterator[Problem]:
    target = target_of(file, call.node, files)
    reference = call.node.get("templateRef") or call.node
    of = f"{reference.get('name')}/" if "templateRef" in call.node else ""
    runs = f"{call.name} runs {of}{reference.get('template')}"
    if target is None:
        message = f"{runs}, which is no template, or not of cluster scope: name one of {_all(file)}, or by templateRef"
        yield file.problem(f"{message} one of workflow-templates/ with clusterScope: true", reference, "template")
        return
    if target.file is not file:
        for name in sorted(_of_caller(target, files) - file.parameters.keys()):
            yield file.problem(
                f"{runs}, which needs parameter {name} of the workflow: add it to arguments", reference, "template"
            )
    for what in ("parameters", "artifacts"):
        yield from _arguments(file, call, what, target.declared("inputs", what))


def _of_caller(template: Template, files: Mapping[str, File], seen: frozenset[int] = frozenset()) -> set[str]:
    """Parameters of the workflow that ``template`` and what it runs use: they are those of the workflow that runs."""
    if id(template.node) in seen:
        return set()
    paths = (path(name) for _, key, text in strings(template.node) for name in names(text, key))
    found = {parts[2] for parts in paths if parts[:2] == ("workflow", "parameters") and len(parts) == 3}
    for call in calls(template):
        target = target_of(template.file, call.node, files)
        if target is not None:
            found |= _of_caller(target, files, seen | {id(template.node)})
    return found


def required(declared: Mapping[str, Any]) -> set[str]:
    """Names of those of ``declared`` that have no value of their own."""
    return {name for name, each in declared.items() if not {"value", "valueFrom", "default", "optional"} & set(each)}


def _arguments(file: File, call: Call, what: str, wanted: Mapping[str, Any]) -> Iterator[Problem]:
    given = list((call.node.get("arguments") or {}).get(what) or ())
    one = what[:-1]
    for each in given:
        if each["name"] not in wanted:
            takes = ", ".join(wanted) or "none"
            yield file.problem(f"{call.name} gives {one} {each['name']}, which nobody takes: name one of {takes}", each)
        else:
            yield from (
                file.problem(f"{call.name}: {one} {said}", each) for said in ill_given(each, wanted[each["name"]])
            )
    for name in sorted(required(wanted) - {each["name"] for each in given}):
        yield file.problem(f"{call.name} lacks {one} {name}: add it to arguments", call.node)


def ill_given(given: Any, wanted: Any) -> Iterator[str]:
    """What is wrong with the value of one argument, after the word "parameter" or "artifact"."""
    if not set(given) - {"name", "default", "description", "enum", "optional"}:
        yield f"{given['name']} has no value: write one"
    value, allowed = str(given.get("value", "")), [str(each) for each in wanted.get("enum") or ()]
    if allowed and value and "{{" not in value and value not in allowed:
        yield f"{given['name']} is {value}, which is none of {', '.join(allowed)}: write one of them"


def _references(file: File, template: Template, files: Mapping[str, File]) -> Iterator[Problem]:
    scripts = {id(each) for each in template.containers()} | {id(each.get("args")) for each in template.containers()}
    owners = {id(node): call for call in calls(template) for node in nodes(call.node)}
    for parent, key, text in strings(template.node):
        if id(parent) in scripts and key in ("source", 0):
            if "{{" in text:
                yield file.problem("a parameter is pasted into a script: give it by env", parent, key)
            continue
        for name in names(text, key):
            said = _wrong(file, template, files, name, owners.get(id(parent)))
            if said:
                yield file.problem(said, parent, key)


def _wrong(file: File, template: Template, files: Mapping[str, File], name: str, call: Call | None) -> str:
    """What is wrong with variable ``name`` in ``call``, or beside all calls; empty where nothing is."""
    kind = "tasks" if template.tasks() else "steps"
    own = template.tasks() or {each: node for group in template.steps() for each, node in group.items()}
    match path(name):
        case ("inputs", ("parameters" | "artifacts") as what, given) if given in template.declared("inputs", what):
            return ""
        case ("item", *_) if call and _LOOPS & call.node.keys():
            return ""
        case ("lastRetry", *_) if "retryStrategy" in template.node:
            return ""
        case (found, each, *rest) if found == kind and each in own and _gives(file, own[each], rest, files):
            return (
                f"{call.name} uses {name}, and doesn't wait for it: add it to depends"
                if call and each not in call.before
                else ""
            )
    return "" if of_workflow(name, file.parameters) else nothing(name)


def nothing(name: str) -> str:
    """What is said of variable ``name``, which nobody sets."""
    return f"{name} is nothing: name a parameter or an output that is declared"


def _all(file: File) -> str:
    return ", ".join(file.templates) or "none"


def _gives(file: File, call: Any, parts: list[str], files: Mapping[str, File]) -> bool:
    """Whether what ``call`` runs has ``parts``, such as ``outputs.parameters.digest``."""
    match parts:
        case ["status"]:
            return True
        case ["outputs", ("parameters" | "artifacts") as what, name]:
            target = target_of(file, call, files)
            return target is None or name in target.declared("outputs", what)
    return False

"""What a workflow does, step by step: the calls of its templates, with the parameters that are known beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tools.sensor_files import ARGUMENT, Sensor
from tools.sensor_payloads import BODY
from tools.workflow_files import File, Template, Unreadable, line_of

_HERE = "tools/delivery/calls.py"
PERSON = "waits for a person"
_TAG = re.compile(r"\{\{\s*((?:workflow|inputs)\.parameters\.[\w-]+)\s*\}\}")
_TERM = re.compile(r"([A-Za-z0-9_-]+)\.?(Succeeded|Failed|Errored|Skipped|Omitted|Daemoned)?")
_RESULT = re.compile(r"tasks\.([\w-]+)\.outputs\.(?:parameters|artifacts)\.([\w-]+)")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One step. ``path``: the tasks that lead to it; ``parent``: whose task it is; ``given``: its parameters;
    ``problem_at``: file and line of the task."""

    path: tuple[str, ...]
    parent: Template
    task: Any
    template: Template
    given: Mapping[str, str]
    problem_at: str

    @property
    def name(self) -> str:
        return self.path[-1]


def started(sensor: Sensor, files: Mapping[str, File]) -> tuple[File, dict[str, str]]:
    """The template that ``sensor`` starts, and the parameters of the workflow. Raises Unreadable."""
    reference = sensor.workflow["spec"].get("workflowTemplateRef") or {}
    name = str(reference.get("name"))
    if name not in files:
        raise Unreadable(str(sensor.problem(f"starts {name}, which no file of workflow-templates/ has", reference)))
    given = [dict(each) for each in (sensor.workflow["spec"].get("arguments") or {}).get("parameters") or ()]
    for each in sensor.trigger["template"]["k8s"].get("parameters") or ():
        found = ARGUMENT.fullmatch(str(each.get("dest")))
        if found and int(found.group(1)) < len(given):
            given[int(found.group(1))]["value"] = f"<{str(each['src'].get('dataKey', 'template')).removeprefix(BODY)}>"
    defaults = {key: str(each["value"]) for key, each in files[name].parameters.items() if "value" in each}
    return files[name], defaults | {str(each["name"]): str(each.get("value", "")) for each in given}


def entry(file: File) -> Template:
    """Where ``file`` begins. Raises Unreadable."""
    name = file.node["spec"].get("entrypoint")
    if name not in file.templates:
        raise Unreadable(str(file.problem(f"entrypoint {name} is no template", file.node["spec"], "entrypoint")))
    _plain(file, file.node["spec"])
    return _drawn(file.templates[str(name)])


def _plain(file: File, node: Any) -> None:
    """Nothing is left out of a drawing without a word."""
    for key in ("onExit", "hooks"):
        if key in node:
            raise Unreadable(str(file.problem(f"{key} isn't drawn yet ({_HERE})", node, key)))


def target(file: File, task: Any, files: Mapping[str, File]) -> Template:
    """What ``task`` of ``file`` runs. Raises Unreadable."""
    _plain(file, task)
    reference = task.get("templateRef")
    if reference is None:
        found = file.templates.get(str(task.get("template")))
        said = f"{task.get('template')}, which is no template of the file"
    else:
        other = files.get(str(reference.get("name")))
        found = other.templates.get(str(reference.get("template"))) if other else None
        said = f"{reference.get('name')}/{reference.get('template')}, which no file of workflow-templates/ has"
    if found is None:
        raise Unreadable(str(file.problem(f"task {task.get('name')} runs {said}", reference or task)))
    return _drawn(found)


def _drawn(template: Template) -> Template:
    """``template``, where it is of a kind that is drawn."""
    if not (template.tasks() or template.makes_pods or "suspend" in template.node):
        message = f"template {template.name} has neither tasks nor pods, and isn't drawn yet ({_HERE})"
        raise Unreadable(str(template.file.problem(message, template.node)))
    return template


def calls(
    template: Template,
    files: Mapping[str, File],
    workflow: Mapping[str, str],
    inputs: Mapping[str, str] | None = None,
    around: tuple[Template, ...] = (),
) -> Iterator[Call]:
    """The steps below ``template``, each before those that it runs itself. Raises Unreadable."""
    if template in around:
        raise Unreadable(str(template.file.problem(f"template {template.name} runs itself", template.node)))
    for name, task in template.tasks().items():
        called = target(template.file, task, files)
        given = given_to(task, called, workflow, inputs or {})
        where = f"{template.file.path}:{line_of(task)}"
        yield Call(path=(name,), parent=template, task=task, template=called, given=given, problem_at=where)
        for each in calls(called, files, workflow, given, (*around, template)):
            yield replace(each, path=(name, *each.path))


def given_to(task: Any, called: Template, workflow: Mapping[str, str], inputs: Mapping[str, str]) -> dict[str, str]:
    """The parameters of ``task``'s step, as far as those of the workflow and of the template around it decide them."""
    known = {f"workflow.parameters.{name}": value for name, value in workflow.items()}
    known |= {f"inputs.parameters.{name}": value for name, value in inputs.items()}
    parameters = called.declared("inputs", "parameters")
    found = {name: str(each["value"]) for name, each in parameters.items() if "value" in each}
    for each in (task.get("arguments") or {}).get("parameters") or ():
        value = str(each.get("value", ""))
        found[str(each["name"])] = _TAG.sub(lambda tag: known.get(tag.group(1), tag.group()), value)
    return found


def waits(template: Template) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """(task before, task, results that let it start, what is handed on) of every way between tasks of ``template``.

    Tasks that only hand something on have no results. Raises Unreadable for a task that isn't there.
    """
    tasks = template.tasks()
    for name, task in tasks.items():
        before: dict[str, list[str]] = {each: ["Succeeded"] for each in task.get("dependencies") or ()}
        for other, result in _TERM.findall(str(task.get("depends", ""))):
            before.setdefault(other, []).append(result or "Succeeded")
        handed = _handed(task)
        for other in [*before, *(each for each in handed if each not in before)]:
            if other not in tasks:
                message = f"task {name} depends on {other}, which is no task"
                raise Unreadable(str(template.file.problem(message, task)))
            yield other, name, before.get(other, []), handed.get(other, [])


def _handed(task: Any) -> dict[str, list[str]]:
    """Task → its results that ``task`` takes."""
    arguments = task.get("arguments") or {}
    texts = [str(each.get("value", "")) for each in arguments.get("parameters") or ()]
    texts += [str(each.get("from", "")) for each in arguments.get("artifacts") or ()]
    found: dict[str, list[str]] = {}
    for text in texts:
        for other, name in _RESULT.findall(text):
            found.setdefault(other, []).append(name)
    return {other: list(dict.fromkeys(names)) for other, names in found.items()}


def condition(task: Any) -> str:
    """When ``task`` runs, in short; empty for always."""
    text = str(task.get("when", "")).strip()
    text = re.sub(r"^\{\{=?|\}\}$", "", text).strip()
    text = re.sub(r"(?:workflow|inputs)\.parameters\.", "", text)
    return re.sub(r"tasks\.([\w-]+)\.outputs\.(?:parameters|artifacts)\.", r"\1.", text)


def pause(template: Template) -> str:
    """What ``template`` waits for, where it does nothing else; empty for others."""
    if "suspend" not in template.node:
        return ""
    duration = (template.node["suspend"] or {}).get("duration")
    return f"waits {duration}" if duration else PERSON


def takes_and_gives(template: Template) -> tuple[list[str], list[str]]:
    """Names of a step's artifacts and results: what it takes as files, and what it gives."""
    taken = list(template.declared("inputs", "artifacts"))
    given = [*template.declared("outputs", "artifacts"), *template.declared("outputs", "parameters")]
    return taken, list(dict.fromkeys(given))

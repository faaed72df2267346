"""Workflows as parts of flowcharts: tasks, what they wait for and hand on, and what they touch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tools.delivery import systems
from tools.delivery.calls import calls, condition, entry, given_to, pause, target, waits
from tools.delivery.files import Files
from tools.markdown import span
from tools.mermaid import Graph, identifier
from tools.workflow_files import File, Template

Parameters = Mapping[str, str]
# Parameters of a workflow, and of the template that is drawn; one pair for each call.
Given = tuple[Parameters, Parameters]


class Flow:
    """Draws workflows into ``graph``. ``expand``: with the tasks of templates within templates."""

    def __init__(self, graph: Graph, files: Files, *, expand: bool) -> None:
        self.graph, self.files, self.expand = graph, files, expand
        self.touched: list[tuple[str, systems.Touch, str, tuple[Parameters, ...]]] = []

    def workflow(self, file: File, where: tuple[str, str], given: Sequence[Parameters]) -> str:
        """Draw what ``file`` does in ``where``, a namespace and an account, for workflows with parameters ``given``."""
        namespace, account = where
        key = (file.stem,) if identifier(file.stem) not in self.graph else (file.stem, namespace, account)
        ends = file.node["spec"].get("activeDeadlineSeconds")
        lines = [f"Workflow of {file.stem}", f"{namespace}, as {account}", f"ends after {span(ends)}" if ends else ""]
        template = entry(file)
        # What runs itself could be drawn for ever: this refuses it.
        list(calls(template, self.files.templates, {}))
        with self.graph.group(identifier(*key), lines) as group:
            drawing = _Drawing(self, account, Counter(_repeated(template, self.files)))
            if template.tasks():
                drawing.tasks(key, template, [(each, {}) for each in given])
                drawing.shared(key)
            else:
                drawing.containers(key, template)
        return group


class _Drawing:
    def __init__(self, flow: Flow, account: str, uses: Counter[tuple[str, str]]) -> None:
        self.flow, self.graph, self.files, self.account, self.uses = flow, flow.graph, flow.files, account, uses
        self.later: dict[str, tuple[Template, list[tuple[str, Sequence[Given]]]]] = {}

    def tasks(self, prefix: tuple[str, ...], template: Template, given: Sequence[Given]) -> None:
        """The tasks of ``template``, and the ways between them."""
        for name, task in template.tasks().items():
            called = target(template.file, task, self.files.templates)
            inner = [(workflow, given_to(task, called, workflow, inputs)) for workflow, inputs in given]
            self._task((*prefix, name), task, called, inner)
        for before, name, results, handed in waits(template):
            text = "" if results in ([], ["Succeeded"]) else " or ".join(results)
            kind = "uses" if not results else "then" if "Succeeded" in results else "else"
            ends = (identifier(*prefix, before), identifier(*prefix, name))
            self.graph.edge(*ends, [text, ", ".join(handed)], kind)

    def shared(self, prefix: tuple[str, ...]) -> None:
        """Templates that several tasks run, once each."""
        while self.later:
            name, (template, users) = self.later.popitem()
            given = [each for _, inner in users for each in inner]
            with self.graph.group(identifier(*prefix, f"{name}()"), [name, *_mutexes(template)]) as group:
                self.tasks((*prefix, f"{name}()"), template, given)
            for node, inner in users:
                self.graph.edge(node, group, _differs(inner, given), "uses")

    def containers(self, prefix: tuple[str, ...], template: Template) -> None:
        """The containers of a pod, by what they wait for."""
        for container in template.containers():
            name = str(container.get("name", template.name))
            node = self.graph.node(identifier(*prefix, name), [name])
            self._touches(node, [container], ())
            for other in container.get("dependencies") or ():
                self.graph.edge(identifier(*prefix, str(other)), node)

    def _task(self, path: tuple[str, ...], task: Any, called: Template, given: Sequence[Given]) -> None:
        node, lines = identifier(*path), [path[-1], _when(task)]
        if not called.tasks():
            self._step(node, lines, called, given)
        elif self.uses[_key(called)] > 1:
            self.graph.node(node, [*lines, f"runs {called.name}"], "call")
            self.later.setdefault(called.name, (called, []))[1].append((node, given))
        elif self.flow.expand:
            with self.graph.group(node, lines):
                self.tasks(path, called, given)
        else:
            self.graph.node(node, [*lines, f"{len(called.tasks())} steps"], "call")
            below = [each for workflow, inner in given for each in calls(called, self.files.templates, workflow, inner)]
            for each in below:
                self._touches(node, each.template.containers(), (each.given,))

    def _step(self, node: str, lines: list[str], called: Template, given: Sequence[Given]) -> None:
        if pause(called):
            self.graph.node(node, [*lines, pause(called)], "wait")
            return
        other = called.file.stem if called.name == called.file.stem else called.name
        account = called.node.get("serviceAccountName")
        lines = [lines[0], "" if other == lines[0] else f"template {other}", *lines[1:]]
        lines += [f"as {account}" if account != self.account else "", retries(called)]
        self.graph.node(node, lines)
        self._touches(node, called.containers(), tuple(inner for _, inner in given))

    def _touches(self, node: str, containers: Iterable[Any], given: tuple[Parameters, ...]) -> None:
        known = list(containers)
        for touch in systems.touches(known):
            self.flow.touched.append((node, touch, systems.which(touch.system, known), given))


def _key(template: Template) -> tuple[str, str]:
    return template.file.stem, template.name


def _repeated(template: Template, files: Files) -> Iterator[tuple[str, str]]:
    """The templates with tasks of their own that tasks below ``template`` run, as often as tasks say so."""
    seen, left = set(), [template]
    while left:
        one = left.pop()
        if _key(one) in seen:
            continue
        seen.add(_key(one))
        for task in one.tasks().values():
            called = target(one.file, task, files.templates)
            if called.tasks():
                yield _key(called)
                left.append(called)


def _mutexes(template: Template) -> list[str]:
    found = (template.node.get("synchronization") or {}).get("mutexes") or ()
    return ["one at a time"] if found else []


def _differs(inner: Sequence[Given], everyone: Sequence[Given]) -> list[str]:
    """Parameters by which one call differs from the others, where they are known."""
    (_, own), *_ = inner
    other = {name for name, value in own.items() if any(each.get(name) != value for _, each in everyone)}
    return [f"{name}: {own[name]}" for name in own if name in other and own[name] and "{{" not in own[name]]


def _when(task: Any) -> str:
    text = condition(task)
    return f"if {text}" if text else ""


def retries(template: Template) -> str:
    """How often a step is run again; empty for never."""
    limit = str((template.node.get("retryStrategy") or {}).get("limit", "0"))
    return "" if limit == "0" else f"{limit} {'retry' if limit == '1' else 'retries'}"

"""The flowcharts of docs/DELIVERY.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.workflows.events import SENSORS, settings
from tools.delivery import events, rollouts, systems
from tools.delivery.calls import Call, calls, entry, started
from tools.delivery.files import REPOSITORY, Files
from tools.delivery.flow import Flow
from tools.delivery.sets import Application, applications
from tools.mermaid import Graph, identifier
from tools.sensor_files import Sensor
from tools.workflow_files import Unreadable

_REQUEST = "pull_request"


def ordered(files: Files) -> list[Sensor]:
    """The sensors, those that repositories have first, as constructs_lib/workflows/events.py names them."""
    known = {name: number for number, name in enumerate(SENSORS)}
    return sorted(files.sensors.values(), key=lambda each: (known.get(each.stem, len(known)), each.stem))


def kinds(files: Files) -> list[str]:
    """Kinds of events that start something."""
    return list(dict.fromkeys(kind for sensor in ordered(files) for kind in events.kinds(sensor)))


def of_kind(files: Files, kind: str) -> list[Sensor]:
    return [each for each in ordered(files) if kind in events.kinds(each)]


def overview(files: Files) -> str:
    """Everything from the webhook to the steps of a rollout."""
    return _Diagram(files, expand=False).everything()


def way(files: Files, kind: str) -> str:
    """What an event of ``kind`` leads to."""
    return _Diagram(files, expand=True).of(kind)


def takeover(files: Files) -> str:
    """The steps of a rollout, by strategy."""
    diagram = _Diagram(files, expand=True)
    diagram.strategies(None)
    return str(diagram.graph)


def deployed(files: Files) -> list[Application]:
    """The applications of a service that the golden path made."""
    there = {f"deploy/{place}" for place in rollouts.places(files)}
    return [each for each in applications(files) if each.directory in there]


class _Diagram:
    def __init__(self, files: Files, *, expand: bool) -> None:
        self.files, self.expand, self.graph = files, expand, Graph()
        self.flow = Flow(self.graph, files, expand=expand)

    def everything(self) -> str:
        sensors = ordered(self.files)
        self._workflows(sensors, detailed=False)
        self._applications(deployed(self.files))
        self._systems()
        self.strategies("rollout")
        return str(self.graph)

    def of(self, kind: str) -> str:
        sensors = of_kind(self.files, kind)
        self._workflows(sensors, detailed=True)
        pushes = any(touch.system == systems.GIT and touch.writes for _, touch, _, _ in self.flow.touched)
        self._applications(
            [each for each in deployed(self.files) if (kind == _REQUEST if each.kind == "pullRequest" else pushes)]
        )
        self._systems()
        return str(self.graph)

    def strategies(self, before: str | None) -> None:
        """The steps of each strategy; they come after node ``before``."""
        for strategy in rollouts.strategies(self.files):
            node = rollouts.rollout(self.files, strategy)
            rollouts.analyses(self.files, node)
            with self.graph.group(identifier("strategy", strategy), [f"Rollout, {strategy}"]) as group:
                self._chain(strategy, node["spec"])
            if before:
                self.graph.edge(before, group)

    def _chain(self, strategy: str, spec: Mapping[str, Any]) -> None:
        chain = [
            self.graph.node(identifier("strategy", strategy, str(number)), lines)
            for number, lines in enumerate(rollouts.steps(spec["strategy"]), start=1)
        ]
        for one, other in zip(chain, chain[1:], strict=False):
            self.graph.edge(one, other)
        aborted = identifier("strategy", strategy, "aborted")
        self.graph.node(aborted, ["aborted", "all requests to the old version"], "note")
        if spec.get("progressDeadlineAbort"):
            self.graph.edge(
                chain[0], aborted, [f"not ready in {spec.get('progressDeadlineSeconds', 600)} seconds"], "else"
            )
        for number, lines in enumerate(rollouts.steps(spec["strategy"])):
            if "analysis" in lines[0].lower():
                self.graph.edge(chain[number], aborted, ["fails"], "else")
        beside = rollouts.beside(spec["strategy"])
        if beside:
            measured = self.graph.node(identifier("strategy", strategy, "beside"), beside)
            self.graph.edge(chain[0], measured, kind="uses")
            self.graph.edge(measured, aborted, ["fails"], "else")

    def _workflows(self, sensors: Sequence[Sensor], *, detailed: bool) -> None:
        events.draw(self.graph, self.files, sensors, detailed=detailed)
        together: dict[events.Start, list[Sensor]] = {}
        for sensor in sensors:
            together.setdefault(events.start(sensor, self.files), []).append(sensor)
        for (namespace, account, stem), users in together.items():
            given = [started(sensor, self.files.templates)[1] for sensor in users]
            group = self.flow.workflow(self.files.templates[stem], (namespace, account), given)
            for sensor, parameters in zip(users, given, strict=True):
                self.graph.edge(identifier("sensor", sensor.stem), group, _decided(parameters, given))

    def _applications(self, found: Sequence[Application]) -> None:
        made_by = list(dict.fromkeys(each.made_by for each in found))
        for name in made_by:
            own = [each for each in found if each.made_by == name]
            with self.graph.group(identifier("set", name), [f"Argo CD, ApplicationSet {name}"]):
                for each in own:
                    where = f"{each.directory} to namespace {each.namespace}"
                    self.graph.node(identifier("application", each.name), [each.name, where])
        if found:
            self.graph.node(
                "rollout", ["Argo Rollouts", f"Rollout {rollouts.rollout(self.files, '')['metadata']['name']}"]
            )
        for each in found:
            changes = rollouts.patched(self.files, each.directory.rpartition("/")[2])
            self.graph.edge(identifier("application", each.name), "rollout", changes)
            self._seen(each)

    def _seen(self, application: Application) -> None:
        """Where Argo CD has it from."""
        if application.kind == "pullRequest":
            node = identifier("event", _REQUEST)
            if node in self.graph:
                self.graph.edge(node, identifier("application", application.name), [application.when])
            return
        if "git" not in self.graph:
            self.graph.node("git", ["Git", application.repository], "store")
        self.graph.edge("git", identifier("application", application.name), [application.revision])

    def _systems(self) -> None:
        """What steps touch. Applications are those that the step is told to wait for."""
        for node, touch, which, given in self.flow.touched:
            if touch.system == systems.APPLICATIONS:
                self._awaited(node, [each.get("application", "") for each in given], touch)
                continue
            name = identifier(touch.system, which) if which else touch.system
            if name not in self.graph:
                self.graph.node(name, self._described(touch.system, which), "store")
            self.graph.edge(node, name, [touch.says, *_directories(touch, given)], "then" if touch.writes else "uses")

    def _described(self, system: str, which: str) -> list[str]:
        key = self.files.settings["signing.key"].rpartition("/")[2]
        image = settings(self.files.team, REPOSITORY)["source.image"]
        return {
            systems.REGISTRY: ["Amazon ECR", image],
            systems.GIT: ["Git", REPOSITORY],
            systems.KEY: ["AWS KMS", f"alias/{key}"],
            systems.BUILDER: ["BuildKit", which],
            systems.BUCKET: ["Amazon S3", which],
        }[system]

    def _awaited(self, node: str, names: Sequence[str], touch: systems.Touch) -> None:
        for name in dict.fromkeys(names):
            if identifier("application", name) in self.graph:
                self.graph.edge(node, identifier("application", name), [touch.says], "uses")


def _directories(touch: systems.Touch, given: Sequence[Mapping[str, str]]) -> list[str]:
    """What a push to Git changes, where it is known."""
    if touch.system != systems.GIT or not touch.writes:
        return []
    found = dict.fromkeys(each["directory"] for each in given if "{{" not in each.get("directory", "{{"))
    return list(found)


def _decided(parameters: Mapping[str, str], everyone: Sequence[Mapping[str, str]]) -> list[str]:
    """Parameters by which the workflows of one sensor differ from those of others."""
    differ = [name for name in parameters if any(each.get(name) != parameters[name] for each in everyone)]
    return [f"{name}: {parameters[name] or 'none'}" for name in differ]


def steps(files: Files, sensor: Sensor) -> list[Call]:
    """The steps of what ``sensor`` starts. Raises Unreadable for one that waits for, or changes, what isn't there."""
    file, given = started(sensor, files.templates)
    found = list(calls(entry(file), files.templates, given))
    for call in found:
        for message in _missing(files, call):
            raise Unreadable(f"{call.problem_at}: {message}")
    return found


def _missing(files: Files, call: Call) -> Iterator[str]:
    touched = {touch.system for touch in systems.touches(call.template.containers()) if touch.writes}
    awaited = {touch.system for touch in systems.touches(call.template.containers())} & {systems.APPLICATIONS}
    application, directory = call.given.get("application", ""), call.given.get("directory", "")
    if awaited and application not in {each.name for each in applications(files)}:
        yield f"{call.name} waits for application {application}, which no ApplicationSet makes"
    if systems.GIT in touched and directory.removeprefix("deploy/") not in rollouts.places(files):
        yield f"{call.name} changes {directory}, which {rollouts.SKELETON} doesn't have"

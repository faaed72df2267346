"""The files of ``sensors/``, with lines, and the rules that hold between them and the templates.

The API server takes a Sensor whatever it refers to: its schema is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import sensor_payloads, sensor_shapes
from tools.sensor_payloads import BODY
from tools.workflow_files import PLACEHOLDER, Problem, Unreadable, line_of, named, parsed
from tools.workflow_files import File as Template
from tools.workflow_starts import started

SETTINGS = "constructs_lib/workflows/events.py"
_CONDITION = re.compile(r"[^\s()&|]+")
ARGUMENT = re.compile(r"spec\.arguments\.parameters\.(\d+)\.value")
# Of Argo Events: a trigger whose conditions name nothing waits for every dependency of its sensor.
_NEEDED = ("atLeastOnce", "retryStrategy", "rateLimit", "dlqTrigger")
_OPERATIONS = ("append", "prepend", "overwrite")
# What dead letters say, and the runbook of alert EventDeadLetter reads.
_LETTER = frozenset({"namespace", "template", "delivery", "repository", "revision", "sender"})


@dataclass(frozen=True, kw_only=True)
class Known:
    """What exists beside the files.

    ``sensors``: those that repositories have; ``events``: source and event name of each event source; ``starters``:
    namespace → what sensors run as that may start workflows there; ``letters``: namespace of dead letters; ``places``:
    namespace → what workflows run as there; ``strangers``: namespace of strangers' code.
    """

    sensors: frozenset[str]
    events: frozenset[tuple[str, str]]
    starters: Mapping[str, str]
    letters: str
    places: Mapping[str, frozenset[str]]
    strangers: str


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """One file. ``path`` is relative to the tree."""

    path: str
    stem: str
    node: Any

    def problem(self, message: str, node: Any, key: Any = None) -> Problem:
        return Problem(file=self.path, line=line_of(node, key), message=message)

    @property
    def dependencies(self) -> dict[str, Any]:
        return named(self.node["spec"].get("dependencies"))

    @property
    def trigger(self) -> Any:
        return self.node["spec"]["triggers"][0]

    @property
    def workflow(self) -> Any:
        return self.trigger["template"]["k8s"]["source"]["resource"]


def load(directory: Path, settings: Mapping[str, str]) -> dict[str, Sensor]:
    """All files of ``directory`` by their stems, ``settings`` put in. Raises Unreadable."""
    found: dict[str, Sensor] = {}
    for path in sorted(each for each in directory.rglob("*") if each.is_file()):
        shown = path.relative_to(directory.parent).as_posix()
        if path.suffix != ".yaml" or path.parent != directory:
            raise Unreadable(
                f"{shown}:1: nobody takes it from here: write it to sensors/{path.stem}.yaml, or elsewhere"
            )
        node = parsed(shown, path.read_text(encoding="utf-8"), settings, SETTINGS)
        sensor = Sensor(path=shown, stem=path.stem, node=node)
        broken = sensor_shapes.broken(sensor.problem, node)
        if broken:
            raise Unreadable("\n".join(map(str, broken)))
        found[path.stem] = sensor
    return found


def problems(sensors: Mapping[str, Sensor], templates: Mapping[str, Template], known: Known) -> list[Problem]:
    """Everything that is wrong, by file and line."""
    found: list[Problem] = []
    for sensor in sensors.values():
        found += [*sensor_shapes.keys(sensor.problem, sensor.node), *_payloads(sensor, known)]
        rules = (_of_file(sensor, known), _dependencies(sensor, known), _trigger(sensor), _workflow(sensor, known))
        found += [problem for rule in rules for problem in rule]
        found += [*_arguments(sensor, templates), *_dead_letter(sensor, known)]
    return sorted(found, key=lambda each: (each.file, each.line, each.message))


def _payloads(sensor: Sensor, known: Known) -> Iterator[Problem]:
    places = [
        sensor.trigger["template"]["k8s"],
        (sensor.trigger.get("dlqTrigger") or {}).get("template", {}).get("k8s"),
    ]
    sources = [each.get("src") or {} for k8s in places if k8s for each in k8s["parameters"]]
    strangers = str(sensor.workflow["metadata"].get("namespace")) == known.strangers
    for name, dependency in sensor.dependencies.items():
        own = [each for each in sources if each.get("dependencyName") == name]
        yield from sensor_payloads.problems(sensor.problem, dependency, own, strangers=strangers)


def _of_file(sensor: Sensor, known: Known) -> Iterator[Problem]:
    metadata = sensor.node["metadata"]
    if metadata.get("name") != sensor.stem:
        yield sensor.problem(f"name {metadata.get('name')} is not the file's: write {sensor.stem}", metadata, "name")
    if sensor.stem not in known.sensors:
        yield sensor.problem(f"no repository has sensor {sensor.stem}: add it to SENSORS of {SETTINGS}", metadata)
    for key, wanted in (("apiVersion", "argoproj.io/v1alpha1"), ("kind", "Sensor")):
        if sensor.node.get(key) != wanted:
            yield sensor.problem(f"no {wanted}: write {key}: {wanted}", sensor.node, key)
    template = sensor.node["spec"].get("template") or {}
    namespace = str(sensor.workflow["metadata"].get("namespace"))
    if template.get("serviceAccountName") != known.starters.get(namespace):
        message = f"service account {template.get('serviceAccountName')} may not start workflows in {namespace}"
        message += f": name {known.starters[namespace]}" if namespace in known.starters else ": start them elsewhere"
        yield sensor.problem(message, template, "serviceAccountName")


def _dependencies(sensor: Sensor, known: Known) -> Iterator[Problem]:
    for name, dependency in sensor.dependencies.items():
        event = (dependency.get("eventSourceName"), dependency.get("eventName"))
        if event not in known.events:
            message = f"dependency {name}: no event source has {'/'.join(map(str, event))}: name one of "
            yield sensor.problem(message + ", ".join(sorted(map("/".join, known.events))), dependency)
        filters = (dependency.get("filters") or {}).get("data") or ()
        if set(dependency.get("filters") or {}) != {"data"}:
            message = f"dependency {name} needs filters of data only, since others are evaluated on events of all kinds"
            message += ": write filters.data"
            yield sensor.problem(message, dependency)
        first = [each.get("path") for each in filters][:2]
        if first != [f"{BODY}X-GitHub-Event", f"{BODY}repository.full_name"]:
            message = f"dependency {name} must filter by kind of event, then by repository: write them first"
            yield sensor.problem(message, dependency)


def _trigger(sensor: Sensor) -> Iterator[Problem]:
    trigger, template = sensor.trigger, sensor.trigger["template"]
    for key in _NEEDED:
        if not trigger.get(key):
            yield sensor.problem(f"trigger has no {key}: write it", trigger)
    wanted = set(_CONDITION.findall(str(template.get("conditions", ""))))
    for name in wanted ^ set(sensor.dependencies):
        message = f"conditions and dependencies differ by {name}: name the same in both"
        yield sensor.problem(message, template, "conditions")
    k8s = template["k8s"]
    yield from _made(sensor, k8s, "argoproj.io/v1alpha1", "Workflow")
    appended = ("metadata.name", "append")
    named_by = (each for each in k8s["parameters"] if (each.get("dest"), each.get("operation")) == appended)
    filled = {(each.get("src") or {}).get("dependencyName") for each in named_by}
    for name in sensor.dependencies:
        if name not in filled:
            message = f"what dependency {name} starts has no name of its delivery: append it to metadata.name"
            yield sensor.problem(message, k8s, "parameters")


def _made(sensor: Sensor, k8s: Any, version: str, kind: str) -> Iterator[Problem]:
    """Of a trigger that makes an object, and fills in what the event says."""
    resource = k8s["source"]["resource"]
    if k8s.get("operation") != "create":
        message = f"operation is {k8s.get('operation')}: write create, all that sensors may"
        yield sensor.problem(message, k8s, "operation")
    for key, wanted in (("apiVersion", version), ("kind", kind)):
        if resource.get(key) != wanted:
            yield sensor.problem(f"no {wanted}: write {key}: {wanted}", resource, key)
    yield from _sources(sensor, k8s)


def _sources(sensor: Sensor, k8s: Any) -> Iterator[Problem]:
    for each in k8s.get("parameters") or ():
        source, dest = each.get("src") or {}, str(each.get("dest"))
        if source.get("dependencyName") not in sensor.dependencies:
            message = f"parameter of {source.get('dependencyName')}, which is no dependency: name one of "
            yield sensor.problem(message + ", ".join(sensor.dependencies), each, "src")
        if not sensor_payloads.asked(source):
            message = f"parameter for {dest} is not from the event's {BODY.rstrip('.')}: write dataKey: {BODY}..."
            yield sensor.problem(message, each, "src")
        if not _there(k8s["source"]["resource"], dest.split(".")):
            yield sensor.problem(f"{dest} is nothing: name a field of the resource", each, "dest")
        if each.get("operation", "overwrite") not in _OPERATIONS:
            message = f"operation is {each['operation']}: write one of {', '.join(_OPERATIONS)}"
            yield sensor.problem(message, each, "operation")


def _there(node: Any, path: list[str]) -> bool:
    """Whether ``path`` leads to something; the last part of data of a ConfigMap may be new."""
    for index, part in enumerate(path):
        if path[0] == "data" and index == 1:
            return True
        try:
            node = node[int(part) if part.isdigit() else part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _workflow(sensor: Sensor, known: Known) -> Iterator[Problem]:
    workflow = sensor.workflow
    namespace, account = str(workflow["metadata"].get("namespace")), workflow["spec"].get("serviceAccountName")
    if namespace not in known.places:
        yield sensor.problem(
            f"namespace {namespace} is none where workflows run: name one of {', '.join(sorted(known.places))}",
            workflow["metadata"],
            "namespace",
        )
    elif account not in known.places[namespace]:
        accounts = ", ".join(sorted(known.places[namespace]))
        message = f"service account {account} doesn't exist in {namespace}: name one of {accounts}"
        yield sensor.problem(message, workflow["spec"], "serviceAccountName")


def _arguments(sensor: Sensor, templates: Mapping[str, Template]) -> Iterator[Problem]:
    spec = sensor.workflow["spec"]
    filled = (ARGUMENT.fullmatch(str(each.get("dest"))) for each in sensor.trigger["template"]["k8s"]["parameters"])
    yield from started(sensor.problem, spec, templates, {int(found.group(1)) for found in filled if found})


def _dead_letter(sensor: Sensor, known: Known) -> Iterator[Problem]:
    letter = sensor.trigger.get("dlqTrigger")
    if not letter:
        return
    # Argo Events refuses it otherwise.
    if not letter.get("atLeastOnce"):
        yield sensor.problem("dlqTrigger has no atLeastOnce: write true", letter)
    k8s = letter["template"]["k8s"]
    resource = k8s["source"]["resource"]
    if (metadata := resource["metadata"]).get("namespace") != known.letters:
        message = f"dead letters are in {known.letters}: write it as their namespace"
        yield sensor.problem(message, metadata, "namespace")
    dests = {str(each.get("dest")).removeprefix("data.") for each in k8s["parameters"]}
    for name in sorted(_LETTER - dests - set(resource["data"])):
        yield sensor.problem(f"a dead letter doesn't say its {name}: write it to data", resource, "data")
    yield from _made(sensor, k8s, "v1", "ConfigMap")


def unused(sensors: Mapping[str, Sensor], directory: Path, settings: Mapping[str, str]) -> list[str]:
    """Settings that no file takes, so that nobody wonders what they do."""
    texts = [(directory.parent / each.path).read_text(encoding="utf-8") for each in sensors.values()]
    taken = {name for text in texts for name in PLACEHOLDER.findall(text)}
    return sorted(set(settings) - taken)

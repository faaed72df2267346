"""The files of ``sensors/``, with lines, and the rules that hold between them and the templates.

The API server takes a Sensor whatever it refers to: its schema is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.workflow_files import PLACEHOLDER, Problem, Unreadable, line_of, named, parsed
from tools.workflow_files import File as Template
from tools.workflow_starts import started

SETTINGS = "constructs_lib/workflows/events.py"
_CONDITION = re.compile(r"[^\s()&|]+")
_ARGUMENT = re.compile(r"spec\.arguments\.parameters\.(\d+)\.value")
# Of Argo Events: a trigger whose conditions name nothing waits for every dependency of its sensor.
_NEEDED = ("atLeastOnce", "retryStrategy", "rateLimit", "dlqTrigger")
# What of a delivery the event source hands on (Argo Events, eventsources/sources/github: headers and metadata, too).
BODY = "body."


@dataclass(frozen=True, kw_only=True)
class Known:
    """What exists beside the files.

    ``sensors``: those that repositories have; ``events``: source and event name of each event source; ``starters``:
    namespace → what sensors run as that may start workflows there; ``letters``: namespace of dead letters; ``places``:
    namespace → what workflows run as there.
    """

    sensors: frozenset[str]
    events: frozenset[tuple[str, str]]
    starters: Mapping[str, str]
    letters: str
    places: Mapping[str, frozenset[str]]


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
    for path in sorted(directory.glob("*.yaml")):
        shown = path.relative_to(directory.parent).as_posix()
        node = parsed(shown, path.read_text(encoding="utf-8"), settings, SETTINGS)
        triggers: list[Any] = node["spec"].get("triggers") or []
        if len(triggers) != 1 or "k8s" not in (triggers[0].get("template") or {}):
            raise Unreadable(f"{shown}:{line_of(node['spec'], 'triggers')}: needs one trigger, of kind k8s")
        found[path.stem] = Sensor(path=shown, stem=path.stem, node=node)
    return found


def problems(sensors: Mapping[str, Sensor], templates: Mapping[str, Template], known: Known) -> list[Problem]:
    """Everything that is wrong, by file and line."""
    found: list[Problem] = []
    for sensor in sensors.values():
        rules = (_of_file(sensor, known), _dependencies(sensor, known), _trigger(sensor), _workflow(sensor, known))
        found += [problem for rule in rules for problem in rule]
        found += [*_arguments(sensor, templates), *_dead_letter(sensor, known)]
    return sorted(found, key=lambda each: (each.file, each.line, each.message))


def _of_file(sensor: Sensor, known: Known) -> Iterator[Problem]:
    metadata = sensor.node["metadata"]
    if metadata.get("name") != sensor.stem:
        yield sensor.problem(f"name {metadata.get('name')} is not the file's", metadata, "name")
    if sensor.stem not in known.sensors:
        yield sensor.problem(f"no repository has sensor {sensor.stem} (constructs_lib/workflows/events.py)", metadata)
    if sensor.node.get("kind") != "Sensor":
        yield sensor.problem("no Sensor", sensor.node, "kind")
    template = sensor.node["spec"].get("template") or {}
    namespace = str(sensor.workflow["metadata"].get("namespace"))
    if template.get("serviceAccountName") != known.starters.get(namespace):
        message = f"service account {template.get('serviceAccountName')} may not start workflows in {namespace}"
        yield sensor.problem(message, template, "serviceAccountName")


def _dependencies(sensor: Sensor, known: Known) -> Iterator[Problem]:
    for name, dependency in sensor.dependencies.items():
        event = (dependency.get("eventSourceName"), dependency.get("eventName"))
        if event not in known.events:
            yield sensor.problem(f"dependency {name}: no event source has {'/'.join(map(str, event))}", dependency)
        filters = (dependency.get("filters") or {}).get("data") or ()
        if set(dependency.get("filters") or {}) != {"data"}:
            message = f"dependency {name} needs filters of data only: others are evaluated on events of all kinds"
            yield sensor.problem(message, dependency)
        first = [each.get("path") for each in filters][:2]
        if first != [f"{BODY}X-GitHub-Event", f"{BODY}repository.full_name"]:
            yield sensor.problem(f"dependency {name} must filter by kind of event, then by repository", dependency)
        for each in filters:
            yield from _anchored(sensor, each)


def _anchored(sensor: Sensor, each: Any) -> Iterator[Problem]:
    """Values of strings are searched for, as regular expressions."""
    for value in each.get("value") or () if each.get("type") == "string" else ():
        if not (re.sub(r"^\(\?i\)", "", str(value)).startswith("^") and str(value).endswith("$")):
            yield sensor.problem(f"value {value} matches parts, too: it needs ^ and $", each, "value")


def _trigger(sensor: Sensor) -> Iterator[Problem]:
    trigger, template = sensor.trigger, sensor.trigger["template"]
    for key in _NEEDED:
        if not trigger.get(key):
            yield sensor.problem(f"trigger has no {key}", trigger)
    wanted = set(_CONDITION.findall(str(template.get("conditions", ""))))
    for name in wanted ^ set(sensor.dependencies):
        yield sensor.problem(f"conditions and dependencies differ: {name}", template, "conditions")
    k8s = template["k8s"]
    yield from _sources(sensor, k8s)
    filled = {(each["src"].get("dependencyName"), each.get("dest")) for each in k8s.get("parameters") or ()}
    for name in sensor.dependencies:
        if (name, "metadata.name") not in filled:
            yield sensor.problem(f"what dependency {name} starts has no name of its delivery", k8s, "parameters")


def _sources(sensor: Sensor, k8s: Any) -> Iterator[Problem]:
    for each in k8s.get("parameters") or ():
        source, dest = each.get("src") or {}, str(each.get("dest"))
        if source.get("dependencyName") not in sensor.dependencies:
            yield sensor.problem(f"parameter of {source.get('dependencyName')}, which is no dependency", each, "src")
        if not str(source.get("dataKey", "")).startswith(BODY):
            yield sensor.problem(f"parameter for {dest} is not from the event's {BODY.rstrip('.')}", each, "src")
        if not _there(k8s["source"]["resource"], dest.split(".")):
            yield sensor.problem(f"{dest} is nothing", each, "dest")


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
        yield sensor.problem(f"namespace {namespace} is none where workflows run", workflow["metadata"], "namespace")
    elif account not in known.places[namespace]:
        message = f"service account {account} doesn't exist in {namespace}"
        yield sensor.problem(message, workflow["spec"], "serviceAccountName")


def _arguments(sensor: Sensor, templates: Mapping[str, Template]) -> Iterator[Problem]:
    spec = sensor.workflow["spec"]
    filled = (_ARGUMENT.fullmatch(str(each.get("dest"))) for each in sensor.trigger["template"]["k8s"]["parameters"])
    yield from started(sensor.problem, spec, templates, {int(found.group(1)) for found in filled if found})


def _dead_letter(sensor: Sensor, known: Known) -> Iterator[Problem]:
    letter = sensor.trigger.get("dlqTrigger")
    if not letter:
        return
    # Argo Events refuses it otherwise.
    if not letter.get("atLeastOnce"):
        yield sensor.problem("dlqTrigger has no atLeastOnce", letter)
    k8s = letter["template"]["k8s"]
    metadata = k8s["source"]["resource"]["metadata"]
    if metadata.get("namespace") != known.letters:
        yield sensor.problem(f"dead letters are in {known.letters}", metadata, "namespace")
    yield from _sources(sensor, k8s)


def unused(sensors: Mapping[str, Sensor], directory: Path, settings: Mapping[str, str]) -> list[str]:
    """Settings that no file takes, so that nobody wonders what they do."""
    texts = [(directory.parent / each.path).read_text(encoding="utf-8") for each in sensors.values()]
    taken = {name for text in texts for name in PLACEHOLDER.findall(text)}
    return sorted(set(settings) - taken)

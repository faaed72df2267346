"""Events of GitHub: where they come in, which sensors take them, what they start."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tools.delivery.calls import started
from tools.delivery.files import REPOSITORY, Files, Manifest
from tools.mermaid import Graph, identifier
from tools.sensor_files import Sensor
from tools.sensor_payloads import BODY
from tools.workflow_files import Unreadable

_KIND = f"{BODY}X-GitHub-Event"
# Namespace, account and template of the workflows that a sensor starts.
Start = tuple[str, str, str]


def kinds(sensor: Sensor) -> list[str]:
    """Kinds of events that ``sensor`` takes, by GitHub's names."""
    found = [
        _plain(value)
        for dependency in sensor.dependencies.values()
        for each in _filters(dependency)
        if each.get("path") == _KIND
        for value in each.get("value") or ()
    ]
    return list(dict.fromkeys(found))


def conditions(dependency: Any) -> list[str]:
    """What else an event must be, in words."""
    return [_said(each) for each in _filters(dependency) if each.get("path") != _KIND]


def unbuilt(files: Files) -> list[str]:
    """Directories whose changes alone start nothing, as templates of filters say."""
    templates = [
        str(each.get("template", ""))
        for sensor in files.sensors.values()
        for dependency in sensor.dependencies.values()
        for each in _filters(dependency)
    ]
    return sorted({name for text in templates for name in re.findall(r'not \(hasPrefix "([^"]+)"', text)})


def start(sensor: Sensor, files: Files) -> Start:
    """Where ``sensor`` starts which template, and as whom. Raises Unreadable."""
    file, _ = started(sensor, files.templates)
    workflow = sensor.workflow
    account = workflow["spec"].get("serviceAccountName") or file.node["spec"].get("serviceAccountName")
    return str(workflow["metadata"].get("namespace")), str(account), file.stem


def source(files: Files, dependency: Any) -> tuple[Manifest, Mapping[str, Any]]:
    """The event source of ``dependency``, and the event that it names. Raises Unreadable."""
    for manifest in files.of("EventSource"):
        for kind in manifest.node["spec"].values():
            event = kind.get(dependency.get("eventName")) if isinstance(kind, Mapping) else None
            if manifest.name == dependency.get("eventSourceName") and isinstance(event, Mapping):
                return manifest, event
    wanted = f"{dependency.get('eventSourceName')}/{dependency.get('eventName')}"
    raise Unreadable(f"sensors/: no event source of charts/events has {wanted}")


def bus(files: Files) -> Manifest:
    """Raises Unreadable unless there is one."""
    found = files.of("EventBus")
    if len(found) != 1:
        raise Unreadable(f"charts/events/templates:1: {len(found)} EventBuses, one is needed")
    return found[0]


def address(files: Files, event: Mapping[str, Any]) -> str:
    """Where GitHub sends events to."""
    host = files.deployment.components.hosts()["argo-events"].domain
    return f"https://{host}{event['webhook']['endpoint']}"


def letters(sensor: Sensor) -> tuple[str, str]:
    """Namespace and label of what ``sensor`` couldn't start."""
    metadata = sensor.trigger["dlqTrigger"]["template"]["k8s"]["source"]["resource"]["metadata"]
    return str(metadata["namespace"]), ", ".join(f"{key}={value}" for key, value in metadata["labels"].items())


def draw(graph: Graph, files: Files, sensors: Sequence[Sensor], *, detailed: bool) -> None:
    """GitHub, event source, bus and ``sensors``; with what each filters by where ``detailed``."""
    names = dict.fromkeys(kind for sensor in sensors for kind in kinds(sensor))
    for kind in names:
        graph.node(identifier("event", kind), [f"GitHub: {kind}", REPOSITORY], "start")
    for sensor in sensors:
        for each in sensor.dependencies.values():
            _source(graph, files, each)
    where = bus(files).node["spec"]["jetstream"]
    graph.node("bus", [f"Event bus {bus(files).name}", f"JetStream, {where['replicas']} replicas"], "store")
    for sensor in sensors:
        _sensor(graph, sensor, detailed=detailed)
    for kind in names:
        for each in _sources(files, (one for one in sensors if kind in kinds(one))):
            graph.edge(identifier("event", kind), each)
            graph.edge(each, "bus")


def _sensor(graph: Graph, sensor: Sensor, *, detailed: bool) -> None:
    account = sensor.node["spec"]["template"]["serviceAccountName"]
    node = graph.node(identifier("sensor", sensor.stem), [f"Sensor {sensor.stem}", f"as {account}"])
    for dependency in sensor.dependencies.values():
        lines = conditions(dependency) if detailed else kinds(sensor)
        graph.edge("bus", node, lines)
    if "dlqTrigger" in sensor.trigger:
        namespace, _ = letters(sensor)
        if "dead_letters" not in graph:
            graph.node("dead_letters", ["Dead letters", f"ConfigMaps in {namespace}"], "note")
        tries = sensor.trigger["retryStrategy"]["steps"]
        graph.edge(node, "dead_letters", [f"not started in {tries} tries"], "else")


def _sources(files: Files, sensors: Iterable[Sensor]) -> list[str]:
    found = [source(files, each)[0] for sensor in sensors for each in sensor.dependencies.values()]
    return list(dict.fromkeys(identifier("source", each.name) for each in found))


def _source(graph: Graph, files: Files, dependency: Any) -> None:
    manifest, event = source(files, dependency)
    name = identifier("source", manifest.name)
    if name not in graph:
        hook, secret = event["webhook"], event["webhookSecret"]
        signed = f"signed with {secret['key']} of Secret {secret['name']}"
        graph.node(name, [f"Event source {manifest.name}", f"{hook['method']} {address(files, event)}", signed])


def _filters(dependency: Any) -> list[Any]:
    return (dependency.get("filters") or {}).get("data") or []


def _said(each: Any) -> str:
    path = str(each.get("path"))
    # An object of several fields, which a template makes one text of.
    fields = re.findall(r":\s*body\.([\w.]+)", path) if path.startswith("{") else [path.removeprefix(BODY)]
    if "template" in each:
        return f"{' and '.join(fields)}: template"
    values = [_plain(str(value)) for value in each.get("value") or ()]
    is_or_not = "is not" if each.get("comparator") == "!=" else "is"
    return f"{' and '.join(fields)} {is_or_not} {' or '.join(values)}"


def _plain(pattern: str) -> str:
    """A regular expression of ours as words: ``^(a|b)$`` is ``a or b``."""
    text = re.sub(r"^\(\?i\)|[\^$]", "", pattern).replace("[.]", ".")
    return " or ".join(re.sub(r"^\((.*)\)$", r"\1", text).split("|"))

"""What Argo Events does with an event, as far as our sensors use it.

Data filters: sensors/dependencies/filter.go of Argo Events 1.9, filterData. Strings are regular expressions, searched
for; one value that fits is enough, and with ``!=`` one that doesn't; where a path isn't there, the event is none.
Parameters: sensors/triggers/params.go. Paths are those of gjson: names with dots between, or an object of such.
"""

from __future__ import annotations

import copy
import functools
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools import build as tools

Event = Mapping[str, Any]
Object = dict[str, Any]


def started(sensor: Mapping[str, Any], event: Event, *, fails: bool = False) -> Iterator[Object]:
    """What ``sensor`` makes of ``event``, in the order of its triggers; where the API server refuses it (``fails``),
    what it makes instead."""
    for trigger in sensor["spec"]["triggers"]:
        # Conditions of ours are names with `||` between: each dependency that takes the event triggers once.
        wanted = re.split(r"\s*\|\|\s*", trigger["template"]["conditions"])
        for dependency in sensor["spec"]["dependencies"]:
            if dependency["name"] in wanted and passes(dependency["filters"]["data"], event):
                yield made((trigger["dlqTrigger"] if fails else trigger)["template"]["k8s"], dependency["name"], event)


def passes(filters: list[Mapping[str, Any]], event: Event) -> bool:
    return all(_passes(each, event) for each in filters)


def _passes(rule: Mapping[str, Any], event: Event) -> bool:
    try:
        value = look_up(event, rule["path"])
    except LookupError:
        return False
    if rule["type"] == "bool":
        return any((text == "true") is bool(value) for text in rule["value"])
    text = value if isinstance(value, str) else json.dumps(value)
    if "template" in rule:
        text = templated(rule["template"], json.dumps(text))
    differ = {"!=": True, "=": False}[rule.get("comparator", "=")]
    return any((re.search(pattern, text) is None) is differ for pattern in rule["value"])


def look_up(event: Any, path: str) -> Any:
    """Raises LookupError where there is nothing; an object of several paths has those that are there."""
    if path.startswith("{"):
        parts = dict(re.findall(r'"(\w+)":([\w.-]+)', path))
        return {name: found for name, inner in parts.items() for found in _there(event, inner)}
    found = event
    for part in path.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise LookupError(path)
        found = found[part]
    return found


def _there(event: Any, path: str) -> Iterator[Any]:
    try:
        yield look_up(event, path)
    except LookupError:
        return


@functools.cache
def templated(template: str, given: str) -> str:
    """``template`` with ``.Input``, the JSON ``given``, by Helm: its templates are Go's with sprig's functions, too."""
    with tempfile.TemporaryDirectory() as where:
        chart = Path(where)
        (chart / "templates").mkdir()
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: x\nversion: 1.0.0\n", encoding="utf-8")
        text = f"value: {{{{ with .Values }}}}{template}{{{{ end }}}}\n"
        (chart / "templates" / "x.yaml").write_text(text, encoding="utf-8")
        command = [str(tools.program("helm")), "template", "x", where, "--values", "-"]
        values = f'{{"Input": {given}}}'
        finished = subprocess.run(command, input=values, capture_output=True, text=True, check=True)
        (found,) = re.findall(r"^value: (.*)$", finished.stdout, re.MULTILINE)
        return str(found)


def _value(event: Event, source: Mapping[str, Any]) -> str:
    if "dataTemplate" in source:
        return templated(source["dataTemplate"], json.dumps(event))
    return str(look_up(event, source["dataKey"]))


def made(k8s: Mapping[str, Any], dependency: str, event: Event) -> Object:
    """The resource of a trigger, with the parameters that ``dependency`` has."""
    resource: Object = copy.deepcopy(dict(k8s["source"]["resource"]))
    for parameter in k8s["parameters"]:
        source = parameter["src"]
        if source["dependencyName"] != dependency:
            continue
        try:
            value = _value(event, source)
        except LookupError:
            value = source["value"]
        *path, last = parameter["dest"].split(".")
        target: Any = resource
        for part in path:
            target = target[int(part) if part.isdigit() else part]
        target[last] = target[last] + value if parameter.get("operation") == "append" else value
    return resource

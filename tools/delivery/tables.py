"""The tables of docs/DELIVERY.md."""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.delivery import events
from tools.delivery.calls import Call, condition, entry, pause, started, takes_and_gives
from tools.delivery.diagrams import deployed, of_kind, ordered, steps
from tools.delivery.files import Files, documents
from tools.delivery.sets import applications, keeps
from tools.delivery.systems import script
from tools.markdown import code, joined, span, table
from tools.sensor_files import Sensor
from tools.workflow_files import File, Template

# Alerts of what is on the way, by the names of their files.
_RULES = "charts/platform-rules/rules/argo*.yaml"
_SAID = re.compile(r'echo "([^"]+)" >&2')


def comment(top: Path, sensor: Sensor) -> str:
    """What the file of ``sensor`` says of itself in its first lines, but for its sources."""
    lines = (top / sensor.path).read_text(encoding="utf-8").splitlines()
    said = " ".join(line.lstrip("# ") for line in itertools.takewhile(lambda line: line.startswith("#"), lines))
    sentences = [each for each in re.split(r"(?<=[.]) (?=[A-Z])", said) if 'documentation, "' not in each]
    return textwrap.fill(" ".join([f"**{sensor.stem}**:", *sentences]), width=120, break_on_hyphens=False)


def sensors(files: Files) -> str:
    """Each sensor: what it takes and starts."""
    rows = []
    for each in ordered(files):
        namespace, account, stem = events.start(each, files)
        trigger = each.trigger
        rate = trigger["rateLimit"]
        rows.append(
            (
                f"[{each.stem}](../{each.path})",
                joined(code(events.kinds(each))),
                f"`{stem}` in `{namespace}`, as `{account}`",
                f"`{each.node['spec']['template']['serviceAccountName']}`",
                f"{rate['requestsPerUnit']} a {str(rate['unit']).lower()}",
                f"{trigger['retryStrategy']['steps']} tries",
            )
        )
    return table(("sensor", "takes", "starts", "itself as", "at most", "then a dead letter"), rows)


def stages(files: Files, kind: str, shown: set[str]) -> str:
    """The steps of all that an event of ``kind`` starts but for templates in ``shown``, to which they are added."""
    parts = []
    for sensor in of_kind(files, kind):
        file, _ = started(sensor, files.templates)
        if file.stem not in shown:
            parts.append(f"Steps of [{file.stem}](../{file.path}):\n\n{_stages(files, sensor, file)}")
        shown.add(file.stem)
    return "\n".join(parts)


def _stages(files: Files, sensor: Sensor, file: File) -> str:
    head = ("step", "runs", "only if", "as", "again", "ends after", "takes", "gives")
    first = entry(file)
    if not first.tasks():
        return table(head, [_row(str(each.get("name")), "", "", first) for each in first.containers()])
    found: dict[tuple[str, str], Call] = {}
    for call in steps(files, sensor):
        if not call.template.tasks():
            found.setdefault((call.parent.name, call.name), call)
    return table(head, [_row(*_named(call, first, file), call.template) for call in found.values()])


def _named(call: Call, first: Template, file: File) -> tuple[str, str, str]:
    """What a step is called, runs, and waits for."""
    name = call.name if call.parent == first else f"{call.parent.name} / {call.name}"
    other = call.template.file
    return name, f"[{other.stem}](../{other.path})" if other.stem != file.stem else "", condition(call.task)


def _row(name: str, link: str, when: str, template: Template) -> tuple[str, ...]:
    taken, given = takes_and_gives(template)
    node = template.node
    if pause(template):
        return (name, pause(template), f"`{when}`" if when else "–", "–", "–", "–", "–", "–")
    retry = node.get("retryStrategy") or {}
    again = f"{retry['limit']} × {retry.get('retryPolicy', 'OnFailure')}" if retry else "–"
    ends = node.get("activeDeadlineSeconds")
    account = node.get("serviceAccountName")
    return (
        name,
        link or "–",
        f"`{when}`" if when else "–",
        f"`{account}`" if account else "–",
        again,
        span(ends) if ends else "–",
        joined(code(taken)),
        joined(code(given)),
    )


def sets(files: Files) -> str:
    """Each application that Argo CD makes of the repository."""
    there = {each.name for each in deployed(files)}
    rows = [
        (
            f"[{each.made_by}](../{each.path})",
            f"`{each.name}`",
            each.when,
            f"`{each.directory}` of `{each.repository}` at `{each.revision}`",
            f"`{each.namespace}`",
            f"`{each.project}`",
            keeps(each),
            "yes" if each.name in there else "no",
        )
        for each in applications(files)
    ]
    head = ("ApplicationSet", "application", "there is", "takes", "into namespace", "project", "syncs")
    return table((*head, "golden path has it"), rows)


def alerts(files: Files) -> str:
    """The alerts of events, workflows and deployments."""
    rows = []
    for name, rule in alert_rules(files).items():
        said = re.sub(r"\{\{\s*\$labels\.(\w+)\s*\}\}", r"*\1*", rule["annotations"]["summary"])
        rows.append((alert_link(name), rule["labels"]["severity"], said, str(rule.get("for", "at once"))))
    return table(("alert", "severity", "says", "after"), rows)


def alert_link(name: str) -> str:
    return f"[{name}](RUNBOOKS.md#{name.lower()})"


def alert_rules(files: Files) -> Mapping[str, Any]:
    """Alerts by name."""
    found = {}
    for path in sorted(files.top.glob(_RULES)):
        (node,) = documents(path.read_text(encoding="utf-8"))
        found.update({rule["alert"]: rule for group in node["groups"] for rule in group["rules"] if "alert" in rule})
    return found


def refusals(files: Files) -> str:
    """What steps say before they fail by themselves."""
    said: dict[str, dict[str, None]] = {}
    for sensor in ordered(files):
        file, _ = started(sensor, files.templates)
        for template in (*(call.template for call in steps(files, sensor)), entry(file)):
            link = f"[{template.file.stem}](../{template.file.path})"
            for container in template.containers():
                said.setdefault(link, {}).update(dict.fromkeys(_SAID.findall(script(container))))
    return table(("template", "says"), [(link, joined(code(texts))) for link, texts in said.items() if texts])

"""The page of one push's way, docs/DELIVERY.md: from the webhook to the rollout, drawn from the files themselves.

python -m tools.delivery_page --write | --check
"""

from __future__ import annotations

import functools
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from config.generated import ROOT, command
from config.names import team_namespace
from config.templates import engine
from tools.delivery import diagrams, events, rollouts, tables
from tools.delivery.calls import PERSON, Call, pause, started
from tools.delivery.files import REPOSITORY, Files, Object, read
from tools.delivery.secrets import secrets
from tools.delivery.sets import Application, applications
from tools.markdown import code, joined, span, table
from tools.sensor_files import Sensor
from tools.workflow_files import Unreadable

PATH = ROOT / "docs" / "DELIVERY.md"
_TEMPLATE = "delivery/page.md.j2"
_RULE = "workflows.argoproj.io/rbac-rule"
_WAIT = "argocd-sync"
_NOBODY = "nobody in the example"


def text(top: Path = ROOT) -> str:
    """The whole page for the files below ``top``. Raises Unreadable."""
    files = read(top)
    template = engine([ROOT / "tools"], str).get_template(_TEMPLATE)
    named = {"alert": functools.partial(_alert, files), "named": functools.partial(_named, _words(files))}
    return template.render(**_names(files), **_tables(files), **_rollout(files), kinds=list(_kinds(files)), **named)


def _alert(files: Files, name: str) -> str:
    """A link to an alert. Raises Unreadable where there is none of that name."""
    if name not in tables.alert_rules(files):
        raise Unreadable(f"charts/platform-rules/rules:1: no alert {name}, of which tools/{_TEMPLATE} speaks")
    return tables.alert_link(name)


def _named(known: frozenset[str], name: str) -> str:
    """A template or step. Raises Unreadable where there is none of that name."""
    if name not in known:
        raise Unreadable(f"workflow-templates:1: no template or step {name}, of which tools/{_TEMPLATE} speaks")
    return f"`{name}`"


def _words(files: Files) -> frozenset[str]:
    steps = (call.name for sensor in diagrams.ordered(files) for call in diagrams.steps(files, sensor))
    return frozenset({*files.templates, *steps})


def _names(files: Files) -> Mapping[str, Any]:
    sensor = diagrams.ordered(files)[0]
    manifest, event = events.source(files, next(iter(sensor.dependencies.values())))
    letters, label = events.letters(sensor)
    return {
        "id": files.deployment.id,
        "team": files.team.name,
        "namespace": team_namespace(files.team.name),
        "repository": REPOSITORY,
        "organization": files.deployment.github.organization,
        "source": manifest.name,
        "address": events.address(files, event),
        "secret": event["webhookSecret"],
        "bus": {"name": events.bus(files).name, **events.bus(files).node["spec"]["jetstream"]},
        "letters": letters,
        "letter_key": label.partition("=")[0],
        "unbuilt": joined(code(events.unbuilt(files)), none=""),
        "host": files.deployment.components.hosts()["argo-workflows"].domain,
        "argocd": files.deployment.components.hosts()["argocd"].domain,
    }


def _tables(files: Files) -> Mapping[str, Any]:
    return {
        "overview": diagrams.overview(files),
        "takeover": diagrams.takeover(files),
        "sensors": tables.sensors(files),
        "sets": tables.sets(files),
        "alerts": tables.alerts(files),
        "refusals": tables.refusals(files),
        "secrets": secrets(files),
        "people": _people(files),
    }


def _kinds(files: Files) -> Iterator[Mapping[str, Any]]:
    """What the page says of each kind of event."""
    shown: set[str] = set()
    for kind in diagrams.kinds(files):
        sensors = diagrams.of_kind(files, kind)
        yield {
            "name": kind,
            "sensors": [tables.comment(files.top, each) for each in sensors],
            "diagram": diagrams.way(files, kind),
            "stages": tables.stages(files, kind, shown),
            "submit": [_submit(files, each) for each in sensors],
        }


def _rollout(files: Files) -> Mapping[str, Any]:
    """What is said of deliveries and rollouts; times as text."""
    strategy = rollouts.strategies(files)[0]
    node = rollouts.rollout(files, strategy)
    delivered = [each for each in diagrams.deployed(files) if each.kind != "pullRequest"]
    waits = files.templates[_WAIT].templates[_WAIT].declared("inputs", "parameters")
    approvals = [each for sensor in diagrams.ordered(files) for each in _approvals(files, sensor)]
    return {
        "rollout": node["metadata"]["name"],
        "strategies": joined(code(rollouts.strategies(files))),
        "deadline": span(node["spec"].get("progressDeadlineSeconds", 600)),
        "aborts": bool(node["spec"].get("progressDeadlineAbort")),
        "analyses": _analyses(files),
        "applications": delivered,
        "heals": all((each.sync.get("automated") or {}).get("selfHeal") for each in delivered),
        "previews": [each for each in applications(files) if each.kind == "pullRequest"],
        "wait": span(waits["seconds"]["value"]),
        "approvals": approvals,
        "places": _places(files, delivered),
    }


def _approvals(files: Files, sensor: Sensor) -> Iterator[Mapping[str, str]]:
    """Where a person says yes or no, and how long the workflow waits for it."""
    file, _ = started(sensor, files.templates)
    for call in diagrams.steps(files, sensor):
        if pause(call.template) == PERSON:
            ends = file.node["spec"].get("activeDeadlineSeconds")
            yield {"workflow": file.stem, "sensor": sensor.stem, "step": call.name, "ends": span(ends) if ends else ""}


def _places(files: Files, delivered: list[Application]) -> list[str]:
    """Namespaces in the order in which a workflow promotes to them."""
    found: dict[str, None] = {}
    by_name = {each.name: each.namespace for each in delivered}
    calls: Iterator[Call] = (call for sensor in diagrams.ordered(files) for call in diagrams.steps(files, sensor))
    for call in calls:
        if call.given.get("application") in by_name:
            found[by_name[call.given["application"]]] = None
    return list(found)


def _analyses(files: Files) -> str:
    """What is measured of a new version; empty where nothing is."""
    rows = [
        (
            f"`{node['metadata']['name']}`",
            str(metric["name"]),
            f"`{_filled(metric.get('successCondition', '–'), node)}`",
            f"{metric.get('count', 1)} × every {metric['interval']}" if "interval" in metric else "once",
            str(metric.get("failureLimit", 0)),
        )
        for node in rollouts.measured(files)
        for metric in node["spec"]["metrics"]
    ]
    return table(("analysis", "metric", "good while", "measured", "may fail"), rows) if rows else ""


def _filled(text: str, analysis: Object) -> str:
    """``text`` with the arguments that ``analysis`` itself gives."""
    for each in analysis["spec"].get("args") or ():
        text = text.replace(f"{{{{args.{each['name']}}}}}", str(each.get("value", each["name"])))
    return text


def _people(files: Files) -> str:
    """What people may do in Argo Workflows and Argo CD, by the objects of the team's chart."""
    rows = [
        (f"Argo Workflows, as `{each.name}`", _rule(each.node), f"`{each.node['metadata']['namespace']}`")
        for each in files.of("ServiceAccount")
        if _RULE in (each.node["metadata"].get("annotations") or {})
    ]
    for project in files.of("AppProject"):
        for role in project.node["spec"]["roles"]:
            may = [f"{policy.split(', ')[2]} {policy.split(', ')[3]}" for policy in role["policies"]]
            groups = joined(code(role["groups"]), none=_NOBODY)
            rows.append((f"Argo CD, {role['name']}: {joined(may)}", groups, f"project `{project.name}`"))
    return table(("may", "who", "where"), rows)


def _rule(account: Object) -> str:
    """Who becomes ``account``: a rule of Argo Workflows, one alternative after the other."""
    rule = str(account["metadata"]["annotations"][_RULE])
    return {"false": _NOBODY, "true": "whoever logs in"}.get(rule) or " or ".join(code(rule.split(" || ")))


def _submit(files: Files, sensor: Sensor) -> str:
    """The command that starts what ``sensor`` starts, by hand; what an event would say is asked for."""
    file, given = started(sensor, files.templates)
    namespace, account, _ = events.start(sensor, files)
    asked, lines = [], []
    for each in sensor.workflow["spec"]["arguments"]["parameters"]:
        name, value = str(each["name"]), given[str(each["name"])]
        if value.startswith("<") and value.endswith("full_name>"):
            value = REPOSITORY
        elif value.startswith("<"):
            says = str(file.parameters[name]["description"]).rstrip(".")
            asked.append(f"read -rp {shlex.quote(f'{name} ({says}): ')} {name.upper()}")
            value = f'"${name.upper()}"'
        lines.append(f"  --parameter {name}={value}")
    start = f"argo submit --namespace {namespace} --from clusterworkflowtemplate/{file.stem}"
    return " \\\n".join(["\n".join([*asked, start]), f"  --serviceaccount {account}", *lines, "  --watch"])


def main() -> int:
    try:
        page = text()
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 1
    return command(PATH, page)


if __name__ == "__main__":
    sys.exit(main())

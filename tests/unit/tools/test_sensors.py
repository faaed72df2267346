"""The check of sensors finds what is named and isn't there, and says where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.sensors import DIRECTORY, main

PUSH, REQUEST, STRANGER, RELEASE = "push.yaml", "pull-request.yaml", "stranger.yaml", "release.yaml"
AUTHOR, ORIGIN, SENDER = (
    f"          - path: body.{path}\n            type: string\n            value: {value}\n"
    for path, value in (
        ("pull_request.author_association", '["^(OWNER|MEMBER|COLLABORATOR)$"]'),
        ("pull_request.head.repo.full_name", "\n              - [[ source.pattern ]]"),
        ("sender.type", '["^User$"]'),
    )
)
ORIGIN = ORIGIN.replace("value: \n", "value:\n")
# file, what is replaced (its first occurrence), by what, what is said
WRONG = {
    "missing template": (
        PUSH,
        "                  name: ci\n",
        "                  name: cli\n",
        "runs cli, which is no",
    ),
    "template of a namespace": (PUSH, "clusterScope: true", "clusterScope: false", "not of cluster scope"),
    "parameter of nobody": (PUSH, "- name: publish", "- name: publishes", "gives publishes, which ci doesn't take"),
    "missing parameter": (RELEASE, "- name: application", "- name: target", "lacks parameter application of cd"),
    "parameter that stays empty": (
        PUSH,
        "              dest: spec.arguments.parameters.1.value\n",
        "              dest: spec.arguments.parameters.0.value\n",
        "parameter revision stays empty",
    ),
    "value of nobody": (
        REQUEST,
        'value: "false"',
        'value: "never"',
        "parameter publish is never, which is none of true, false",
    ),
    "variable of nothing": (
        PUSH,
        "value: [[ source.publish ]]",
        'value: "{{workflow.parameters.release}}"',
        "workflow.parameters.release is nothing",
    ),
    "field that isn't there": (PUSH, "dest: metadata.name", "dest: metadata.title.0", "metadata.title.0 is nothing"),
    "unknown event source": (PUSH, "eventSourceName: github", "eventSourceName: git", "no event source has git/"),
    "unknown event": (PUSH, "eventName: organization", "eventName: push", "no event source has github/push"),
    "unknown dependency": (PUSH, "conditions: [[ source.name ]]", "conditions: other", "conditions and dependencies"),
    "parameter of another dependency": (
        PUSH,
        "{dependencyName: [[ source.name ]], dataKey: body.after}",
        "{dependencyName: other, dataKey: body.after}",
        "parameter of other, which is no dependency",
    ),
    "parameter from nowhere": (PUSH, "dataKey: body.after", "dataKey: after", "is not from the event's body"),
    "name without the delivery": (
        STRANGER,
        "            - src: {dependencyName: [[ source.fork ]], dataKey: body.X-GitHub-Delivery}\n"
        "              dest: metadata.name\n              operation: append\n",
        "",
        "has no name of its delivery",
    ),
    "any repository": (PUSH, "path: body.repository.full_name", "path: body.repository.name", "then by repository"),
    "expression": (PUSH, "        data:\n", "        exprs: []\n        data:\n", "needs filters of data only"),
    "part of a name": (RELEASE, '"^published$"', '"published"', "matches parts, too"),
    "other sensor account": (
        STRANGER,
        "serviceAccountName: argo-events-stranger",
        "serviceAccountName: argo-events-sensor",
        "argo-events-sensor may not start workflows in pull-requests",
    ),
    "stranger in a team's namespace": (
        STRANGER,
        "namespace: [[ strangers.namespace ]]",
        "namespace: [[ team.namespace ]]",
        "argo-events-stranger may not start workflows in team-alpha",
    ),
    "account of another namespace": (
        STRANGER,
        "serviceAccountName: pull-request\n",
        "serviceAccountName: argo-workflows-executor\n",
        "argo-workflows-executor doesn't exist in pull-requests",
    ),
    "account of another template": (
        PUSH,
        "serviceAccountName: argo-workflows-executor\n",
        "serviceAccountName: workflows-deployer\n",
        "template ci runs as argo-workflows-executor",
    ),
    "unknown namespace": (
        REQUEST,
        "namespace: [[ team.namespace ]]",
        "namespace: nowhere",
        "nowhere is none where workflows",
    ),
    "no retries": (PUSH, "      retryStrategy:", "      retries:", "trigger has no retryStrategy"),
    "retries that never happen": (PUSH, "      atLeastOnce: true", "      atLeastOnce: false", "has no atLeastOnce"),
    "no rate limit": (STRANGER, "rateLimit:", "limit:", "trigger has no rateLimit"),
    "no dead letter": (PUSH, "dlqTrigger:", "deadLetter:", "trigger has no dlqTrigger"),
    "dead letter that is refused": (PUSH, "        atLeastOnce: true\n", "", "dlqTrigger has no atLeastOnce"),
    "dead letter elsewhere": (
        PUSH,
        "namespace: [[ events.namespace ]]",
        "namespace: [[ team.namespace ]]",
        "dead letters are in argo-events",
    ),
    "undecided setting": (PUSH, "[[ source.image ]]", "[[ source.picture ]]", "nothing decides [[ source.picture ]]"),
    "other name": (PUSH, "metadata:\n  name: push", "metadata:\n  name: pushes", "name pushes is not the file's"),
    "misspelt field": (PUSH, "dataKey: body.after}", "dataKey: body.aftr}", "body.aftr is no field of push events"),
    "misspelt field of a letter": (PUSH, "dataKey: body.after, v", "dataKey: body.aftr, v", "body.aftr is no field"),
    "misspelt field of a filter": (PUSH, "path: body.deleted", "path: body.deletd", "body.deletd is no field of push"),
    "misspelt field of an object": (PUSH, '"ref":body.ref', '"ref":body.rf', "body.rf is no field of push events"),
    "misspelt field of a template": (REQUEST, "request.labels", "request.lables", "pull_request.lables is no field"),
    "template of nothing": (REQUEST, ".Input.body.pull_request.labels", "list", "is not from the event's body"),
    "field of other events": (PUSH, "path: body.deleted", "path: body.release.draft", "is no field of push events"),
    "unknown kind of event": (PUSH, "^push$", "^pish$", "takes events of pish: write one value"),
    "several kinds of events": (PUSH, '["^push$"]', '["^push$", "^release$"]', "takes events of ^push$ or"),
    "no such operation": (PUSH, "operation: append", "operation: apend", "operation is apend: write one of append"),
    "name that starts with the delivery": (
        PUSH,
        "operation: append",
        "operation: prepend",
        "append it to metadata.name",
    ),
    "trigger that changes": (PUSH, "operation: create", "operation: update", "operation is update: write create"),
    "trigger of another kind": (PUSH, "kind: Workflow\n", "kind: Pod\n", "write kind: Workflow"),
    "request of anybody": (REQUEST, AUTHOR, "", "lets strangers' code in"),
    "request of more people": (REQUEST, "|COLLABORATOR)", "|COLLABORATOR|NONE)", "lets strangers' code in"),
    "request from anywhere": (REQUEST, ORIGIN, "", "lets strangers' code in"),
    "stranger who is a member": (
        STRANGER,
        AUTHOR.replace("value", 'comparator: "!="\n            value'),
        "",
        "members'",
    ),
    "release of an app": (RELEASE, SENDER, "", "takes releases of anybody: filter body.sender.type by ^User$"),
    "no such comparison": (STRANGER, '"!="', '"=!"', "comparator is =!: write one of"),
    "no such type": (PUSH, "type: bool", "type: boolean", "type is boolean: write one of"),
    "value that is no list": (PUSH, 'value: ["false"]', 'value: "false"', "value is no list"),
    "no metadata": (PUSH, "metadata:\n  name: push\n", "", "metadata is missing: write it"),
    "metadata of another kind": (PUSH, "metadata:\n  name: push\n", "metadata: push\n", "metadata is no map"),
    "trigger without an object": (PUSH, "            resource:\n", "            resourc:\n", "resource is missing"),
    "letter without a trigger": (PUSH, "dead-letter\n          k8s:", "dead-letter\n          k9s:", "k8s is missing"),
    "parameter without a source": (PUSH, "- src: {", "- sr: {", "has sr, which no rule looks at"),
    "key that nobody looks at": (
        PUSH,
        "      atLeastOnce: true\n",
        "      atLeastOnce: true\n      x: 1\n",
        "has x, which",
    ),
    "workflow with more": (
        PUSH,
        "                arguments:",
        "                podSpecPatch: x\n                arguments:",
        "spec has",
    ),
    "letter without a sender": (PUSH, "dest: data.sender", "dest: data.sent", "doesn't say its sender"),
    "other kind": (PUSH, "kind: Sensor", "kind: EventSource", "no Sensor"),
}


def test_the_sensors_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert capsys.readouterr().err == ""


@pytest.fixture
def sensors(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DIRECTORY, tmp_path / "sensors"))


@pytest.mark.parametrize(("file", "old", "new", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_found(
    sensors: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, said: str
) -> None:
    text = (sensors / file).read_text(encoding="utf-8")
    assert old in text
    (sensors / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert main(sensors) == 1
    lines = capsys.readouterr().err.splitlines()
    assert any(said in line and line.startswith(f"sensors/{file}:") for line in lines), lines


def test_the_line_is_that_of_the_name(sensors: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (sensors / PUSH).read_text(encoding="utf-8").replace("    name: ci\n", "    name: cli\n", 1)
    (sensors / PUSH).write_text(text, encoding="utf-8")
    number = next(index for index, line in enumerate(text.splitlines(), start=1) if line.endswith("name: cli"))
    main(sensors)
    assert f"sensors/{PUSH}:{number}: runs cli" in capsys.readouterr().err


def test_a_sensor_that_no_repository_has_is_found(sensors: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sensors / PUSH).rename(sensors / "tag.yaml")
    main(sensors)
    said = capsys.readouterr().err
    assert "no repository has sensor tag" in said
    assert "no sensor push" in said


@pytest.mark.parametrize("place", ["pushes.yml", "more/push.yaml", "push.txt"])
def test_a_file_that_nobody_takes_is_refused(sensors: Path, capsys: pytest.CaptureFixture[str], place: str) -> None:
    (sensors / place).parent.mkdir(exist_ok=True)
    shutil.copy(DIRECTORY / PUSH, sensors / place)
    assert main(sensors) == 1
    assert capsys.readouterr().err.startswith(f"sensors/{place}:1: nobody takes it from here: write it to sensors/")

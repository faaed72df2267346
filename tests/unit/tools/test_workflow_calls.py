"""What tasks, steps and hooks give each other is there when they run, by rules of our own, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.workflow_calls import problems
from tools.workflow_files import File, load

INNER = """spec:
  entrypoint: inner
  templates:
    - name: inner
      inputs:
        parameters:
          - name: place
            enum: [staging, team]
          - name: with-default
            value: x
        artifacts:
          - name: source
            path: /work/source
          - name: cache
            path: /work/cache
            optional: true
      outputs:
        parameters:
          - name: digest
            valueFrom: { path: /work/digest }
    - name: of-caller
      dag:
        tasks:
          - name: deeper
            template: deepest
    - name: deepest
      inputs: { parameters: [{ name: x, value: "{{=workflow.parameters.level}}" }] }
"""
OUTER = """spec:
  entrypoint: outer
  arguments:
    parameters:
      - name: place
      - name: items
        value: "[]"
  templates:
    - name: outer
      %s
    - name: plain
      inputs:
        parameters: [{ name: status, value: "" }]
    - name: leaf
      outputs:
        parameters: [{ name: found, valueFrom: { path: /x } }]
        artifacts: [{ name: source, path: /x }]
"""
CALL = "templateRef: { name: inner, template: inner, clusterScope: true }"


@pytest.fixture
def said(tmp_path: Path, request: pytest.FixtureRequest) -> list[str]:
    """What is said of OUTER with the parameter's text as its first template."""
    directory = tmp_path / "workflow-templates"
    (directory / "x").mkdir(parents=True)
    (directory / "x" / "inner.yaml").write_text(INNER, encoding="utf-8")
    text = OUTER % request.param.strip().replace("\n", "\n      ")
    (directory / "x" / "outer.yaml").write_text(text, encoding="utf-8")
    files: dict[str, File] = load(directory, {})
    found = [str(each) for each in problems(files["outer"], files)]
    lines = text.splitlines()
    return [f"{lines[int(each.split(':')[1]) - 1].strip()} | {each.partition(': ')[2]}" for each in found]


def task(*lines: str, more: str = "") -> str:
    """A DAG of a task ``leaf`` and one that is made of ``lines``."""
    own = "\n      ".join(lines)
    return f"dag:\n  tasks:\n    - name: leaf\n      template: leaf\n    - name: it\n      {own}\n{more}"


ARTIFACT = "artifacts: [{ name: source, from: '{{tasks.leaf.outputs.artifacts.source}}' }]"


def given(parameters: str, depends: str = "leaf.Succeeded") -> str:
    return task(f"depends: {depends}", CALL, "arguments:", f"  parameters: {parameters}", f"  {ARTIFACT}")


RIGHT = {
    "all that is needed": given("[{ name: place, value: staging }]"),
    "by a variable": given("[{ name: place, value: '{{workflow.parameters.place}}' }]"),
    "of one further up": task(
        "depends: between",
        "template: plain",
        "arguments: { parameters: [{ name: status, value: '{{tasks.leaf.outputs.parameters.found}}' }] }",
        more="    - name: between\n      depends: leaf\n      template: leaf",
    ),
    "by the older word": task(
        "dependencies: [leaf]",
        "template: plain",
        "when: \"{{=tasks.leaf.status == 'Succeeded' && sprig.trim('inputs.parameters.x') != ''}}\"",
    ),
    "for each": task(
        "withParam: '{{workflow.parameters.items}}'",
        "template: plain",
        "arguments: { parameters: [{ name: status, value: '{{item.name}}' }] }",
    ),
    "steps": """
steps:
  - - name: one
      template: leaf
  - - name: two
      template: plain
      arguments: { parameters: [{ name: status, value: "{{steps.one.outputs.parameters.found}}" }] }
""",
    "hook": task(
        "template: leaf",
        "hooks:",
        "  exit:",
        "    template: plain",
        "    arguments: { parameters: [{ name: status, value: '{{tasks.it.status}}' }] }",
    ),
}
# What the first template is, and line and message of what is said.
WRONG = {
    "unknown value": (
        given("[{ name: place, value: sandbox }]"),
        "value: sandbox }] | task it: parameter place is sandbox, which is none of staging, team",
    ),
    "no value": (
        given("[{ name: place }]"),
        "parameters: [{ name: place }] | task it: parameter place has no value",
    ),
    "no value of an artifact": (
        task(CALL, "arguments:", "  parameters: [{ name: place, value: team }]", "  artifacts: [{ name: source }]"),
        "artifacts: [{ name: source }] | task it: artifact source has no value",
    ),
    "one that isn't waited for": (
        given("[{ name: place, value: '{{tasks.leaf.outputs.parameters.found}}' }]", depends="other")
        + "    - name: other\n      template: leaf",
        "parameters: [{ name: place, value: '{{tasks.leaf.outputs.parameters.found}}' }] | "
        "task it uses tasks.leaf.outputs.parameters.found, and doesn't wait for it",
    ),
    "itself": (
        task("when: '{{tasks.it.status}}'", "template: plain"),
        "when: '{{tasks.it.status}}' | task it uses tasks.it.status, and doesn't wait for it",
    ),
    "a circle": (
        task("depends: other", "template: plain", more="    - name: other\n      depends: it\n      template: leaf"),
        "- name: it | task it waits for itself",
    ),
    "no such dependency": (
        task("dependencies: [leave]", "template: plain"),
        "dependencies: [leave] | task it depends on leave, which is no task",
    ),
    "an input": (task("when: '{{inputs.parameters.x}}'", "template: plain"), "inputs.parameters.x is nothing"),
    "an item of nothing": (task("when: '{{item}}'", "template: plain"), "when: '{{item}}' | item is nothing"),
    "unknown root of an expression": (
        task("when: \"{{=workflw.parameters.place == ''}}\"", "template: plain"),
        "workflw.parameters.place is nothing",
    ),
    "a dash that is a minus": (
        task("when: \"{{=workflow.parameters.place-x == ''}}\"", "template: leaf").replace("place-x", "with-dash"),
        "workflow.parameters.with is nothing",
    ),
    "a tag that isn't closed": (
        task("when: '{{workflow.parameters.place}'", "template: plain"),
        "{{workflow.parameters.place} is nothing",
    ),
    "the caller's parameters": (
        task("templateRef: { name: inner, template: of-caller, clusterScope: true }"),
        "task it runs inner/of-caller, which needs parameter level of the workflow",
    ),
    "a step's template": (
        "steps:\n  - - name: one\n      template: leave",
        "template: leave | step one runs leave, which is no template",
    ),
    "a step beside": (
        "steps:\n  - - name: one\n      template: leaf\n    - name: two\n      template: plain\n"
        "      when: '{{steps.one.status}}'",
        "when: '{{steps.one.status}}' | step two uses steps.one.status, and doesn't wait for it",
    ),
    "a task among steps": (
        "steps:\n  - - name: one\n      template: leaf\n  - - name: two\n      template: plain\n"
        "      when: '{{tasks.one.status}}'",
        "tasks.one.status is nothing",
    ),
    "a hook's template": (
        task("template: leaf", "hooks:", "  exit:", "    template: leave"),
        "template: leave | hook exit of task it runs leave, which is no template",
    ),
    "an output": (
        "outputs:\n  parameters: [{ name: y, valueFrom: { expression: \"tasks['leaf'].outputs.parameters.lost\" } }]\n"
        + task("template: plain"),
        "tasks['leaf'].outputs.parameters.lost is nothing",
    ),
}


@pytest.mark.parametrize("said", RIGHT.values(), ids=RIGHT.keys(), indirect=True)
def test_what_is_there_is_not_complained_of(said: list[str]) -> None:
    assert said == []


@pytest.mark.parametrize(("said", "expected"), WRONG.values(), ids=WRONG.keys(), indirect=["said"])
def test_what_is_wrong_is_found_at_its_line(said: list[str], expected: str) -> None:
    assert any(expected in each for each in said), said


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("entrypoint: outer", "entrypoint: other", "entrypoint other is no template of the file"),
        ("  entrypoint: outer", "  onExit: clean\n  entrypoint: outer", "onExit clean is no template of the file"),
        ("  entrypoint: outer", "  hooks: { exit: { template: clean } }\n  entrypoint: outer", "hook exit runs clean,"),
        ('value: "[]"', 'value: "{{workflow.parameters.other}}"', "workflow.parameters.other is nothing"),
        (
            "    - name: outer",
            "    - name: outer\n      inputs: { parameters: [{ name: x }] }",
            "nobody gives entrypoint outer its parameter x",
        ),
    ],
)
def test_what_is_wrong_outside_of_the_templates_is_found(tmp_path: Path, old: str, new: str, expected: str) -> None:
    text = OUTER % "container: {}"
    assert old in text
    directory = tmp_path / "workflow-templates"
    (directory / "x").mkdir(parents=True)
    for changed in (text, text.replace(old, new, 1)):
        (directory / "x" / "outer.yaml").write_text(changed, encoding="utf-8")
        files = load(directory, {})
        found = [str(each) for each in problems(files["outer"], files)]
        assert any(expected in each for each in found) is (changed != text), found

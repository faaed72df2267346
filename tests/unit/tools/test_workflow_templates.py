"""The check of workflow templates finds what is named and isn't there, and says where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.workflow_files import DIRECTORY
from tools.workflow_templates import main

CI, CHECKOUT, MAVEN, PUSH, STRANGER = (
    "pipelines/ci.yaml",
    "source/git-checkout.yaml",
    "build/java-maven.yaml",
    "deploy/promote.yaml",
    "pipelines/pull-request.yaml",
)
# file, what is replaced (its first occurrence), by what, what is said
WRONG = {
    "missing template": (
        CI,
        "name: image-scan",
        "name: image-scam",
        "runs image-scam/image-scan, which is no template",
    ),
    "missing inner template": (
        CI,
        "template: image-sbom",
        "template: sbom",
        "runs image-sbom/sbom, which is no template",
    ),
    "template of a namespace": (CI, "clusterScope: true", "clusterScope: false", "not of cluster scope"),
    "missing entrypoint": (CI, "entrypoint: ci", "entrypoint: cli", "entrypoint cli is no template of the file"),
    "unknown argument": (CI, "- name: command", "- name: commands", "gives parameter commands, which nobody takes"),
    "missing argument": (CI, "- name: tag", "- name: digest", "task publish lacks parameter tag"),
    "missing artifact": (
        CI,
        "- name: sbom\n                  from",
        "- name: image\n                  from",
        "lacks artifact sbom",
    ),
    "unknown task": (
        CI,
        "depends: scan.Succeeded",
        "depends: scanned.Succeeded",
        "depends on scanned, which is no task",
    ),
    "unknown output": (
        CI,
        "outputs.parameters.digest",
        "outputs.parameters.hash",
        "tasks.image.outputs.parameters.hash is",
    ),
    "unknown in an expression": (CI, "tasks['checkout'].outputs", "tasks['source'].outputs", "tasks['source'].outputs"),
    "unknown parameter of the workflow": (
        CI,
        "workflow.parameters.severity",
        "workflow.parameters.level",
        "level is nothing",
    ),
    "unknown input": (
        CHECKOUT,
        "inputs.parameters.revision",
        "inputs.parameters.sha",
        "inputs.parameters.sha is nothing",
    ),
    "unknown variable": (PUSH, "{{workflow.name}}", "{{workflow.title}}", "workflow.title is nothing"),
    "unknown account": (MAVEN, "workflows-builder", "builder", "service account builder doesn't exist"),
    "missing account": (MAVEN, "      serviceAccountName: workflows-builder\n", "", "service account None"),
    "unknown secret": (CHECKOUT, "secretName: git-credentials", "secretName: git", "secret git doesn't exist"),
    "secret that people may not have made": (CHECKOUT, "            optional: true\n", "", "secret git-credentials"),
    "unknown volume": (
        MAVEN,
        "- name: tmp\n            mountPath",
        "- name: temp\n            mountPath",
        "volume temp doesn't",
    ),
    "volume for nothing": (MAVEN, "          - name: tmp\n            mountPath: /tmp\n", "", "tmp is mounted nowhere"),
    "artifact outside of volumes": (MAVEN, "path: /work/cache", "path: /cache", "artifact cache is in no volume"),
    "image of nobody": (MAVEN, "image: [[ image.maven ]]", "image: maven:3", "image maven:3 is no setting"),
    "undecided setting": (MAVEN, "[[ image.maven ]]", "[[ image.gradle ]]", "nothing decides [[ image.gradle ]]"),
    "parameter in a script": (
        MAVEN,
        '"/work/source/$DIRECTORY"',
        '"{{inputs.parameters.directory}}"',
        "is pasted into a script",
    ),
    "parameter in arguments": (
        STRANGER,
        'exec sh -euc "$COMMAND"',
        "{{workflow.parameters.command}}",
        "is pasted into a script",
    ),
    "no limit": (MAVEN, "          limits:\n            memory: 4Gi\n", "", "a limit of memory"),
    "root": (MAVEN, "runAsNonRoot: true", "runAsNonRoot: false", "needs runAsNonRoot"),
    "capabilities": (MAVEN, "drop: [ALL]", "drop: []", "no capabilities"),
    "no end": (MAVEN, '      activeDeadlineSeconds: "3600"\n', "", "has no activeDeadlineSeconds"),
    "no retries": (MAVEN, "retryStrategy:", "retryStrategies:", "has no retryStrategy"),
    "no retries of a set": (STRANGER, "retryStrategy:", "retryStrategies:", "has no retryStrategy"),
    "no description": (
        MAVEN,
        "            description: Directory of pom.xml in the source.\n",
        "",
        "has no description",
    ),
    "other name": (
        MAVEN,
        "  name: java-maven\n  annotations",
        "  name: maven\n  annotations",
        "name maven is not the file's",
    ),
    "other kind": (MAVEN, "kind: ClusterWorkflowTemplate", "kind: WorkflowTemplate", "no ClusterWorkflowTemplate"),
    "no YAML": (MAVEN, "  templates:", " templates:", "java-maven.yaml:"),
}


def test_the_templates_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("file", "old", "new", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, said: str
) -> None:
    directory = tmp_path / "workflow-templates"
    shutil.copytree(DIRECTORY, directory)
    text = (directory / file).read_text(encoding="utf-8")
    assert old in text
    (directory / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert main(directory) == 1
    lines = capsys.readouterr().err.splitlines()
    assert any(said in line and line.startswith(f"workflow-templates/{file}:") for line in lines), lines


def test_the_line_is_that_of_the_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    directory = tmp_path / "workflow-templates"
    shutil.copytree(DIRECTORY, directory)
    text = (directory / CI).read_text(encoding="utf-8").replace("template: image-scan", "template: scan", 1)
    (directory / CI).write_text(text, encoding="utf-8")
    number = text.splitlines().index("              template: scan") + 1
    main(directory)
    assert f"workflow-templates/{CI}:{number}: task scan runs" in capsys.readouterr().err


def test_two_files_of_one_name_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    directory = tmp_path / "workflow-templates"
    shutil.copytree(DIRECTORY, directory)
    shutil.copy(directory / CI, directory / "build" / "ci.yaml")
    assert main(directory) == 1
    assert "has the same name" in capsys.readouterr().err

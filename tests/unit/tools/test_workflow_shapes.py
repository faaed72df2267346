"""The check of workflow templates refuses what its rules don't look at, and says where accounts don't exist."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.workflow_files import DIRECTORY
from tools.workflow_templates import main

CI, CD, MAVEN, DOCS, STRANGER = (
    "pipelines/ci.yaml",
    "pipelines/cd.yaml",
    "build/java-maven.yaml",
    "docs/techdocs-publish.yaml",
    "pipelines/pull-request.yaml",
)
VOLUME = "          emptyDir:\n            sizeLimit: 1Gi\n"
HOME = "          - name: HOME\n            value: /tmp\n"
SCRIPT, ENTRY, LOCKED = "      script:\n", "  entrypoint: ci\n", "          allowPrivilegeEscalation: false\n"
ACCOUNT, BUILD = "  serviceAccountName: argo-workflows-executor\n", "            template: build\n"
APPROVAL = "      suspend: {}\n"
METADATA = "metadata:\n  name: java-maven\n  annotations:\n    workflows.argoproj.io/title: Build with Maven\n"
SHELL = "            command: [sh, -c]\n"
PRIVILEGED = "        - name: s\n          image: x\n          securityContext: {privileged: true}\n"
# file, what is replaced (its first occurrence), by what, what is said
WRONG = {
    "steps of nobody": (
        CD,
        APPROVAL,
        "      steps:\n        - - name: x\n            template: nowhere\n",
        "step x runs nowhere",
    ),
    "onExit of nobody": (CI, ENTRY, f"{ENTRY}  onExit: nowhere\n", "onExit nowhere is no template of the file"),
    "hook of nobody": (
        CI,
        ENTRY,
        f"{ENTRY}  hooks:\n    exit:\n      template: nowhere\n",
        "hook exit runs nowhere",
    ),
    "hook of a task": (
        CI,
        BUILD,
        f"{BUILD}            hooks:\n              exit:\n                template: nowhere\n",
        "hook exit of task build runs nowhere",
    ),
    "onExit of a task": (CI, BUILD, f"{BUILD}            onExit: nowhere\n", "tasks has onExit"),
    "account of a workflow": (CI, ACCOUNT, "  serviceAccountName: nobody\n", "serviceAccountName is nobody: write"),
    "no account of a workflow": (CI, ACCOUNT, "", "serviceAccountName is None: write argo-workflows-executor"),
    "account of another namespace": (
        DOCS,
        "serviceAccountName: workflows-builder",
        "serviceAccountName: workflows-deployer",
        "runs template build as workflows-deployer, which isn't in argo: name one of",
    ),
    "account that strangers don't have": (
        STRANGER,
        "      serviceAccountName: pull-request",
        "      serviceAccountName: workflows-builder",
        "as workflows-builder, which isn't in pull-requests",
    ),
    "default account": (CI, ENTRY, f"{ENTRY}  templateDefaults:\n    serviceAccountName: x\n", "has templateDefaults"),
    "secret of a variable": (
        MAVEN,
        HOME,
        "          - name: HOME\n            valueFrom:\n              secretKeyRef: {name: nope, key: x}\n",
        "env has valueFrom",
    ),
    "variables of a secret": (MAVEN, "        env:\n", "        envFrom: []\n        env:\n", "script has envFrom"),
    "config map": (MAVEN, VOLUME, "          configMap:\n            name: nope\n", "volumes has configMap"),
    "claim": (MAVEN, VOLUME, "          persistentVolumeClaim:\n            claimName: x\n", "volumes has persistent"),
    "projected secret": (MAVEN, VOLUME, "          projected:\n            sources: []\n", "volumes has projected"),
    "host path": (MAVEN, VOLUME, "          hostPath:\n            path: /\n", "volumes has hostPath"),
    "secret of a parameter": (
        MAVEN,
        "            value: verify\n",
        "            valueFrom:\n              configMapKeyRef: {name: nope, key: x}\n",
        "valueFrom has configMapKeyRef",
    ),
    "secret of an artifact": (
        MAVEN,
        "            s3:\n",
        "            s3:\n              accessKeySecret: {name: nope, key: x}\n",
        "s3 has accessKeySecret",
    ),
    "sidecar": (MAVEN, SCRIPT, f"      sidecars:\n{PRIVILEGED}{SCRIPT}", "templates has sidecars"),
    "init container": (MAVEN, SCRIPT, f"      initContainers:\n{PRIVILEGED}{SCRIPT}", "templates has initContainers"),
    "privileged": (MAVEN, LOCKED, f"{LOCKED}          privileged: true\n", "securityContext has privileged"),
    "capability": (MAVEN, "            drop: [ALL]\n", "            drop: [ALL]\n            add: [X]\n", "has add"),
    "root by number": (MAVEN, "        runAsUser: 1000\n", "        runAsUser: 0\n", "runAsUser is 0: write a number"),
    "patched pod": (MAVEN, SCRIPT, f"      podSpecPatch: x\n{SCRIPT}", "templates has podSpecPatch"),
    "other kind of template": (CD, APPROVAL, "      http:\n        url: x\n", "templates has http"),
    "template of nothing": (CD, APPROVAL, "", "template approval is nothing: write one of"),
    "default outside of its values": (
        CI,
        "        value: auto\n",
        "        value: car\n",
        "builder is car, which is none",
    ),
    "default of an input outside of its values": (
        "source/ci-settings.yaml",
        "            value: auto\n",
        "            value: car\n",
        "builder is car, which is none of auto, none, java-maven, node-pnpm: write one of them",
    ),
    "other version": (MAVEN, "argoproj.io/v1alpha1", "argoproj.io/v1", "write apiVersion: argoproj.io/v1alpha1"),
    "misspelt key": (MAVEN, "spec:\n", "speck: {}\nspec:\n", "the file has speck"),
    "no metadata": (MAVEN, METADATA, "", "metadata.name is missing: write it"),
    "metadata without a name": (MAVEN, METADATA, "metadata: {}\n", "metadata.name is missing: write it"),
    "metadata of another kind": (MAVEN, METADATA, "metadata: java-maven\n", "metadata is no map: write keys of name"),
    "template of another kind": (
        MAVEN,
        "  templates:\n",
        "  templates:\n    - java\n",
        "an entry of templates is no map",
    ),
    "shell that shellcheck doesn't read": (STRANGER, SHELL, SHELL.replace("-c", "-ec"), "write command: [sh, -c]"),
    "other shell": (STRANGER, SHELL, SHELL.replace("sh", "bash"), "write command: [sh, -c]"),
    "no shell": (STRANGER, SHELL, "", "container runs []: write command: [sh, -c]"),
    "other program for a source": (MAVEN, "command: [sh]", "command: [python3]", "write command: [sh]"),
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DIRECTORY, tmp_path / "workflow-templates"))


@pytest.mark.parametrize(("file", "old", "new", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_no_rule_looks_at_is_refused(
    directory: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, said: str
) -> None:
    text = (directory / file).read_text(encoding="utf-8")
    assert old in text
    (directory / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert main(directory) == 1
    lines = capsys.readouterr().err.splitlines()
    assert any(said in line and line.startswith(f"workflow-templates/{file}:") for line in lines), lines
    assert all(": " in line.split(": ", 1)[1] for line in lines), "a message says what to do"


@pytest.mark.parametrize("place", ["maven.yaml", "build/java/maven.yaml", "build/maven.yml", "build/maven.txt"])
def test_a_file_that_nobody_takes_is_refused(directory: Path, capsys: pytest.CaptureFixture[str], place: str) -> None:
    path = directory / place
    path.parent.mkdir(exist_ok=True)
    shutil.copy(DIRECTORY / MAVEN, path)
    assert main(directory) == 1
    assert capsys.readouterr().err.startswith(f"workflow-templates/{place}:1: nobody takes it from here: write it to")


def test_an_entry_point_whose_place_nobody_says_is_refused(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (directory / MAVEN).read_text(encoding="utf-8")
    (directory / MAVEN).write_text(text.replace("spec:\n", f"spec:\n{ACCOUNT}", 1), encoding="utf-8")
    assert main(directory) == 1
    assert "nobody says where java-maven runs: write a row for it" in capsys.readouterr().err

"""Workflows that charts and the golden path start name templates and parameters that are there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.workflow_files import DIRECTORY
from tools.workflow_starts import blanked
from tools.workflow_templates import main

CHART, SKELETON = "charts/x/templates/cron.yaml", "golden-path/skeleton/workflows/nightly.yaml"
CRON = """{{- /* Each night,
for each of them. */}}
{{- range .Values.sources }}
---
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata:
  name: {{ .name }}
  labels: {{- include "x.labels" $ | nindent 4 }}
spec:
  schedules: [{{ .schedule | quote }}]
  workflowSpec:
    workflowTemplateRef:
      name: techdocs-publish
      clusterScope: true
    serviceAccountName: techdocs-publisher
    arguments:
      parameters:
        - name: repository
          value: {{ .repository | quote }}
        - name: revision
          value: {{ .revision | quote }}
        - name: entity
          value: {{ printf "default/component/%s" .name | quote }}
        - name: directory
          value: {{ "{{workflow.parameters.directory}}" | quote }}
{{- end }}
"""
NIGHTLY = """apiVersion: v1
kind: ConfigMap
metadata: { name: other }
---
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  name: ${{ values.name }}
spec:
  entrypoint: nightly
  templates:
    - name: nightly
      dag:
        tasks:
          - name: checkout
{%- if values.team == 'alpha' %}
            when: "true"
{%- else %}
            when: "false"
{%- endif %}
            templateRef: { name: git-checkout, template: git-checkout, clusterScope: true }
            arguments:
              parameters:
{%- if values.team %}
                - { name: repository, value: ${{ values.organization }}/${{ values.name }} }
{%- endif %}
                - { name: revision, value: "{{workflow.name}}" }
"""
BINDING = """apiVersion: argoproj.io/v1alpha1
kind: WorkflowEventBinding
metadata: { name: x }
spec:
  event: { selector: "true" }
  submit:
    workflowTemplateRef: { name: pull-request, clusterScope: true }
    serviceAccountName: pull-request
    arguments:
      parameters:
        - { name: repository, valueFrom: { event: payload.repository } }
        - { name: revision, valueFrom: { event: payload.revision } }
"""
# file, text, what is replaced, by what, the line that is named (as it stands), what is said
WRONG = {
    "template": (CHART, CRON, "techdocs-publish", "techdocs", "name: techdocs", "runs techdocs, which is no template"),
    "template of a namespace": (CHART, CRON, "clusterScope: true", "clusterScope: false", "name: ", "not of cluster"),
    "template of a value": (CHART, CRON, "techdocs-publish", "{{ .run }}", "name: {{ .run }}", "which is no template"),
    "parameter of nobody": (
        CHART,
        CRON,
        "name: entity",
        "name: entities",
        "- name: entities",
        "gives entities, which techdocs-publish doesn't take",
    ),
    "missing parameter": (
        CHART,
        CRON,
        "name: entity",
        "name: directory",
        "arguments:",
        "lacks parameter entity of techdocs-publish",
    ),
    "no value": (
        CHART,
        CRON,
        "value: {{ .rev",
        "default: {{ .rev",
        "- name: revision",
        "parameter revision has no value",
    ),
    "parameters of a value": (
        CHART,
        CRON,
        "parameters:\n",
        "parameters: {{ toYaml .parameters }}\n    more:\n",
        "parameters: {{ toYaml .parameters }}",
        "parameters is decided by a value: state it",
    ),
    "account": (
        CHART,
        CRON,
        "serviceAccountName: techdocs-publisher",
        "serviceAccountName: argo-workflows-executor",
        "serviceAccountName: argo-workflows-executor",
        "template techdocs-publish runs as techdocs-publisher",
    ),
    "variable": (CHART, CRON, "parameters.directory", "parameters.dir", 'value: {{ "{{', "parameters.dir is nothing"),
    "no YAML": (CHART, CRON, "  schedules", " schedules", "", "cron.yaml:"),
    "template of a task": (
        SKELETON,
        NIGHTLY,
        "name: git-checkout",
        "name: checkout",
        "templateRef: ",
        "task checkout runs checkout/git-checkout, which is no template",
    ),
    "parameter of a task": (
        SKELETON,
        NIGHTLY,
        "name: revision",
        "name: sha",
        "- { name: sha, value: ",
        "task checkout gives parameter sha, which nobody takes",
    ),
    "variable of a task": (
        SKELETON,
        NIGHTLY,
        "workflow.name",
        "workflow.parameters.x",
        "- { name: rev",
        "x is nothing",
    ),
    "parameter of an event": (
        SKELETON,
        BINDING,
        "name: revision",
        "name: image",
        "arguments:",
        "lacks parameter revision",
    ),
}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    shutil.copytree(DIRECTORY, tmp_path / "workflow-templates")
    return tmp_path


def written(top: Path, file: str, text: str) -> Path:
    path = top / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return top / "workflow-templates"


@pytest.mark.parametrize(("file", "text"), [(CHART, CRON), (SKELETON, NIGHTLY), (SKELETON, BINDING)])
def test_what_is_there_is_not_complained_of(
    top: Path, capsys: pytest.CaptureFixture[str], file: str, text: str
) -> None:
    assert main(written(top, file, text)) == 0, capsys.readouterr().err


@pytest.mark.parametrize(("file", "text", "old", "new", "line", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_found_with_file_and_line(
    top: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, old: str, new: str, line: str, said: str
) -> None:
    assert old in text
    changed = text.replace(old, new, 1)
    assert main(written(top, file, changed)) == 1
    told = capsys.readouterr().err.splitlines()
    lines = changed.splitlines()
    found = [(lines[int(each.split(":")[1]) - 1].strip(), each) for each in told]
    assert all(each.startswith(f"{file}:") for each in told), told
    assert any(at.startswith(line.strip()) and said in each for at, each in found), found


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("{{- if .x }}\na: {{ .b }}\n{{- end }}\n", "\na: decided-by-a-value\n\n"),
        ('a: {{ "{{workflow.name}}" }}', "a: {{workflow.name}}"),
        ('a: {{ printf "{{ .x }}-%s" .y | quote }}', "a: decided-by-a-value"),
        ("{{- /* one\ntwo */}}\na: 1", "\n\na: 1"),
        ('{{ include "x" . }}: 1', "decided-by-a-value: 1"),
    ],
)
def test_actions_of_a_chart_leave_their_lines(text: str, plain: str) -> None:
    assert blanked(text, go=True) == plain


def test_the_golden_path_keeps_variables_of_workflows() -> None:
    text = "{#- why -#}\n{%- if values.x %}\na: ${{ values.x }}-{{workflow.name}}\n{%- endif %}\n"
    assert blanked(text, go=False) == "\n\na: decided-by-a-value-{{workflow.name}}\n\n"

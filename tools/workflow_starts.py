"""Workflows that start a template of ``workflow-templates/``: by sensors, and in charts and the golden path.

Charts are Go templates and the golden path is Nunjucks: their actions are blanked out, so that what is stated keeps its
line. What a value decides (``name: {{ .template }}``) can't be checked, and is refused where a template is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tools import workflow_calls
from tools.workflow_files import File, Problem, line_of, no_yaml, strings
from tools.workflow_variables import names, of_workflow
from tools.yaml_shapes import Say

# Kind → where its workflow stands below the document.
KINDS: Mapping[str, tuple[str, ...]] = {
    "Workflow": ("spec",),
    "CronWorkflow": ("spec", "workflowSpec"),
    "WorkflowTemplate": ("spec",),
    "ClusterWorkflowTemplate": ("spec",),
    "WorkflowEventBinding": ("spec", "submit"),
}
PLACES = ("charts/*/templates/**/*.yaml", "golden-path/skeleton/**/*.yaml")
DECIDED = "decided-by-a-value"
_STATED = frozenset(
    {"spec", "workflowSpec", "submit", "workflowTemplateRef", "arguments", "parameters", "artifacts"}
    | {"templates", "dag", "tasks", "steps", "templateRef"}
)
_KIND = re.compile(rf"^kind: ({'|'.join(KINDS)})$", re.MULTILINE)
_END = re.compile(r"^---.*$", re.MULTILINE)
# A text that a template writes: variables of Argo Workflows inside of Go's.
_QUOTED = re.compile(r"""\{\{-?\s*(?:"([^"]*)"|`([^`]*)`)\s*(\|\s*quote\s*)?-?\}\}""")
_GO = re.compile(r"""\{\{(?:"[^"]*"|`[^`]*`|[^"`])*?\}\}""")
_NUNJUCKS = re.compile(r"\$\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_HOLD = "\x00"


def problems(top: Path, templates: Mapping[str, File]) -> Iterator[Problem]:
    """What is wrong in charts and the golden path below ``top``. Raises Unreadable."""
    for place in PLACES:
        for path in sorted(top.glob(place)):
            text = path.read_text(encoding="utf-8")
            if _KIND.search(text):
                yield from _of_file(path.relative_to(top).as_posix(), text, templates)


def _of_file(shown: str, text: str, templates: Mapping[str, File]) -> Iterator[Problem]:
    for document in documents(shown, text):
        hidden = [(parent, key) for parent, key, text in strings(document) if text == DECIDED and key in _STATED]
        yield from (
            Problem(file=shown, line=line_of(*each), message=f"{each[1]} is decided by a value: state it in the file")
            for each in hidden
        )
        if not hidden:
            yield from _of_document(shown, document, templates)


def _of_document(shown: str, document: Any, templates: Mapping[str, File]) -> Iterator[Problem]:
    spec = document
    for key in KINDS[str(document["kind"])]:
        spec = spec.get(key) or {}
    file = File(shown, shown, {"spec": spec})
    if "workflowTemplateRef" in spec:
        yield from started(file.problem, spec, templates)
    else:
        yield from workflow_calls.problems(file, templates)


def documents(shown: str, text: str) -> Iterator[Any]:
    """The YAML documents of ``text`` without its templating, each on its own lines. Raises Unreadable."""
    plain = blanked(text, go=shown.startswith("charts/"))
    at = 0
    for end in [*_END.finditer(plain), None]:
        part = plain[at : end.start() if end else None]
        if _KIND.search(part):
            yield _parsed(shown, "\n" * plain.count("\n", 0, at) + part)
        at = end.end() if end else at


def blanked(text: str, *, go: bool) -> str:
    """``text`` without actions of Go templates, or of Nunjucks; lines stay where they are."""
    if go:
        text = _QUOTED.sub(_held, text)
    actions = _GO if go else _NUNJUCKS
    # An action ends at its first end, whatever follows.
    action = f"(?>{actions.pattern})"
    written = re.compile(rf"(?<=\S)[ ]*{action}|{action}(?=[ ]*\S)", re.DOTALL)
    text = written.sub(lambda found: _value(found[0]), text)
    return actions.sub(lambda found: "\n" * found[0].count("\n"), text).replace(_HOLD, "")


def _held(found: re.Match[str]) -> str:
    mark = '"' if found[3] else ""
    return f"{mark}{_HOLD.join(found[1] or found[2] or '')}{mark}"


def _value(action: str) -> str:
    """What stands for an action beside other text of its line."""
    space = action[: len(action) - len(action.lstrip())]
    return f"{space}{DECIDED}" + "\n" * action.count("\n")


def _parsed(shown: str, text: str) -> Any:
    reader = YAML()
    # Both branches of a condition are here.
    reader.allow_duplicate_keys = True
    try:
        return reader.load(text)
    except YAMLError as error:
        raise no_yaml(shown, error) from None


def template_of(spec: Any, templates: Mapping[str, File]) -> File | None:
    """The template that a Workflow of ``spec`` is of; None where there is none."""
    reference = spec.get("workflowTemplateRef") or {}
    return templates.get(str(reference.get("name"))) if reference.get("clusterScope") else None


def started(
    say: Say, spec: Any, templates: Mapping[str, File], filled: Collection[int] | None = None
) -> Iterator[Problem]:
    """What is wrong with a Workflow of ``spec``, which names a template and gives it parameters.

    ``filled`` are positions of parameters that somebody fills in when it starts; with it, empty ones stay empty.
    """
    reference = spec.get("workflowTemplateRef") or {}
    template = template_of(spec, templates)
    if template is None:
        message = f"runs {reference.get('name')}, which is no template, or not of cluster scope"
        message += f": name one of {', '.join(sorted(templates))} with clusterScope: true"
        yield say(message, reference or spec, "name")
        return
    account = template.node["spec"].get("serviceAccountName")
    if account and spec.get("serviceAccountName") not in (account, DECIDED):
        yield say(f"template {template.stem} runs as {account}: write it", spec, "serviceAccountName")
    given = list((spec.get("arguments") or {}).get("parameters") or ())
    wanted = taken(template)
    for index, each in enumerate(given):
        if each.get("name") not in wanted:
            message = f"gives {each.get('name')}, which {template.stem} doesn't take"
            yield say(f"{message}: name one of {', '.join(wanted)}", each, None)
        elif filled is not None and not each.get("value") and index not in filled:
            yield say(f"parameter {each['name']} stays empty: give it a value, or fill it in by parameters", each, None)
        else:
            yield from (
                say(f"parameter {said}", each, None) for said in workflow_calls.ill_given(each, wanted[each["name"]])
            )
    for name in sorted(workflow_calls.required(wanted) - {each.get("name") for each in given}):
        yield say(f"lacks parameter {name} of {template.stem}: add it to arguments", spec, "arguments")
    yield from _variables(say, spec, template)


def taken(template: File) -> dict[str, Any]:
    """Parameters of whoever starts ``template``: its own, and those of the entry point."""
    entry = template.templates.get(str(template.node["spec"].get("entrypoint")))
    return (entry.declared("inputs", "parameters") if entry else {}) | template.parameters


def _variables(say: Say, spec: Any, template: File) -> Iterator[Problem]:
    for parent, key, text in strings(spec, None, spec):
        for name in names(text, key):
            if not of_workflow(name, template.parameters):
                yield say(workflow_calls.nothing(name), parent, key)

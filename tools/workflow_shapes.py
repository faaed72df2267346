"""Which keys a workflow template may have, and of what kind they are: what the checks don't know, they refuse.

The API server would drop a key that isn't one, and what a template may have beyond these (init containers, sidecars,
values from Secrets, patches of pods) would go past the rules of ``workflow_rules``. Keys: Argo Workflows documentation,
"Field Reference".
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.workflow_files import File, Problem
from tools.yaml_shapes import ANY_NAME, Of, Shape, built, leaves
from tools.yaml_shapes import unknown as keys

HERE = "tools/workflow_shapes.py"


_PARAMETER: Shape = leaves("name", "description", "value", "default", "enum") | {
    "valueFrom": leaves("path", "parameter", "expression", "default")
}
_ARTIFACT: Shape = leaves("name", "path", "from", "fromExpression", "optional") | {
    "s3": leaves("key"),
    "archive": {"none": {}},
}
_VALUES: Shape = {"parameters": Of(_PARAMETER), "artifacts": Of(_ARTIFACT)}
_REFERENCE: Shape = leaves("name", "template", "clusterScope")
_HOOK: dict[str, Shape] = leaves("template", "expression") | {"templateRef": _REFERENCE, "arguments": _VALUES}
_CALL: Shape = leaves("name", "template", "depends", "dependencies", "when", "withItems", "withParam") | {
    "templateRef": _REFERENCE,
    "arguments": _VALUES,
    "withSequence": leaves("count", "start", "end", "format"),
    "hooks": {ANY_NAME: _HOOK},
}
_MOUNT: Shape = leaves("name", "mountPath", "readOnly", "subPath")
_CONTAINER: dict[str, Shape] = leaves("name", "image", "command", "args", "source", "dependencies", "workingDir") | {
    "env": Of(leaves("name", "value")),
    "resources": {"requests": leaves("cpu", "memory"), "limits": leaves("cpu", "memory")},
    "securityContext": leaves("allowPrivilegeEscalation", "readOnlyRootFilesystem") | {"capabilities": leaves("drop")},
    "volumeMounts": Of(_MOUNT),
}
_VOLUME: Shape = {
    "name": None,
    "emptyDir": leaves("sizeLimit"),
    "secret": leaves("secretName", "optional"),
}
_TEMPLATE: Shape = leaves("name", "serviceAccountName", "activeDeadlineSeconds") | {
    "inputs": _VALUES,
    "outputs": _VALUES,
    "retryStrategy": leaves("limit", "retryPolicy", "expression")
    | {"backoff": leaves("duration", "factor", "maxDuration")},
    "securityContext": leaves("runAsNonRoot", "runAsUser", "runAsGroup", "fsGroup")
    | {"seccompProfile": leaves("type")},
    "synchronization": {"mutexes": Of(leaves("name"))},
    "volumes": Of(_VOLUME),
    "suspend": leaves("duration"),
    "dag": {"tasks": Of(_CALL)},
    "steps": Of(Of(_CALL)),
    "container": _CONTAINER,
    "script": _CONTAINER,
    "containerSet": {"containers": Of(_CONTAINER), "volumeMounts": Of(_MOUNT)},
}
_FILE: Shape = leaves("apiVersion", "kind") | {
    "metadata": {"name": None, "annotations": {ANY_NAME: None}, "labels": {ANY_NAME: None}},
    "spec": leaves("entrypoint", "serviceAccountName", "activeDeadlineSeconds", "archiveLogs", "onExit")
    | {"arguments": _VALUES, "hooks": {ANY_NAME: _HOOK}, "templates": Of(_TEMPLATE)},
}
_KINDS = ("suspend", "dag", "steps", "container", "script", "containerSet")


def broken(file: File) -> list[Problem]:
    """Where ``file`` isn't built as a template is, so that no other rule can read it."""
    found = [*built(file.problem, file.node, _FILE, "the file")]
    if found:
        return found
    if "name" not in file.node.get("metadata", {}):
        return [file.problem("metadata.name is missing: write it", file.node, "metadata")]
    return []


def unknown(file: File) -> Iterator[Problem]:
    """Keys that no rule looks at, and templates that do nothing or two things."""
    yield from keys(file.problem, file.node, _FILE, "the file", HERE)
    for template in file.templates.values():
        kinds = [kind for kind in _KINDS if kind in template.node]
        if len(kinds) != 1:
            said = f"template {template.name} is {' and '.join(kinds) or 'nothing'}: write one of {', '.join(_KINDS)}"
            yield file.problem(said, template.node)

"""Which keys a workflow template may have, and of what kind they are: what the checks don't know, they refuse.

The API server would drop a key that isn't one, and what a template may have beyond these (init containers, sidecars,
values from Secrets, patches of pods) would go past the rules of ``workflow_rules``. Keys: Argo Workflows documentation,
"Field Reference".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from tools.workflow_files import File, Problem

HERE = "tools/workflow_shapes.py"


@dataclass(frozen=True)
class Of:
    """A list whose entries have a shape."""

    entry: Shape


# None: a scalar, or a list of scalars. A map of keys, and what is below each.
Shape: TypeAlias = Of | Mapping[str, Any] | None


def _leaves(*names: str) -> dict[str, Shape]:
    return dict.fromkeys(names)


_PARAMETER: Shape = _leaves("name", "description", "value", "default", "enum") | {
    "valueFrom": _leaves("path", "parameter", "expression", "default")
}
_ARTIFACT: Shape = _leaves("name", "path", "from", "fromExpression", "optional") | {
    "s3": _leaves("key"),
    "archive": {"none": {}},
}
_VALUES: Shape = {"parameters": Of(_PARAMETER), "artifacts": Of(_ARTIFACT)}
_REFERENCE: Shape = _leaves("name", "template", "clusterScope")
_HOOK: dict[str, Shape] = _leaves("template", "expression") | {"templateRef": _REFERENCE, "arguments": _VALUES}
# Hooks have names of the author's.
_ANY_NAME = "*"
_CALL: Shape = _leaves("name", "template", "depends", "dependencies", "when", "withItems", "withParam") | {
    "templateRef": _REFERENCE,
    "arguments": _VALUES,
    "withSequence": _leaves("count", "start", "end", "format"),
    "hooks": {_ANY_NAME: _HOOK},
}
_MOUNT: Shape = _leaves("name", "mountPath", "readOnly", "subPath")
_CONTAINER: dict[str, Shape] = _leaves("name", "image", "command", "args", "source", "dependencies", "workingDir") | {
    "env": Of(_leaves("name", "value")),
    "resources": {"requests": _leaves("cpu", "memory"), "limits": _leaves("cpu", "memory")},
    "securityContext": _leaves("allowPrivilegeEscalation", "readOnlyRootFilesystem")
    | {"capabilities": _leaves("drop")},
    "volumeMounts": Of(_MOUNT),
}
_VOLUME: Shape = {
    "name": None,
    "emptyDir": _leaves("sizeLimit"),
    "secret": _leaves("secretName", "optional"),
}
_TEMPLATE: Shape = _leaves("name", "serviceAccountName", "activeDeadlineSeconds") | {
    "inputs": _VALUES,
    "outputs": _VALUES,
    "retryStrategy": _leaves("limit", "retryPolicy", "expression")
    | {"backoff": _leaves("duration", "factor", "maxDuration")},
    "securityContext": _leaves("runAsNonRoot", "runAsUser", "runAsGroup", "fsGroup")
    | {"seccompProfile": _leaves("type")},
    "synchronization": {"mutexes": Of(_leaves("name"))},
    "volumes": Of(_VOLUME),
    "suspend": _leaves("duration"),
    "dag": {"tasks": Of(_CALL)},
    "steps": Of(Of(_CALL)),
    "container": _CONTAINER,
    "script": _CONTAINER,
    "containerSet": {"containers": Of(_CONTAINER), "volumeMounts": Of(_MOUNT)},
}
_FILE: Shape = _leaves("apiVersion", "kind") | {
    "metadata": {"name": None, "annotations": {_ANY_NAME: None}, "labels": {_ANY_NAME: None}},
    "spec": _leaves("entrypoint", "serviceAccountName", "activeDeadlineSeconds", "archiveLogs", "onExit")
    | {"arguments": _VALUES, "hooks": {_ANY_NAME: _HOOK}, "templates": Of(_TEMPLATE)},
}
_KINDS = ("suspend", "dag", "steps", "container", "script", "containerSet")


def broken(file: File) -> list[Problem]:
    """Where ``file`` isn't built as a template is, so that no other rule can read it."""
    found = [*_built(file, file.node, _FILE, "the file")]
    if found:
        return found
    if "name" not in file.node.get("metadata", {}):
        return [file.problem("metadata.name is missing: write it", file.node, "metadata")]
    return []


def unknown(file: File) -> Iterator[Problem]:
    """Keys that no rule looks at, and templates that do nothing or two things."""
    yield from _keys(file, file.node, _FILE, "the file")
    for template in file.templates.values():
        kinds = [kind for kind in _KINDS if kind in template.node]
        if len(kinds) != 1:
            said = f"template {template.name} is {' and '.join(kinds) or 'nothing'}: write one of {', '.join(_KINDS)}"
            yield file.problem(said, template.node)


def _below(shape: Mapping[str, Shape], key: Any) -> Shape:
    return shape[key] if key in shape else shape.get(_ANY_NAME)


def _known(shape: Mapping[str, Shape], key: Any) -> bool:
    return key in shape or _ANY_NAME in shape


def _built(file: File, node: Any, shape: Shape, name: str, parent: Any = None, key: Any = None) -> Iterator[Problem]:
    if isinstance(shape, Of):
        if not isinstance(node, list):
            yield file.problem(f"{name} is no list: write its entries with dashes", parent, key)
            return
        for index, each in enumerate(node):
            yield from _built(file, each, shape.entry, f"an entry of {name}", node, index)
    elif shape is not None:
        if not isinstance(node, Mapping):
            wanted = ", ".join(each for each in shape if each != _ANY_NAME) or "names"
            yield file.problem(f"{name} is no map: write keys of {wanted}", parent, key)
            return
        for inner in node:
            if _known(shape, inner):
                yield from _built(file, node[inner], _below(shape, inner), str(inner), node, inner)


def _keys(file: File, node: Any, shape: Shape, name: str) -> Iterator[Problem]:
    if isinstance(shape, Of):
        for each in node:
            yield from _keys(file, each, shape.entry, name)
    elif shape is not None:
        for key in node:
            if _known(shape, key):
                yield from _keys(file, node[key], _below(shape, key), str(key))
            else:
                said = f"{name} has {key}, which no rule looks at: leave it out, or add it and its rule to {HERE}"
                yield file.problem(said, node, key)

"""Which keys a file of ``sensors/`` may have. Keys: Argo Events documentation, "API reference", Sensor."""

from __future__ import annotations

from typing import Any

from tools.yaml_shapes import ANY_NAME, Of, Say, Shape, built, leaves, unknown

HERE = "tools/sensor_shapes.py"
_RETRIES: Shape = leaves("steps", "duration", "factor", "jitter")
_DEPENDENCY: Shape = leaves("name", "eventSourceName", "eventName") | {
    "filters": {"data": Of(leaves("path", "type", "value", "comparator", "template"))}
}
_PARAMETERS: Shape = Of(
    leaves("dest", "operation") | {"src": leaves("dependencyName", "dataKey", "dataTemplate", "value")},
)
_METADATA: Shape = leaves("name", "generateName", "namespace") | {"labels": {ANY_NAME: None}}
_WORKFLOW: Shape = leaves("apiVersion", "kind") | {
    "metadata": _METADATA,
    "spec": leaves("serviceAccountName")
    | {
        "workflowTemplateRef": leaves("name", "clusterScope"),
        "arguments": {"parameters": Of(leaves("name", "value"))},
    },
}
_LETTER: Shape = leaves("apiVersion", "kind") | {"metadata": _METADATA, "data": {ANY_NAME: None}}


def _trigger(resource: Shape, *more: str) -> dict[str, Any]:
    k8s = {"operation": None, "source": {"resource": resource}, "parameters": _PARAMETERS}
    return leaves("atLeastOnce") | {
        "template": leaves("name", "conditions") | {"k8s": k8s},
        "retryStrategy": _RETRIES,
        **leaves(*more),
    }


_FILE: Shape = leaves("apiVersion", "kind") | {
    "metadata": leaves("name"),
    "spec": {
        "template": leaves("serviceAccountName"),
        "dependencies": Of(_DEPENDENCY),
        "triggers": Of(
            _trigger(_WORKFLOW) | {"rateLimit": leaves("unit", "requestsPerUnit"), "dlqTrigger": _trigger(_LETTER)}
        ),
    },
}
# What the other rules read without asking whether it is there.
_NEEDED = (
    ("metadata", "name"),
    ("spec", "dependencies"),
    ("spec", "triggers", 0, "template", "k8s", "source", "resource", "metadata"),
    ("spec", "triggers", 0, "template", "k8s", "source", "resource", "spec"),
    ("spec", "triggers", 0, "template", "k8s", "parameters"),
)
_NEEDED_OF_LETTERS = (
    ("template", "k8s", "source", "resource", "metadata"),
    ("template", "k8s", "source", "resource", "data"),
    ("template", "k8s", "parameters"),
)


def broken(say: Say, node: Any) -> list[Any]:
    """Where the file isn't built as a sensor of one trigger is, so that no other rule can read it."""
    found = [*built(say, node, _FILE, "the file")]
    if found:
        return found
    found = [each for path in _NEEDED if (each := _missing(say, node, path))]
    letter = ((node.get("spec") or {}).get("triggers") or [{}])[0].get("dlqTrigger")
    if not found and letter:
        found = [each for path in _NEEDED_OF_LETTERS if (each := _missing(say, letter, path))]
    if not found and len(node["spec"]["triggers"]) != 1:
        found = [say("needs one trigger: write another file for another one", node["spec"], "triggers")]
    return found[:1]


def _missing(say: Say, node: Any, path: tuple[str | int, ...]) -> Any:
    for index, part in enumerate(path):
        if isinstance(part, int):
            if len(node) <= part:
                return say(f"{path[index - 1]} is empty: write an entry", node, None)
        elif part not in node:
            return say(f"{part} is missing: write it", node, None)
        node = node[part]
    return None


def keys(say: Say, node: Any) -> list[Any]:
    """Keys that no rule looks at."""
    return [*unknown(say, node, _FILE, "the file", HERE)]

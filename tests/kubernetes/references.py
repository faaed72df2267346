"""What a manifest names in the cluster, by the shapes in which Kubernetes and its extensions refer to objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.guardrails.objects import WITHOUT_NAMESPACE, Made

KEYS = {
    "eventBusName": "EventBus",
    "ingressClassName": "IngressClass",
    "priorityClassName": "PriorityClass",
    "secretName": "Secret",
    "serviceAccountName": "ServiceAccount",
    "storageClassName": "StorageClass",
}
PAIRS = {
    ("configMap", "name"): "ConfigMap",
    ("configMapKeyRef", "name"): "ConfigMap",
    ("configMapRef", "name"): "ConfigMap",
    ("imagePullSecrets", "name"): "Secret",
    ("secretKeyRef", "name"): "Secret",
    ("secretRef", "name"): "Secret",
    ("webhookSecret", "name"): "Secret",
}
# Both use the bus of this name where they name none (Argo Events documentation, "EventBus").
ON_A_BUS = ("EventSource", "Sensor")


def references(manifest: Mapping[str, Any], namespace: str) -> Iterator[Made]:
    """The objects that ``manifest`` names; ``namespace`` is the release's."""
    home = str(manifest.get("metadata", {}).get("namespace", namespace))
    spec = manifest.get("spec") or {}
    if manifest["kind"] in ON_A_BUS and "eventBusName" not in spec:
        yield Made("EventBus", home, "default")
    body = {key: value for key, value in manifest.items() if key not in ("metadata", "kind", "apiVersion")}
    # A certificate's Secret is what it makes.
    if manifest["kind"] == "Certificate":
        body = {"spec": {key: value for key, value in spec.items() if key != "secretName"}}
    for kind, place, name in _named(body, home):
        yield Made(kind, "" if kind in WITHOUT_NAMESPACE else place, name)


def makes(manifest: Mapping[str, Any], namespace: str) -> Iterator[Made]:
    """The object, and the Secret that its controller makes of it."""
    kind, metadata = manifest["kind"], manifest["metadata"]
    home = metadata.get("namespace", namespace)
    yield Made(kind, "" if kind in WITHOUT_NAMESPACE else home, metadata["name"])
    if kind == "Certificate":
        yield Made("Secret", home, manifest["spec"]["secretName"])
    if kind == "ExternalSecret":
        yield Made("Secret", home, manifest["spec"]["target"]["name"])


def _named(value: Any, home: str, parent: str = "") -> Iterator[tuple[str, str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _named(item, home, parent)
    elif isinstance(value, Mapping):
        name = value.get("name")
        if isinstance(value.get("kind"), str) and isinstance(name, str) and _refers(parent):
            yield value["kind"], str(value.get("namespace", home)), name
        for key, item in value.items():
            kind = KEYS.get(key) or PAIRS.get((parent, key))
            if kind and isinstance(item, str) and item:
                yield kind, home, item
            yield from _named(item, home, key)


def _refers(key: str) -> bool:
    return key.endswith("Ref") or key in ("subjects", "parameters")

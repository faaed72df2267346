"""What a manifest names is seen, by each shape."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.guardrails.objects import Made
from tests.kubernetes.references import makes, references

POD = {"volumes": [{"configMap": {"name": "a"}}, {"secret": {"secretName": "b"}}], "serviceAccountName": "c"}
ENVIRONMENT = [{"valueFrom": {"secretKeyRef": {"name": "d", "key": "k"}}}, {"valueFrom": {"fieldRef": {"name": "x"}}}]
BINDING = {
    "roleRef": {"kind": "ClusterRole", "name": "e"},
    "subjects": [{"kind": "ServiceAccount", "name": "f", "namespace": "there"}],
}


def manifest(kind: str, **body: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "thing", "namespace": "here"}, **body}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            manifest("Deployment", spec={"template": {"spec": POD}}),
            {("ConfigMap", "here", "a"), ("Secret", "here", "b"), ("ServiceAccount", "here", "c")},
        ),
        (manifest("Pod", spec={"containers": [{"env": ENVIRONMENT}]}), {("Secret", "here", "d")}),
        (manifest("RoleBinding", **BINDING), {("ClusterRole", "", "e"), ("ServiceAccount", "there", "f")}),
        (manifest("Sensor", spec={}), {("EventBus", "here", "default")}),
        (manifest("Sensor", spec={"eventBusName": "own"}), {("EventBus", "here", "own")}),
        (
            manifest("ExternalSecret", spec={"secretStoreRef": {"kind": "ClusterSecretStore", "name": "s"}}),
            {("ClusterSecretStore", "", "s")},
        ),
        (
            manifest("Certificate", spec={"secretName": "made", "issuerRef": {"kind": "Issuer", "name": "i"}}),
            {("Issuer", "here", "i")},
        ),
    ],
    ids=["pod", "environment", "binding", "sensor", "sensor-with-a-bus", "external-secret", "certificate"],
)
def test_what_is_named_is_seen(given: dict[str, Any], expected: set[tuple[str, str, str]]) -> None:
    assert set(references(given, "release")) == {Made(*each) for each in expected}


def test_a_controllers_secret_is_made_with_its_object() -> None:
    given = manifest("ExternalSecret", spec={"target": {"name": "t"}})
    assert set(makes(given, "release")) == {Made("ExternalSecret", "here", "thing"), Made("Secret", "here", "t")}

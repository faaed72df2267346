"""Offline schemas become structural ones, and definitions that are waited for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.crds import Custom, structural, structural_root
from tests.kubernetes.kinds import plural

OPEN = "x-kubernetes-preserve-unknown-fields"


def test_a_closed_object_names_its_fields_and_no_others() -> None:
    schema = {"type": "object", "additionalProperties": False, "properties": {"a": {"type": "string"}}}
    assert structural(schema) == {"type": "object", "properties": {"a": {"type": "string"}}}


def test_an_object_that_says_nothing_of_its_fields_keeps_them() -> None:
    assert structural({"type": "object"}) == {"type": "object", OPEN: True}


def test_a_map_keeps_the_schema_of_its_values() -> None:
    schema = {"type": "object", "additionalProperties": {"type": "object"}}
    assert structural(schema)["additionalProperties"] == {"type": "object", OPEN: True}


def test_a_number_or_text_stays_one() -> None:
    schema = {"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": True}
    assert structural(schema) == schema


def test_metadata_is_left_to_the_api_server() -> None:
    assert structural_root({"type": "object", "properties": {"metadata": {"properties": {}}}})["properties"] == {
        "metadata": {"type": "object"}
    }


@pytest.mark.parametrize(
    ("kind", "name"),
    [("NodePool", "nodepools"), ("EC2NodeClass", "ec2nodeclasses"), ("Policy", "policies"), ("EventBus", "eventbus")],
)
def test_plurals_are_the_projects_own(kind: str, name: str) -> None:
    assert plural(kind) == name


def test_scope_and_status_follow_the_kind_and_its_schema() -> None:
    schema = {"properties": {"spec": {"type": "object"}, "status": {"type": "object"}}}
    pool = Custom("karpenter.sh", "NodePool", "v1", schema).definition()["spec"]
    assert pool["scope"] == "Cluster"
    assert pool["versions"][0]["subresources"] == {"status": {}}
    issuer = Custom("cert-manager.io", "Issuer", "v1", {"properties": {}}).definition()["spec"]
    assert issuer["scope"] == "Namespaced"
    assert "subresources" not in issuer["versions"][0]


def busy(monkeypatch: pytest.MonkeyPatch, *said: str) -> Cluster:
    """A cluster whose kubectl fails with each of ``said`` in turn, and not where that is empty."""
    answers = iter(said)

    def kubectl(*_arguments: str) -> str:
        if answer := next(answers):
            raise Refused(answer)
        return ""

    monkeypatch.setattr(Cluster, "kubectl", kubectl)
    return Cluster(kubeconfig=Path(), cache=Path())


def test_a_definition_without_conditions_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "error: .status.conditions accessor error: <nil> is of the type <nil>, expected []interface{}"
    cluster = busy(monkeypatch, said, "")
    assert not crds._established(cluster, ["customresourcedefinition/x"])
    assert crds._established(cluster, ["customresourcedefinition/x"])


def test_another_failure_of_the_wait_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = busy(monkeypatch, "error: timed out waiting for the condition")
    with pytest.raises(Refused, match="timed out"):
        crds._established(cluster, ["customresourcedefinition/x"])

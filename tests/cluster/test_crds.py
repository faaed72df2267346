"""The custom resource definitions of the tests: the API server takes each, and it refuses what the schema refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster, Refused

pytestmark = pytest.mark.cluster

NODE_POOL: dict[str, Any] = {
    "apiVersion": "karpenter.sh/v1",
    "kind": "NodePool",
    "metadata": {"name": "probe"},
    "spec": {
        "template": {
            "spec": {
                "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "probe"},
                "requirements": [{"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]}],
            }
        }
    },
}


@pytest.mark.soak
def test_every_offline_schema_becomes_a_definition(cluster: Cluster) -> None:
    crds.install(cluster, crds.groups())
    served = set(cluster.names("customresourcedefinitions"))
    assert served >= {each.name for each in crds.custom_resources(crds.groups())}


def test_a_definition_keeps_unknown_fields_out(cluster: Cluster) -> None:
    crds.install(cluster, ["karpenter.sh"])
    cluster.try_out(NODE_POOL)
    with pytest.raises(Refused, match='unknown field "spec.templates"'):
        cluster.try_out({**NODE_POOL, "spec": {**NODE_POOL["spec"], "templates": {}}})


def test_an_open_schema_takes_any_field(cluster: Cluster) -> None:
    crds.install(cluster, ["argoproj.io/EventBus"])
    cluster.try_out(
        {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "EventBus",
            "metadata": {"name": "default", "namespace": "default"},
            "spec": {"jetstream": {"replicas": 3}},
        }
    )

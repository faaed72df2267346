"""Nodes as objects have the size that the capacity calculator computes."""

from __future__ import annotations

from config.capacity import INSTANCE_TYPES
from tests.kubernetes.nodes import Shape, system_group
from tests.synth import StackJson

GROUP = {
    "instance_types": ["t3a.large", "t3a.medium"],
    "labels": {"platform/pool": "system"},
    "node_group_name": "system-t3a",
    "scaling_config": {"min_size": 2, "desired_size": 3},
    "taint": [{"key": "CriticalAddonsOnly", "value": "true", "effect": "NO_SCHEDULE"}],
}
STACK = StackJson(
    "idp-cluster-eks",
    {
        "locals": {"system_user_data": "[settings.kubernetes]\nmax-pods = 29\n"},
        "resource": {"aws_eks_node_group": {"system": GROUP}},
    },
)


def test_a_node_offers_what_the_calculator_leaves_for_pods() -> None:
    node = Shape(pool="a", instance_type="t3a.medium", max_pods=29).node("a-0", "z")
    kind = INSTANCE_TYPES["t3a.medium"]
    assert node["status"]["allocatable"] == {
        "cpu": f"{kind.allocatable_cpu}m",
        "memory": f"{kind.allocatable_mib(29)}Mi",
        "pods": "29",
    }


def test_nodes_are_dealt_out_over_the_zones() -> None:
    nodes = Shape(pool="a", instance_type="t3a.medium", max_pods=29).nodes(["x", "y"], 3)
    assert [node["metadata"]["labels"]["topology.kubernetes.io/zone"] for node in nodes] == ["x", "y", "x"]


def test_the_system_group_is_read_from_its_stack_by_its_smallest_type() -> None:
    group = system_group(STACK)
    assert (group.count, group.shape.instance_type, group.shape.max_pods) == (3, "t3a.medium", 29)
    assert group.shape.taints == [{"key": "CriticalAddonsOnly", "value": "true", "effect": "NoSchedule"}]

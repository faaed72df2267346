"""Tests of the cluster stack's JSON: who reaches whom by network, and who gets in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.deployment import Deployment
from stacks.cluster.eks import EksStack
from tests.closed import NOTHING_LEAVES
from tests.synth import StackJson, Synth

Make = Callable[..., StackJson]
PRIVATE = {"deployment:eks:endpointAccess": "private_only", "deployment:eks:publicAccessCidrs": None}


@pytest.fixture(scope="module")
def stack(shipped: Synth) -> StackJson:
    return shipped.stack("idp-cluster-eks")


@pytest.fixture
def eks_with(synth_stack: Make, deployment_with: Callable[..., Deployment]) -> Make:
    return lambda changes: synth_stack(EksStack, deployment_with(changes))


def ports(stack: StackJson, direction: str, group: str, other: str) -> set[int | str]:
    """Ports of the rules of ``group`` that name ``other``; all of them is ``all``."""
    return {
        rule.get("from_port", "all")
        for rule in stack.of_type(f"aws_vpc_security_group_{direction}_rule").values()
        if group in rule["security_group_id"] and other in rule.get("referenced_security_group_id", "")
    }


def test_a_node_has_one_security_group_which_karpenter_finds(stack: StackJson) -> None:
    template = stack.resource("aws_launch_template.system")
    assert template["vpc_security_group_ids"] == ["${aws_security_group.nodes.id}"]
    assert stack.resource("aws_security_group.nodes")["tags"]["karpenter.sh/discovery"] == "idp-platform"
    assert "karpenter.sh/discovery" not in stack.resource("aws_security_group.control_plane")["tags"]


@pytest.mark.proves("1.2.5")
def test_control_plane_and_nodes_meet_on_declared_ports(stack: StackJson) -> None:
    control_plane, nodes = "aws_security_group.control_plane.", "aws_security_group.nodes."
    assert ports(stack, "ingress", control_plane, nodes) == {443}
    assert ports(stack, "ingress", nodes, control_plane) == {443, 9443, 10250, 10251}
    assert ports(stack, "egress", control_plane, nodes) == {443, 9443, 10250, 10251}
    assert ports(stack, "ingress", nodes, nodes) == ports(stack, "egress", nodes, nodes) == {"all"}


@pytest.mark.proves("1.2.5", "7.2.6")
def test_nodes_reach_the_database_on_its_port_only(stack: StackJson) -> None:
    database = "outputs.database_security_group_id"
    assert ports(stack, "ingress", database, "aws_security_group.nodes.") == {5432}
    assert ports(stack, "egress", "aws_security_group.nodes.", database) == {5432}


@pytest.mark.proves("1.3.1")
def test_nothing_outside_the_vpc_gets_in(stack: StackJson) -> None:
    rules = stack.of_type("aws_vpc_security_group_ingress_rule").values()
    assert all("referenced_security_group_id" in rule for rule in rules)


def test_without_nat_nodes_reach_s3_and_no_other_address_outside(eks_with: Make) -> None:
    private = eks_with(NOTHING_LEAVES | PRIVATE)
    rules = private.of_type("aws_vpc_security_group_egress_rule")
    assert {rule["cidr_ipv4"] for rule in rules.values() if "cidr_ipv4" in rule} == {"10.100.0.0/16"}
    assert "outputs.s3_prefix_list_id" in rules["nodes_to_s3"]["prefix_list_id"]


def test_the_access_host_reaches_the_api_where_there_is_one(stack: StackJson, eks_with: Make) -> None:
    name = "access_host_to_api"
    assert name not in stack.of_type("aws_vpc_security_group_ingress_rule")
    rule = eks_with({"deployment:vpc:accessHost": True}).resource(f"aws_vpc_security_group_ingress_rule.{name}")
    assert rule["from_port"] == rule["to_port"] == 443
    assert 'access_host_security_group_ids["access-host"]' in rule["referenced_security_group_id"]


@pytest.mark.proves("7.2.2", "7.3.1", "7.3.2")
def test_access_is_by_declared_role_and_no_wider_than_its_part(stack: StackJson) -> None:
    policies = {
        name: association["policy_arn"].rsplit("/", 1)[-1]
        for name, association in stack.of_type("aws_eks_access_policy_association").items()
    }
    access = {
        name: (policies.get(name), tuple(entry.get("kubernetes_groups", ())))
        for name, entry in stack.of_type("aws_eks_access_entry").items()
    }
    assert access == {
        "admin": ("AmazonEKSClusterAdminPolicy", ()),
        "administrator_admin": ("AmazonEKSClusterAdminPolicy", ()),
        "deployer": ("AmazonEKSClusterAdminPolicy", ()),
        "operator": (None, ("idp:operators",)),
        "planner": ("AmazonEKSAdminViewPolicy", ()),
        "viewer": (None, ("idp:viewers",)),
    }


def test_an_access_policy_waits_for_its_entry(stack: StackJson) -> None:
    for name, association in stack.of_type("aws_eks_access_policy_association").items():
        assert association["principal_arn"] == f"${{aws_eks_access_entry.{name}.principal_arn}}"


@pytest.mark.proves("8.2.1")
def test_a_declared_person_keeps_the_whole_arn(stack: StackJson) -> None:
    entry = stack.resource("aws_eks_access_entry.administrator_admin")
    assert "role/aws-reserved/sso.amazonaws.com/us-west-2/" in entry["principal_arn"]
    assert entry["user_name"] == "people:admin:{{SessionName}}"

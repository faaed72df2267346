"""Tests of the cluster stack's JSON: the control plane, and what can't change later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.guardrails.rules import RULES
from stacks.cluster.eks import EksStack
from tests.synth import StackJson, Synth

Make = Callable[..., StackJson]
PRIVATE = {"deployment:eks:endpointAccess": "private_only", "deployment:eks:publicAccessCidrs": None}


@pytest.fixture(scope="module")
def stack(shipped: Synth) -> StackJson:
    return shipped.stack("idp-cluster-eks")


@pytest.fixture(scope="module")
def cluster(stack: StackJson) -> Any:
    return stack.resource("aws_eks_cluster.cluster")


@pytest.fixture
def eks_with(synth_stack: Make, deployment_with: Callable[..., Deployment]) -> Make:
    return lambda changes: synth_stack(EksStack, deployment_with(changes))


def managed_policies(stack: StackJson, role: str) -> set[str]:
    """AWS managed policies of ``aws_iam_role.<role>``."""
    return {
        attachment["policy_arn"].rsplit("/", 1)[-1]
        for attachment in stack.of_type("aws_iam_role_policy_attachment").values()
        if attachment["role"] == f"${{aws_iam_role.{role}.name}}" and ":aws:policy/" in attachment["policy_arn"]
    }


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.id != "STK-2"], ids=lambda rule: rule.id)
def test_guardrails_hold(stack: StackJson, rule: Any) -> None:
    # STK-2 compares with the producers, which this single stack lacks.
    assert list(rule.check({stack.name: stack.document})) == []


def test_the_stack_holds_no_provider_but_aws(stack: StackJson) -> None:
    assert set(stack.document["provider"]) == {"aws"}
    assert set(stack.document["terraform"]["required_providers"]) == {"aws"}


def test_fields_that_force_a_new_cluster_are_as_deployed(cluster: Any) -> None:
    assert cluster["name"] == "idp-platform"
    assert cluster["role_arn"] == "${aws_iam_role.cluster.arn}"
    assert cluster["bootstrap_self_managed_addons"] is False
    assert cluster["access_config"] == {
        "authentication_mode": "API",
        "bootstrap_cluster_creator_admin_permissions": False,
    }
    assert cluster["kubernetes_network_config"] == {"ip_family": "ipv4", "service_ipv4_cidr": "172.20.0.0/16"}
    assert cluster["encryption_config"] == {
        "provider": {"key_arn": "${data.terraform_remote_state.foundation_data.outputs.eks_key_arn}"},
        "resources": ["secrets"],
    }


def test_the_cluster_is_kept_whatever_it_looks_like_after_an_import(cluster: Any) -> None:
    assert cluster["lifecycle"] == {
        "prevent_destroy": True,
        "ignore_changes": [
            "access_config[0].bootstrap_cluster_creator_admin_permissions",
            "bootstrap_self_managed_addons",
        ],
    }


def test_version_and_what_happens_at_its_end_are_stated(cluster: Any, eks_with: Make) -> None:
    assert (cluster["version"], cluster["upgrade_policy"]) == ("1.34", {"support_type": "EXTENDED"})
    standard = eks_with({"deployment:eks:supportType": "STANDARD"}).resource("aws_eks_cluster.cluster")
    assert standard["upgrade_policy"] == {"support_type": "STANDARD"}


@pytest.mark.proves("10.2.1", "10.2.1.2", "10.2.1.4", "10.2.1.5", "10.2.1.7")
def test_every_log_goes_to_a_group_that_was_there_before(cluster: Any, stack: StackJson) -> None:
    assert set(cluster["enabled_cluster_log_types"]) == {
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    }
    group = stack.resource("aws_cloudwatch_log_group.cluster")
    assert group["name"] == "/aws/eks/idp-platform/cluster"
    assert group["retention_in_days"] == 90
    assert "outputs.logs_key_arn" in group["kms_key_id"]
    assert "aws_cloudwatch_log_group.cluster" in cluster["depends_on"]


def test_the_control_plane_has_subnets_of_its_own(cluster: Any) -> None:
    subnets = cluster["vpc_config"]["subnet_ids"]
    assert len(subnets) == 3
    assert all("outputs.control_plane_subnet_ids[" in subnet for subnet in subnets)
    assert cluster["vpc_config"]["security_group_ids"] == ["${aws_security_group.control_plane.id}"]


def test_the_public_endpoint_admits_listed_ranges_beside_a_private_one(cluster: Any) -> None:
    assert cluster["vpc_config"]["endpoint_private_access"] is True
    assert cluster["vpc_config"]["endpoint_public_access"] is True
    assert cluster["vpc_config"]["public_access_cidrs"] == ["203.0.113.0/24"]


@pytest.mark.proves("1.3.1")
def test_a_private_cluster_has_no_public_endpoint(eks_with: Make) -> None:
    endpoint = eks_with(PRIVATE).resource("aws_eks_cluster.cluster")["vpc_config"]
    assert (endpoint["endpoint_private_access"], endpoint["endpoint_public_access"]) == (True, False)
    assert "public_access_cidrs" not in endpoint


@pytest.mark.parametrize("cidrs", [(), ("0.0.0.0/0",), ("203.0.113.0/24", "0.0.0.0/0")])
def test_a_public_endpoint_for_everyone_is_refused(
    synth_stack: Make, deployment_with: Callable[..., Deployment], cidrs: tuple[str, ...]
) -> None:
    deployment = deployment_with()
    eks = deployment.eks.model_copy(update={"public_access_cidrs": cidrs})
    with pytest.raises(ValueError, match="publicAccessCidrs"):
        synth_stack(EksStack, deployment.model_copy(update={"eks": eks}))


def test_the_cluster_role_has_the_one_policy_that_eks_needs(stack: StackJson) -> None:
    assert managed_policies(stack, "cluster") == {"AmazonEKSClusterPolicy"}
    (statement,) = stack.statements("cluster_trust")
    assert statement["principals"] == [{"type": "Service", "identifiers": ["eks.amazonaws.com"]}]


def test_later_stacks_find_cluster_and_nodes(stack: StackJson) -> None:
    assert stack.outputs["endpoint"] == "${aws_eks_cluster.cluster.endpoint}"
    assert stack.outputs["certificate_authority"] == "${aws_eks_cluster.cluster.certificate_authority[0].data}"
    own = "${aws_eks_cluster.cluster.vpc_config[0].cluster_security_group_id}"
    assert stack.outputs["cluster_security_group_id"] == own
    assert stack.outputs["node_security_group_id"] == "${aws_security_group.nodes.id}"
    assert stack.outputs["node_role_name"] == "${aws_iam_role.system_node.name}"

"""Tests of the cluster stack's JSON: add-ons before nodes, and what a node is."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.versions import ADDONS
from stacks.cluster.eks import EksStack
from tests.synth import StackJson, Synth

Make = Callable[..., StackJson]
FIRST_ADDONS = ("eks_pod_identity_agent", "kube_proxy", "vpc_cni")


@pytest.fixture(scope="module")
def stack(shipped: Synth) -> StackJson:
    return shipped.stack("idp-cluster-eks")


@pytest.fixture(scope="module")
def nodes(stack: StackJson) -> Any:
    return stack.resource("aws_eks_node_group.system")


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


def test_cluster_and_nodes_wait_for_the_policies_of_their_roles(nodes: Any, stack: StackJson) -> None:
    cluster = stack.resource("aws_eks_cluster.cluster")
    attachments = {
        f"aws_iam_role_policy_attachment.{name}"
        for name, attachment in stack.of_type("aws_iam_role_policy_attachment").items()
        if ":aws:policy/" in attachment["policy_arn"]
    }
    waited = {address for address in (*cluster["depends_on"], *nodes["depends_on"]) if "attachment" in address}
    assert waited == attachments


@pytest.mark.parametrize("addon", FIRST_ADDONS)
def test_what_nodes_need_first_is_there_before_them(nodes: Any, stack: StackJson, addon: str) -> None:
    assert f"aws_eks_addon.{addon}" in nodes["depends_on"]
    arguments = stack.resource(f"aws_eks_addon.{addon}")
    assert arguments["addon_version"] == ADDONS[arguments["addon_name"]]["1.34"]
    assert arguments["resolve_conflicts_on_create"] == arguments["resolve_conflicts_on_update"] == "OVERWRITE"
    assert not any("node_group" in address for address in arguments.get("depends_on", []))


def test_every_security_group_rule_is_there_before_the_nodes(nodes: Any, stack: StackJson) -> None:
    rules = {
        f"aws_vpc_security_group_{direction}_rule.{name}"
        for direction in ("ingress", "egress")
        for name in stack.of_type(f"aws_vpc_security_group_{direction}_rule")
    }
    assert rules <= set(nodes["depends_on"])


@pytest.mark.proves("1.3.1", "1.3.2")
def test_the_cni_enforces_network_policy_and_hands_out_prefixes(stack: StackJson) -> None:
    assert stack.document["locals"]["vpc_cni"] == {
        "enableNetworkPolicy": "true",
        "env": {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"},
    }
    assert stack.resource("aws_eks_addon.vpc_cni")["configuration_values"] == "${jsonencode(local.vpc_cni)}"


def test_the_cni_has_a_role_of_its_own_and_nodes_have_none_of_its_rights(stack: StackJson) -> None:
    cni = stack.resource("aws_eks_addon.vpc_cni")
    (association,) = cni["pod_identity_association"]
    assert association["service_account"] == "aws-node"
    assert 'outputs.workload_role_arns["vpc-cni-sa"]' in association["role_arn"]
    assert cni["depends_on"] == ["aws_eks_addon.eks_pod_identity_agent"]
    assert managed_policies(stack, "system_node") == {
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
    }


def test_nodes_may_pull_through_the_configured_caches_only(stack: StackJson, eks_with: Make) -> None:
    (statement,) = stack.statements("system_node")
    assert set(statement["actions"]) == {"ecr:BatchImportUpstreamImage", "ecr:CreateRepository"}
    assert "arn:aws:ecr:us-west-2:111122223333:repository/quay/*" in statement["resources"]
    assert not any(resource.endswith("repository/*") for resource in statement["resources"])
    without = eks_with({"deployment:shared:pullThroughCaches": []})
    assert not without.of_type("aws_iam_policy")


def test_system_nodes_are_on_demand_bottlerocket_in_private_subnets(nodes: Any) -> None:
    assert (nodes["ami_type"], nodes["capacity_type"]) == ("BOTTLEROCKET_x86_64", "ON_DEMAND")
    assert nodes["instance_types"] == ["t3a.medium"]
    assert len(nodes["subnet_ids"]) == 3
    assert all("outputs.private_subnet_ids[" in subnet for subnet in nodes["subnet_ids"])
    assert nodes["version"] == "${aws_eks_cluster.cluster.version}"


def test_the_size_of_the_system_group_is_configured_and_asserted(nodes: Any, eks_with: Make) -> None:
    assert nodes["scaling_config"] == {"min_size": 2, "desired_size": 3, "max_size": 4}
    assert "ignore_changes" not in nodes["lifecycle"]
    assert nodes["update_config"] == {"max_unavailable": 1}
    larger = eks_with({"deployment:eks:systemMinNodes": 3, "deployment:eks:systemMaxNodes": 6})
    scaling = larger.resource("aws_eks_node_group.system")["scaling_config"]
    assert scaling == {"min_size": 3, "desired_size": 3, "max_size": 6}


def test_only_critical_addons_run_on_system_nodes(nodes: Any) -> None:
    assert nodes["taint"] == [{"key": "CriticalAddonsOnly", "value": "true", "effect": "NO_SCHEDULE"}]
    assert nodes["labels"] == {"platform/pool": "system"}


def test_nodes_of_another_type_are_there_before_the_old_ones_go(nodes: Any, eks_with: Make) -> None:
    assert nodes["lifecycle"]["create_before_destroy"] is True
    other = eks_with({"deployment:eks:systemInstanceTypes": ["t3a.large"]}).resource("aws_eks_node_group.system")
    assert other["node_group_name"] != nodes["node_group_name"]


def test_max_pods_is_readable_in_the_launch_template(stack: StackJson) -> None:
    assert stack.resource("aws_launch_template.system")["user_data"] == "${base64encode(local.system_user_data)}"
    assert stack.document["locals"]["system_user_data"] == "[settings.kubernetes]\nmax-pods = 29\n"


@pytest.mark.proves("2.2.6")
def test_metadata_needs_a_token_and_stays_on_the_node(stack: StackJson) -> None:
    assert stack.resource("aws_launch_template.system")["metadata_options"] == {
        "http_endpoint": "enabled",
        "http_tokens": "required",
        "http_put_response_hop_limit": 1,
    }


@pytest.mark.proves("3.5.1")
def test_both_volumes_are_encrypted_gp3(stack: StackJson) -> None:
    volumes = {
        volume["device_name"]: volume["ebs"]
        for volume in stack.resource("aws_launch_template.system")["block_device_mappings"]
    }
    assert set(volumes) == {"/dev/xvda", "/dev/xvdb"}
    assert volumes["/dev/xvdb"]["volume_size"] == 40
    for volume in volumes.values():
        assert (volume["encrypted"], volume["volume_type"]) == ("true", "gp3")
        assert "outputs.ebs_key_arn" in volume["kms_key_id"]


def test_what_the_template_launches_carries_the_default_tags(stack: StackJson) -> None:
    (default,) = stack.document["provider"]["aws"][0]["default_tags"]
    specifications = stack.resource("aws_launch_template.system")["tag_specifications"]
    assert {one["resource_type"] for one in specifications} == {"instance", "network-interface", "volume"}
    for one in specifications:
        assert default["tags"].items() <= one["tags"].items()


@pytest.mark.proves("2.2.1", "2.2.4", "2.2.6")
def test_hardened_system_nodes_are_of_the_fips_variant_with_a_locked_kernel(shipped: Synth) -> None:
    stack = shipped.stack("idp-pci-cluster-eks")
    group = stack.resource("aws_eks_node_group.system")
    assert (group["ami_type"], group["instance_types"]) == ("BOTTLEROCKET_x86_64_FIPS", ["m6a.large"])
    data = tomllib.loads(stack.document["locals"]["system_user_data"])["settings"]
    assert data["kernel"]["lockdown"] == "integrity"
    assert data["host-containers"]["admin"] == {"enabled": False}
    assert data["kubernetes"]["max-pods"] == 58

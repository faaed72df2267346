"""cluster-karpenter: interruptions, node identity, order of the releases, pools."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.synth import StackJson, Synth

STACK = "idp-cluster-karpenter"


@pytest.fixture(scope="module")
def karpenter(shipped: Synth) -> StackJson:
    return shipped.stack(STACK)


@pytest.fixture(scope="module")
def pools(shipped: Synth) -> Any:
    return shipped.values(STACK, "node-pools")["pools"]


def test_every_kind_of_interruption_reaches_the_queue(karpenter: StackJson) -> None:
    patterns = [json.loads(rule["event_pattern"]) for rule in karpenter.of_type("aws_cloudwatch_event_rule").values()]
    assert {pattern["detail-type"][0] for pattern in patterns} == {
        "AWS Health Event",
        "EC2 Capacity Reservation Instance Interruption Warning",
        "EC2 Instance Rebalance Recommendation",
        "EC2 Instance State-change Notification",
        "EC2 Spot Instance Interruption Warning",
    }
    targets = karpenter.of_type("aws_cloudwatch_event_target")
    assert {target["arn"] for target in targets.values()} == {"${aws_sqs_queue.interruptions.arn}"}
    assert len(targets) == len(patterns)


def test_the_queue_is_encrypted_and_forgets_soon(karpenter: StackJson) -> None:
    queue = karpenter.resource("aws_sqs_queue.interruptions")
    assert queue["kms_master_key_id"].endswith("foundation_data.outputs.data_key_arn}")
    assert queue["message_retention_seconds"] == 300


def test_only_the_own_rules_send_and_nobody_without_tls(karpenter: StackJson) -> None:
    send, deny = karpenter.statements("interruptions")
    assert send["condition"][0]["values"] == ["arn:aws:events:us-west-2:111122223333:rule/idp-karpenter-*"]
    assert (deny["effect"], deny["condition"][0]["variable"]) == ("Deny", "aws:SecureTransport")


def test_nodes_join_by_an_access_entry(karpenter: StackJson) -> None:
    entry = karpenter.resource("aws_eks_access_entry.karpenter_node")
    assert (entry["type"], entry["principal_arn"]) == ("EC2_LINUX", "${aws_iam_role.karpenter_node.arn}")


def test_nodes_have_no_rights_of_the_cni(karpenter: StackJson) -> None:
    attached = karpenter.of_type("aws_iam_role_policy_attachment").values()
    assert not [each for each in attached if "CNI" in each["policy_arn"]]


def test_definitions_then_controller_then_pools(karpenter: StackJson) -> None:
    controller = karpenter.resource("helm_release.karpenter")
    assert controller["skip_crds"] is True
    assert "helm_release.karpenter_crd" in controller["depends_on"]
    assert karpenter.resource("helm_release.node_pools")["depends_on"] == ["helm_release.karpenter"]


def test_the_controller_waits_for_its_role_its_queue_and_its_nodes_identity(karpenter: StackJson) -> None:
    assert {
        "aws_eks_pod_identity_association.karpenter",
        "aws_sqs_queue_policy.interruptions",
        "aws_iam_instance_profile.karpenter_node",
        "aws_eks_access_entry.karpenter_node",
    } <= set(karpenter.resource("helm_release.karpenter")["depends_on"])


def test_removing_pools_may_take_as_long_as_their_drain(karpenter: StackJson, pools: Any) -> None:
    timeout = karpenter.resource("helm_release.node_pools")["timeout"]
    assert {pool["terminationGracePeriod"] for pool in pools} == {"1h"}
    assert timeout >= 3600 + 900
    assert karpenter.resource("helm_release.node_pools")["wait"] is True


def test_it_holds_no_kubernetes_provider_that_it_does_not_use(karpenter: StackJson) -> None:
    assert set(karpenter.document["provider"]) == {"aws", "helm"}


def test_definitions_outlive_their_release(shipped: Synth) -> None:
    kept = shipped.values(STACK, "karpenter-crd")["additionalAnnotations"]
    assert kept == {"helm.sh/resource-policy": "keep"}


def test_the_controller_runs_on_the_system_nodes(shipped: Synth) -> None:
    found = shipped.values(STACK, "karpenter")
    assert found["nodeSelector"] == {"platform/pool": "system"}
    assert found["settings"] == {
        "clusterName": "idp-platform",
        "interruptionQueue": "idp-karpenter",
        "isolatedVPC": False,
    }


def test_what_builds_images_has_nodes_of_its_own_which_alone_allow_user_namespaces(pools: Any) -> None:
    builds = pools[-1]
    assert (builds["name"], builds["taints"]) == (
        "builds",
        [{"key": "platform/pool", "value": "builds", "effect": "NoSchedule"}],
    )
    assert [pool["name"] for pool in pools if pool["userNamespaces"]] == ["builds"]


def test_the_platform_pool_is_for_the_platform_alone(pools: Any) -> None:
    platform, workloads, _ = pools
    assert platform["taints"] == [{"key": "platform/pool", "value": "platform", "effect": "NoSchedule"}]
    assert (platform["capacityTypes"], workloads["capacityTypes"]) == (["on-demand"], ["spot", "on-demand"])
    assert workloads["taints"] == []


def test_pools_are_bounded_and_shrink_only_when_empty(pools: Any) -> None:
    for pool in pools:
        assert int(pool["limits"]["nodes"]) >= 1
        assert (pool["consolidationPolicy"], pool["consolidateAfter"]) == ("WhenEmpty", "10m")
        assert pool["budgets"]
        assert pool["maxPods"] == 58


def test_the_image_is_a_release_and_not_the_latest(shipped: Synth) -> None:
    assert shipped.values(STACK, "node-pools")["amiAlias"].startswith("bottlerocket@v1.")


def test_hardened_pools_take_the_fips_image_by_its_parameter(shipped: Synth) -> None:
    """An alias of Karpenter's has no FIPS variant."""
    found = shipped.values("idp-pci-cluster-karpenter", "node-pools")
    assert "amiAlias" not in found
    for pool in found["pools"]:
        assert pool["amiParameter"].startswith("/aws/service/bottlerocket/aws-k8s-1.34-fips/x86_64/1.")
    assert found["settings"]["kernel"]["lockdown"] == "integrity"
    assert found["settings"]["host-containers"]["admin"] == {"enabled": False}
    assert "settings" not in shipped.values(STACK, "node-pools")


@pytest.mark.proves("2.2.3", "4.2.1")
def test_cardholder_workloads_have_a_pool_on_demand_of_types_that_encrypt_between_hosts(shipped: Synth) -> None:
    pools = shipped.values("idp-pci-cluster-karpenter", "node-pools")["pools"]
    assert {kind for pool in pools for kind in pool["instanceTypes"]} == {"m6a.large"}
    (pci,) = [pool for pool in pools if pool["name"] == "pci-workloads"]
    assert (pci["capacityTypes"], pci["labels"]["platform/pool"]) == (["on-demand"], "pci-workloads")
    assert pci["taints"] == [{"key": "pci-dss", "value": "true", "effect": "NoSchedule"}]

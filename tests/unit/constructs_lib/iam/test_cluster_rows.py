"""What the cluster's own workloads may do in AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from config.deployment import Deployment
from constructs_lib.iam.document import Statement
from constructs_lib.iam.rows.cluster import CLUSTER
from constructs_lib.iam.workloads import Workload
from constructs_lib.naming import naming_of
from constructs_lib.network.endpoints import services
from tests.closed import NOTHING_LEAVES

Build = Callable[..., Deployment]
ROWS = {row.name: row for row in CLUSTER}


def statements(row: Workload, deployment: Deployment) -> dict[str, Statement]:
    return {statement.sid: statement for statement in row.statements(naming_of(deployment), deployment)}


def variables(statement: Statement) -> set[str]:
    return {condition.variable for condition in statement.conditions}


def allowing(found: Iterable[Statement], action: str) -> list[Statement]:
    return [statement for statement in found if action in statement.actions]


@pytest.mark.parametrize("name", ROWS)
def test_no_statement_allows_all_actions_of_a_service(deployment_with: Build, name: str) -> None:
    actions = [a for s in statements(ROWS[name], deployment_with()).values() for a in s.actions]
    assert not [action for action in actions if action.endswith(":*")]


def test_karpenter_launches_only_what_carries_its_clusters_tags(deployment_with: Build) -> None:
    found = statements(ROWS["karpenter-sa"], deployment_with()).values()
    tagged = {"aws:RequestTag/kubernetes.io/cluster/idp-platform", "aws:ResourceTag/kubernetes.io/cluster/idp-platform"}
    for statement in allowing(found, "ec2:RunInstances"):
        makes = any(":instance/" in resource for resource in statement.resources)
        assert not makes or tagged & variables(statement)


def test_karpenter_removes_only_its_own_nodes(deployment_with: Build) -> None:
    (statement,) = allowing(statements(ROWS["karpenter-sa"], deployment_with()).values(), "ec2:TerminateInstances")
    assert variables(statement) == {
        "aws:ResourceTag/kubernetes.io/cluster/idp-platform",
        "aws:ResourceTag/karpenter.sh/nodepool",
    }


def test_karpenter_passes_the_node_role_to_ec2_and_no_other(deployment_with: Build) -> None:
    (statement,) = allowing(statements(ROWS["karpenter-sa"], deployment_with()).values(), "iam:PassRole")
    assert statement.resources == ("arn:aws:iam::111122223333:role/idp-karpenter-node",)
    assert variables(statement) == {"iam:PassedToService"}


def test_karpenter_makes_no_identities(deployment_with: Build) -> None:
    actions = {a for s in statements(ROWS["karpenter-sa"], deployment_with()).values() for a in s.actions}
    assert {a for a in actions if a.startswith("iam:")} == {
        "iam:GetInstanceProfile",
        "iam:ListInstanceProfiles",
        "iam:PassRole",
    }


def test_karpenter_reads_one_queue(deployment_with: Build) -> None:
    (statement,) = allowing(statements(ROWS["karpenter-sa"], deployment_with()).values(), "sqs:ReceiveMessage")
    assert statement.resources == ("arn:aws:sqs:us-west-2:111122223333:idp-karpenter",)


@pytest.mark.parametrize("name", ["karpenter-sa", "ebs-csi-sa"])
def test_keys_are_used_through_their_service_and_by_name(deployment_with: Build, name: str) -> None:
    found = statements(ROWS[name], deployment_with()).values()
    keys = [s for s in found if any(action.startswith("kms:") for action in s.actions)]
    assert keys
    assert all({"kms:ViaService", "kms:ResourceAliases"} <= variables(statement) for statement in keys)
    for statement in allowing(keys, "kms:CreateGrant"):
        assert "kms:GrantIsForAWSResource" in variables(statement)


WRITES = ("Create", "Delete", "Modify", "Set", "Add", "Remove", "Authorize", "Revoke", "Register", "Deregister")
# Bound to nothing in the documentation either: what they act on carries no tag when it is made.
UNBOUND = {"MakeGroups", "Rules", "Listeners", "TagListeners", "Targets"}


def test_the_load_balancer_controller_writes_only_what_is_tagged_as_its_own(deployment_with: Build) -> None:
    for sid, statement in statements(ROWS["load-balancer-sa"], deployment_with()).items():
        writes = [a for a in statement.actions if a.split(":")[1].startswith(WRITES)]
        if writes and sid not in UNBOUND:
            assert statement.conditions, sid


def test_no_rule_of_the_load_balancer_controller_is_broader_than_the_documented_actions(deployment_with: Build) -> None:
    actions = {a for s in statements(ROWS["load-balancer-sa"], deployment_with()).values() for a in s.actions}
    assert {action.split(":")[0] for action in actions} == {"acm", "ec2", "elasticloadbalancing", "iam", "wafv2"}
    assert {a for a in actions if a.startswith("iam:")} == {"iam:CreateServiceLinkedRole"}


def test_without_a_way_out_the_web_firewall_is_reached_by_its_endpoint(deployment_with: Build) -> None:
    deployment = deployment_with(NOTHING_LEAVES)
    assert "WebFirewall" in statements(ROWS["load-balancer-sa"], deployment)
    assert "wafv2" in services(deployment.vpc)

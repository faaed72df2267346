"""The cluster's own components reach what they need, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.addons.namespaces import NAMESPACES, platform_namespaces
from constructs_lib.addons.policies import network_policies

Build = Callable[..., Deployment]
API = "172.20.0.1/32"
AGENT = "169.254.170.23/32"
CONTROL_PLANE = "10.100.224.0/26"


def named(deployment: Deployment) -> dict[str, dict[str, Any]]:
    return {policy["name"]: policy for policy in network_policies(deployment)}


def targets(policy: dict[str, Any]) -> set[str]:
    return {peer["ipBlock"]["cidr"] for rule in policy["egress"] for peer in rule["to"] if "ipBlock" in peer}


def resolves(policy: dict[str, Any]) -> bool:
    return any(
        peer.get("podSelector") == {"matchLabels": {"k8s-app": "kube-dns"}}
        for rule in policy["egress"]
        for peer in rule["to"]
    )


@pytest.mark.parametrize("endpoints", ["none", "basic_one_az", "basic", "full"])
def test_every_component_reaches_the_api_server_and_resolves_names(deployment_with: Build, endpoints: str) -> None:
    found = named(deployment_with({"deployment:vpc:endpoints": endpoints}))
    assert all(API in targets(policy) for policy in found.values())
    assert all(resolves(policy) for name, policy in found.items() if name != "coredns")


def test_only_those_with_a_role_reach_the_pod_identity_agent(deployment_with: Build) -> None:
    found = named(deployment_with())
    assert {name for name, policy in found.items() if AGENT in targets(policy)} == {
        "aws-load-balancer-controller",
        "ebs-csi-controller",
        "karpenter",
    }


def test_nothing_reaches_instance_metadata(deployment_with: Build) -> None:
    for policy in network_policies(deployment_with()):
        for rule in policy["egress"]:
            for peer in rule["to"]:
                block = peer.get("ipBlock", {})
                assert block.get("cidr") != "169.254.169.254/32"
                assert block.get("cidr") != "0.0.0.0/0" or "169.254.0.0/16" in block["except"]


def test_webhooks_and_api_services_are_open_to_the_control_plane_alone(deployment_with: Build) -> None:
    found = named(deployment_with())
    for name, port in (("aws-load-balancer-controller", 9443), ("metrics-server", 10251)):
        (rule,) = [rule for rule in found[name]["ingress"] if rule["ports"][0]["port"] == port]
        assert rule["from"] == [{"ipBlock": {"cidr": CONTROL_PLANE}}]


def test_dns_answers_every_pod_and_every_node(deployment_with: Build) -> None:
    rule = named(deployment_with())["coredns"]["ingress"][0]
    assert rule["from"] == [{"namespaceSelector": {}}, {"ipBlock": {"cidr": "10.100.0.0/17"}}]


def test_policies_leave_no_pod_of_kube_system_out_by_accident(deployment_with: Build) -> None:
    # An empty selector would close what AWS runs there, too.
    assert all(p["podSelector"].get("matchLabels") for p in network_policies(deployment_with()))


def test_a_component_that_is_off_has_no_namespace(deployment_with: Build) -> None:
    deployment = deployment_with(
        {"deployment:components": {"kyverno": {"enabled": True}, "velero": {"enabled": False}}}
    )
    assert [namespace.name for namespace in platform_namespaces(deployment)] == ["kyverno"]


def test_a_level_below_restricted_says_why() -> None:
    assert not [n.name for n in NAMESPACES.values() if n.pod_security != "restricted" and not n.reason]
